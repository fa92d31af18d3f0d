package middleware_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// An accounting counts all signals of an instrument. Each function and each
// interface of its options calls fault if it is the named one.
type accounting struct {
	at    string // the faulty one
	fault func()

	started, ended, lines, done atomic.Int64
}

func (a *accounting) call(name string) {
	if a.at == name {
		a.fault()
	}
}

// Its tracer provider and propagator, tracer, carrier, span, handler and error.
type (
	countedTracing struct {
		embedded.TracerProvider
		*accounting
	}
	countedTracer struct {
		embedded.Tracer
		*accounting
	}
	countedCarrier struct{ *accounting }
	countedSpan    struct {
		noop.Span
		*accounting
	}
	countedHandler struct{ *accounting }
	countedError   struct{ *accounting }
)

func (c countedTracing) Tracer(string, ...trace.TracerOption) trace.Tracer {
	return countedTracer{accounting: c.accounting}
}

func (c countedTracer) Start(ctx context.Context, _ string, _ ...trace.SpanStartOption) (context.Context, trace.Span) {
	c.call("Start")
	c.started.Add(1)
	span := &countedSpan{accounting: c.accounting}
	return trace.ContextWithSpan(ctx, span), span
}

func (c countedTracing) Inject(context.Context, propagation.TextMapCarrier) { c.call("Inject") }

func (c countedTracing) Extract(ctx context.Context, _ propagation.TextMapCarrier) context.Context {
	c.call("Extract")
	return ctx
}

func (c countedTracing) Fields() []string { return nil }

func (c countedCarrier) Get(string) string { c.call("carrier.Get"); return "" }
func (c countedCarrier) Set(_, _ string)   { c.call("carrier.Set") }
func (c countedCarrier) Keys() []string    { return nil }

func (s *countedSpan) SpanContext() trace.SpanContext {
	s.call("SpanContext")
	return trace.SpanContext{}
}
func (s *countedSpan) IsRecording() bool                          { s.call("IsRecording"); return true }
func (s *countedSpan) SetName(string)                             { s.call("SetName") }
func (s *countedSpan) SetAttributes(...attribute.KeyValue)        { s.call("SetAttributes") }
func (s *countedSpan) SetStatus(codes.Code, string)               { s.call("SetStatus") }
func (s *countedSpan) AddEvent(string, ...trace.EventOption)      { s.call("AddEvent") }
func (s *countedSpan) End(...trace.SpanEndOption)                 { s.ended.Add(1); s.call("End") }
func (h countedHandler) WithAttrs([]slog.Attr) slog.Handler       { h.call("WithAttrs"); return h }
func (h countedHandler) WithGroup(string) slog.Handler            { return h }
func (h countedHandler) Enabled(context.Context, slog.Level) bool { h.call("Enabled"); return true }

func (h countedHandler) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "Request body" {
		h.lines.Add(1)
	}
	h.call("Handle")
	return nil
}

func (e countedError) Error() string { e.call("Error"); return "no stock" }

// faultyParts are the parts that fault can be in. A part that is not in hooks
// has its own place in accounting.
func faultyParts() []string {
	parts := slices.Collect(maps.Keys(hooks(nil)))
	return append(parts, "Start", "Extract", "Inject", "carrier.Get", "carrier.Set", "SpanContext", "IsRecording", "SetName",
		"SetAttributes", "SetStatus", "AddEvent", "End", "Enabled", "Handle", "WithAttrs", "Error", "Good.Func", "Valid.Func")
}

// instrument returns an instrument with all signals.
func (a *accounting) instrument(t *testing.T) (*middleware.Instrument, *sli.Recorder) {
	t.Helper()
	tracing := countedTracing{accounting: a}
	opts := &middleware.Options{
		Spans:     &middleware.SpanOptions{TracerProvider: tracing, Propagator: tracing},
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(countedHandler{a}), BodyLimit: 100},
		Client:    &middleware.ClientOptions{Lines: true},
	}
	if change := hooks(a.fault)[a.at]; change != nil {
		change(opts)
	}
	hook := opts.Done
	opts.Done = func(r middleware.Record) {
		a.done.Add(1)
		if hook != nil {
			hook(r)
		}
	}
	return newInstrument(t, opts,
		sli.Indicator{Service: "users", Name: "first", Requests: allWork},
		sli.Indicator{
			Service: "users", Name: "functions", Requests: allWork,
			Good:  sli.Condition{Func: func(sli.Event) bool { a.call("Good.Func"); return true }},
			Valid: sli.Condition{Func: func(sli.Event) bool { a.call("Valid.Func"); return true }},
		},
		sli.Indicator{Service: "users", Name: "last", Requests: allWork},
	)
}

// allWork selects each operation of accounting.run.
var allWork = []string{"*", "//other", "import", "publish"}

// run serves a request, sends one, does work, and processes and sends a
// message. Each of them may end its goroutine.
func (a *accounting) run(t *testing.T, in *middleware.Instrument) {
	t.Helper()
	failure := countedError{a}
	for _, work := range []func(){
		func() {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/users", strings.NewReader(`{"id":17}`))
			r.Header.Set("Content-Type", "application/json")
			in.Handler(handle(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.ReadAll(r.Body)
				middleware.SetError(w, failure)
			})).ServeHTTP(httptest.NewRecorder(), r)
		},
		func() {
			transport := in.Transport(roundTripper(func(*http.Request) (*http.Response, error) { return nil, failure }))
			r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://shop/", nil)
			resp, err := transport.RoundTrip(r)
			if err == nil {
				_ = resp.Body.Close()
			}
		},
		func() { _ = in.Do(t.Context(), "import", func(context.Context) error { return failure }) },
		func() {
			info := middleware.CallInfo{Operation: "POST /message", Kind: trace.SpanKindServer, Carrier: countedCarrier{a}}
			in.Begin(t.Context(), info).End(middleware.Result{Err: failure})
		},
		func() {
			info := middleware.CallInfo{Operation: "publish", Kind: trace.SpanKindProducer, Carrier: countedCarrier{a}}
			in.Begin(t.Context(), info).EndError(failure)
		},
	} {
		endedBy(t, work)
	}
}

// callsOfRun is the number of calls of run.
const callsOfRun = 5

// endedBy calls f in a goroutine that f may end. A panic of f fails the test.
func endedBy(t *testing.T, f func()) {
	t.Helper()
	done := make(chan any)
	go func() {
		defer func() { done <- recover() }()
		f()
	}()
	if value := <-done; value != nil {
		t.Errorf("the call panicked: %v", value)
	}
}

// TestEverythingIsAccounted puts a fault into each function and each interface
// that a program gives to an instrument. Whatever they do, each call leaves the
// list of calls in flight, and has its event, its observation, its Done, and
// its line, and its span ends.
func TestEverythingIsAccounted(t *testing.T) {
	for fault, do := range map[string]func(){
		"panics": func() { panic("telemetry") }, "exits": runtime.Goexit, "works": func() {},
	} {
		for _, part := range faultyParts() {
			t.Run(part+" "+fault, func(t *testing.T) {
				a := &accounting{at: part, fault: do}
				in, rec := a.instrument(t)
				a.run(t, in)
				a.check(t, in, rec)
			})
		}
	}
}

func (a *accounting) check(t *testing.T, in *middleware.Instrument, rec *sli.Recorder) {
	t.Helper()
	for _, tally := range rec.Report().Indicators {
		if tally.Counts.Valid != callsOfRun {
			t.Errorf("%s: got %v, %v, want %d events", tally.Name, tally.Counts, tally.Ignored, callsOfRun)
		}
	}
	families := gather(t, in)
	for name, want := range map[string]uint64{
		"http_server_request_duration_seconds": 1, "http_client_request_duration_seconds": 1, "sli_operation_duration_seconds": 3,
	} {
		var got uint64
		for _, m := range families[name].GetMetric() {
			got += m.GetHistogram().GetSampleCount()
		}
		if got != want {
			t.Errorf("%s has %d observations, want %d", name, got, want)
		}
	}
	for _, name := range []string{"http_server_active_requests", "http_client_active_requests"} {
		for _, m := range families[name].GetMetric() {
			if got := m.GetGauge().GetValue(); got != 0 {
				t.Errorf("%s is %v, want 0", name, got)
			}
		}
	}
	if n := middleware.CallsInFlight(in); n != 0 {
		t.Errorf("%d calls are in flight, want 0", n)
	}
	if n := a.done.Load(); n != callsOfRun {
		t.Errorf("Done was called %d times, want %d", n, callsOfRun)
	}
	if started, ended := a.started.Load(), a.ended.Load(); ended < started || started == 0 && a.at != "Start" && a.at != "New" {
		t.Errorf("started %d spans, ended %d", started, ended)
	}
	lost := []string{"Enabled", "WithAttrs", "Error"}
	if n := a.lines.Load(); n != callsOfRun && !slices.Contains(lost, a.at) {
		t.Errorf("got %d lines, want %d", n, callsOfRun)
	}
}
