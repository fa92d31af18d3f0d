package logroute_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/logging/logroute"
	"github.com/sligo-go/sligo/telemetry"
)

// A sink is a buffer for several goroutines.
type sink struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

var byPurpose = []string{"all", "errors", "audit", "tracker"}

// purposes returns a router as a service has it, and the sinks of its routes.
func purposes(t testing.TB, opts *logging.Options) (*logroute.Router, map[string]*sink) {
	t.Helper()
	sinks := make(map[string]*sink)
	for _, name := range byPurpose {
		sinks[name] = new(sink)
	}
	r, err := logroute.New("my-app", []logroute.Route{
		{Name: "all", Writer: delivery.NewDirect(sinks["all"], nil)},
		{Name: "errors", Writer: sinks["errors"], Match: logging.Match{MinLevel: slog.LevelError}},
		{Name: "audit", Writer: sinks["audit"], Match: logging.Match{Fields: map[string]string{"audit": "true"}}},
		{Name: "tracker", Handler: slog.NewJSONHandler(sinks["tracker"], nil), Match: logging.Match{Status: []string{"5xx"}}},
	}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r, sinks
}

func TestRoutesByPurpose(t *testing.T) {
	r, sinks := purposes(t, nil)
	l := slog.New(r)
	l.Info("started")
	l.With("audit", true).Info("role granted")
	l.Error("failed", "response_code", 502)
	l.With("response_code", 503).Warn("unavailable")
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
	want := map[string]string{"all": "started,role granted,failed,unavailable", "errors": "failed", "audit": "role granted", "tracker": "failed,unavailable"}
	for name, s := range sinks {
		if got := strings.Join(messages(t, s.String()), ","); got != want[name] {
			t.Errorf("%s got %q, want %q", name, got, want[name])
		}
	}
	stats := r.Stats()
	if got := stats.Sinks["tracker"]; got.Accepted() != 2 || got.Done != 2 {
		t.Errorf("tracker: %+v", got)
	}
	if got := stats.Sinks["errors"]; got.Accepted() != 1 || got.Done != 1 {
		t.Errorf("errors: %+v", got)
	}
}

func messages(t testing.TB, text string) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(text) {
		var l struct{ Message, Msg string }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		out = append(out, l.Message+l.Msg)
	}
	return out
}

// TestCanariesThroughEveryRoute logs the canaries where all four routes take them.
func TestCanariesThroughEveryRoute(t *testing.T) {
	for _, c := range canary.Cases() {
		r, sinks := purposes(t, nil)
		c.Log(slog.New(everyRoute{r}))
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
		for name, s := range sinks {
			t.Run(name+" "+c.ID, func(t *testing.T) {
				for _, p := range c.Problems([]byte(s.String())) {
					t.Error(p)
				}
			})
		}
	}
}

// everyRoute makes each record one that all routes take.
type everyRoute struct{ slog.Handler }

func (e everyRoute) Handle(ctx context.Context, r slog.Record) error {
	r.Level = slog.LevelError
	ctx = logging.With(ctx, slog.Bool("audit", true), slog.Int("response_code", 500))
	return e.Handler.Handle(ctx, r)
}
func (e everyRoute) WithAttrs(a []slog.Attr) slog.Handler { return everyRoute{e.Handler.WithAttrs(a)} }
func (e everyRoute) WithGroup(n string) slog.Handler      { return everyRoute{e.Handler.WithGroup(n)} }

func TestSlogtestThroughEveryRoute(t *testing.T) {
	for _, kind := range []string{"writer", "handler", "two handlers"} {
		t.Run(kind, func(t *testing.T) {
			var s *sink
			var r *logroute.Router
			slogtest.Run(t, func(t *testing.T) slog.Handler {
				s = new(sink)
				routes := []logroute.Route{{Name: "a", Writer: s}}
				if kind != "writer" {
					routes = []logroute.Route{{Name: "a", Handler: slog.NewJSONHandler(s, nil)}}
				}
				if kind == "two handlers" {
					routes = append(routes, logroute.Route{Name: "b", Handler: slog.DiscardHandler})
				}
				var err error
				if r, err = logroute.New("my-app", routes, nil); err != nil {
					t.Fatal(err)
				}
				return r
			}, func(t *testing.T) map[string]any {
				if err := r.Close(context.Background()); err != nil {
					t.Error(err)
				}
				return standard(t, s.String())
			})
		})
	}
}

// standard maps a line to the names of slog.
func standard(t testing.TB, line string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	for from, to := range map[string]string{"timestamp": slog.TimeKey, "message": slog.MessageKey} {
		if v, ok := m[from]; ok {
			m[to] = v
		}
	}
	if info, ok := m["additional_info"].(map[string]any); ok {
		for k, v := range info {
			m[k] = v
		}
	}
	return m
}

func TestIdentityReachesHandlers(t *testing.T) {
	r, sinks := purposes(t, &logging.Options{Trace: func(context.Context) ([16]byte, [8]byte, bool) { return [16]byte{15: 1}, [8]byte{7: 2}, true }})
	ctx := logging.With(logging.WithRequest(context.Background(), "abc-123"), slog.String("team", "orders"))
	logging.SetUser(ctx, "12345")
	slog.New(r).With("response_code", 500).WithGroup("g").InfoContext(ctx, "m", "k", "v")
	if err := r.Close(ctx); err != nil {
		t.Error(err)
	}
	got := sinks["tracker"].String()
	for _, want := range []string{`"application":"my-app"`, `"request_id":"abc-123"`, `"user_id":"12345"`, `"team":"orders"`,
		`"trace_id":"00000000000000000000000000000001"`, `"span_id":"0000000000000002"`, `"g":{"k":"v"}`} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
}

// A bad sink hangs, fails or panics, as a writer and as a handler.
type bad struct {
	slog.Handler
	do func() error
}

func (b bad) Write([]byte) (int, error)                 { return 0, b.do() }
func (b bad) Handle(context.Context, slog.Record) error { return b.do() }
func (b bad) Enabled(context.Context, slog.Level) bool  { return true }
func (b bad) WithAttrs([]slog.Attr) slog.Handler        { return b }
func (b bad) WithGroup(string) slog.Handler             { return b }
func brokenSink() error                                 { return errors.New("broken") }
func panickingSink() error                              { panic("sink") }
func hangingSink(until <-chan struct{}) func() error {
	return func() error { <-until; return errors.New("late") }
}

func TestBadRouteDoesNotTouchOthers(t *testing.T) {
	for _, kind := range []string{"hangs", "fails", "panics"} {
		for _, as := range []string{"writer", "handler"} {
			t.Run(as+" "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { badRoute(t, kind, as) })
			})
		}
	}
}

func badRoute(t *testing.T, kind, as string) {
	until := make(chan struct{})
	b := bad{slog.DiscardHandler, map[string]func() error{"hangs": hangingSink(until), "fails": brokenSink, "panics": panickingSink}[kind]}
	route := logroute.Route{Name: "bad", Writer: b}
	if as == "handler" {
		route = logroute.Route{Name: "bad", Handler: b, Queue: 100}
	}
	var good, other sink
	r, err := logroute.New("my-app", []logroute.Route{route, {Name: "good", Writer: delivery.NewDirect(&good, nil)},
		{Name: "other", Handler: slog.NewJSONHandler(&other, nil), Queue: 10_000}}, &logging.Options{OnError: func(error) {}})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	l := slog.New(r)
	const n = 5000
	for range n {
		l.Error("m", "k", strings.Repeat("x", 100))
	}
	if took := time.Since(start); took != 0 { // the bubble's clock moves only when all wait
		t.Errorf("logging waited %v", took)
	}
	if got := strings.Count(good.String(), "\n"); got != n {
		t.Errorf("the good route got %d of %d lines", got, n)
	}
	close(until)
	if err := r.Close(context.Background()); err == nil {
		t.Error("Close() = nil though the bad route lost lines")
	}
	if got := strings.Count(other.String(), "\n"); got != n {
		t.Errorf("the other handler got %d of %d records", got, n)
	}
	if c := r.Stats().Sinks["bad"]; c.Accepted() != n || c.Done != 0 || c.Lost() != n {
		t.Errorf("the bad route: %+v; want all %d dropped", c, n)
	}
}

// A witness notes whether the context of a record is cancelled.
type witness struct {
	slog.Handler
	err chan error
}

func (w witness) Handle(ctx context.Context, _ slog.Record) error {
	w.err <- ctx.Err()
	return nil
}

func (w witness) WithAttrs([]slog.Attr) slog.Handler { return w }

func TestContextOutlivesTheRequest(t *testing.T) {
	w := witness{slog.NewTextHandler(io.Discard, nil), make(chan error, 1)}
	r, err := logroute.New("my-app", []logroute.Route{{Name: "a", Handler: w}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	slog.New(r).InfoContext(ctx, "m")
	if err := <-w.err; err != nil {
		t.Errorf("the handler's context says %v", err)
	}
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestExclusionHoldsForAllRoutes(t *testing.T) {
	r, sinks := purposes(t, &logging.Options{Exclude: []logging.Exclusion{{Name: "health", Match: logging.Match{Routes: []string{"/healthz"}}}}})
	slog.New(r).Info("probe", "endpoint", "/healthz", "audit", true, "response_code", 500)
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
	for name, s := range sinks {
		if got := s.String(); got != "" {
			t.Errorf("%s got %s", name, got)
		}
	}
	if got := r.Stats().Excluded["health"]; got != 1 {
		t.Errorf("excluded %d, want 1", got)
	}
}

func TestNewReportsEveryMistake(t *testing.T) {
	one := []logroute.Route{{Name: "a", Writer: io.Discard}}
	sink := logging.Sink{Name: "a", Writer: io.Discard}
	for _, tt := range []struct {
		name, application string
		routes            []logroute.Route
		opts              *logging.Options
		want              []string // parts of the error, none for no error
	}{
		{"valid", "my-app", one, nil, nil},
		{"a sink named main", "my-app", one, &logging.Options{Sinks: []logging.Sink{{Name: "main", Writer: io.Discard}}}, nil},
		{"no routes", "my-app", nil, nil, []string{"routes: want at least one route"}},
		{"all at once", "", []logroute.Route{
			{Name: "a"},
			{Name: "a", Writer: io.Discard, Handler: slog.DiscardHandler},
			{Writer: io.Discard, Queue: -1, Match: logging.Match{Status: []string{"x"}}},
		}, &logging.Options{Observers: []logging.Observer{nil}}, []string{
			"routes[0]: want either Writer or Handler",
			`routes[1].Name: duplicate name "a"`,
			"routes[1]: want either Writer or Handler",
			"routes[2].Name: name is empty",
			"routes[2].Match",
			"routes[2].Queue: invalid length -1: want 0 or more",
			"application",
			"Observers[0]",
		}},
		{"the name of a sink", "my-app", one, &logging.Options{Sinks: []logging.Sink{sink}}, []string{`routes[0].Name: duplicate name "a"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := logroute.New(tt.application, tt.routes, tt.opts)
			if err == nil {
				err = r.Close(t.Context())
			}
			if (err != nil) != (tt.want != nil) {
				t.Errorf("got %v", err)
			}
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not contain %q:\n%v", want, err)
				}
			}
		})
	}
}

// TestLossErrorsNameTheirRoute checks that Close reports each route that lost
// records or lines by its name.
func TestLossErrorsNameTheirRoute(t *testing.T) {
	broken := bad{slog.DiscardHandler, brokenSink}
	r, err := logroute.New("my-app", []logroute.Route{
		{Name: "writer", Writer: broken}, {Name: "handler", Handler: broken}, {Name: "good", Writer: io.Discard},
	}, &logging.Options{OnError: func(error) {}})
	if err != nil {
		t.Fatal(err)
	}
	slog.New(r).Info("m")
	err = r.Close(t.Context())
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("Close() = %v, want joined errors", err)
	}
	var got []telemetry.LossError
	for _, err := range joined.Unwrap() {
		var loss *telemetry.LossError
		if !errors.As(err, &loss) {
			t.Fatalf("got %T, want a *telemetry.LossError", err)
		}
		if loss.Err == nil || !strings.Contains(loss.Err.Error(), "broken") {
			t.Errorf("%s: the cause is %v, want the sink's error", loss.Name, loss.Err)
		}
		got = append(got, telemetry.LossError{Name: loss.Name, Items: loss.Items, Counts: loss.Counts})
	}
	want := []telemetry.LossError{
		{Name: "writer", Items: "lines", Counts: telemetry.Counts{Failed: 1}},
		{Name: "handler", Items: "records", Counts: telemetry.Counts{Failed: 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRecordsAfterCloseAreDropped(t *testing.T) {
	r, err := logroute.New("my-app", []logroute.Route{{Name: "a", Handler: slog.NewTextHandler(io.Discard, nil)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	rec := slog.NewRecord(time.Now(), slog.LevelInfo, "late", 0)
	if err := r.Handle(t.Context(), rec); err == nil {
		t.Error("Handle() = nil after Close")
	}
	if got, want := r.Stats().Sinks["a"], (telemetry.Counts{Dropped: 1}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func ExampleNew() {
	var all, errs sink
	router, err := logroute.New("my-app", []logroute.Route{
		{Name: "all", Writer: &all},
		{Name: "errors", Writer: &errs, Match: logging.Match{MinLevel: slog.LevelError}},
	}, &logging.Options{NoStackTrace: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	l := slog.New(router)
	l.Info("started")
	l.Error("failed")
	if err := router.Close(context.Background()); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Count(all.String(), "\n"), strings.Count(errs.String(), "\n"))
	// Output: 2 1
}
