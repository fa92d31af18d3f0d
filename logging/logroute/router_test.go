package logroute_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/logging/logroute"
	"github.com/sligo-go/sligo/telemetry"
)

// A sink is a buffer that several goroutines can use.
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

// purposes returns a typical router and the sinks of its routes.
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
		{Name: "tracker", Handler: canary.NewJSONHandler(sinks["tracker"]), Match: logging.Match{Status: []string{"5xx"}}},
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
		t.Errorf("tracker: %v, want 2 accepted and done", got)
	}
	if got := stats.Sinks["errors"]; got.Accepted() != 1 || got.Done != 1 {
		t.Errorf("errors: %v, want 1 accepted and done", got)
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

// TestCanariesThroughEveryRoute logs the canaries through all four routes.
func TestCanariesThroughEveryRoute(t *testing.T) {
	for _, c := range canary.Cases() {
		r, sinks := purposes(t, nil)
		c.Log(slog.New(everyRoute{r}))
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
		for name, s := range sinks {
			t.Run(name+" "+c.ID, func(t *testing.T) {
				if err := c.Check([]byte(s.String())); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// everyRoute changes each record so that all routes match it.
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

// standard returns the fields of a line under the names of slog.
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
			t.Errorf("the line does not contain %s: %s", want, got)
		}
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
			t.Errorf("%s got %s, want nothing", name, got)
		}
	}
	if got := r.Stats().Excluded["health"]; got != 1 {
		t.Errorf("excluded %d, want 1", got)
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
