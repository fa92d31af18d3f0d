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

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/logging/logroute"
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
	if got := stats.Sinks["tracker"]; got.Accepted != 2 || got.Written != 2 {
		t.Errorf("tracker: %+v", got)
	}
	if got := stats.Sinks["errors"]; got.Accepted != 1 || got.Written != 1 {
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
	if c := r.Stats().Sinks["bad"]; c.Accepted != n || c.Written != 0 || c.Dropped() != n {
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
	_, err := logroute.New("my-app", []logroute.Route{
		{Name: "a"}, {Name: "a", Writer: io.Discard, Handler: slog.DiscardHandler}, {Writer: io.Discard, Queue: -1, Match: logging.Match{Status: []string{"x"}}},
	}, nil)
	for _, want := range []string{`routes[0] "a": want either`, `routes[1] "a": Name is empty or used twice`, `routes[1] "a": want either`, `routes[2] "": Name`, "Queue is -1", `"x"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	if _, err := logroute.New("my-app", nil, nil); err == nil {
		t.Error("New takes no routes")
	}
	if _, err := logroute.New("", []logroute.Route{{Name: "a", Writer: io.Discard}}, nil); err == nil {
		t.Error("New takes no application")
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
