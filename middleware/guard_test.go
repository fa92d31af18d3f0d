package middleware_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sligo-go/sligo/middleware"
)

// faultyTracing is a tracer provider, a tracer and a propagator that have one
// fault.
type faultyTracing struct {
	embedded.TracerProvider
	start, extract func(context.Context) (context.Context, trace.Span)
	inject         func()
}

func (f faultyTracing) Tracer(string, ...trace.TracerOption) trace.Tracer { return tracerOf{f: f} }

type tracerOf struct {
	embedded.Tracer
	f faultyTracing
}

func (t tracerOf) Start(ctx context.Context, _ string, _ ...trace.SpanStartOption) (context.Context, trace.Span) {
	return t.f.start(ctx)
}

func (f faultyTracing) Inject(context.Context, propagation.TextMapCarrier) { f.inject() }

func (f faultyTracing) Extract(ctx context.Context, _ propagation.TextMapCarrier) context.Context {
	ctx, _ = f.extract(ctx)
	return ctx
}

func (faultyTracing) Fields() []string { return nil }

// faultySpan panics in the methods that are not nil.
type faultySpan struct {
	noop.Span
	at string
}

func (s *faultySpan) panicAt(method string) {
	if s.at == method {
		panic(method)
	}
}

func (s *faultySpan) SpanContext() trace.SpanContext {
	s.panicAt("SpanContext")
	return trace.SpanContext{}
}

func (s *faultySpan) IsRecording() bool {
	s.panicAt("IsRecording")
	return true
}

func (s *faultySpan) SetName(string)                        { s.panicAt("SetName") }
func (s *faultySpan) SetAttributes(...attribute.KeyValue)   { s.panicAt("SetAttributes") }
func (s *faultySpan) End(...trace.SpanEndOption)            { s.panicAt("End") }
func (s *faultySpan) AddEvent(string, ...trace.EventOption) { s.panicAt("AddEvent") }

// faultyHandler is a slog handler that panics in one method.
type faultyHandler struct{ at string }

func (h faultyHandler) panicAt(method string) {
	if h.at == method {
		panic(method)
	}
}

func (h faultyHandler) Enabled(context.Context, slog.Level) bool {
	h.panicAt("Enabled")
	return true
}

func (h faultyHandler) Handle(context.Context, slog.Record) error {
	h.panicAt("Handle")
	return nil
}

func (h faultyHandler) WithAttrs([]slog.Attr) slog.Handler {
	h.panicAt("WithAttrs")
	if h.at == "nil" {
		return nil
	}
	return h
}

func (h faultyHandler) WithGroup(string) slog.Handler { return h }

// faults are changes of the options that put one fault into the telemetry.
func faults() map[string]func(*middleware.Options) {
	all := make(map[string]func(*middleware.Options))
	pass := func(ctx context.Context) (context.Context, trace.Span) { return ctx, noop.Span{} }
	spans := func(name string, change func(*faultyTracing)) {
		all[name] = func(o *middleware.Options) {
			f := faultyTracing{start: pass, extract: pass, inject: func() {}}
			change(&f)
			o.Spans.TracerProvider, o.Spans.Propagator = f, f
		}
	}
	fails := func(context.Context) (context.Context, trace.Span) { panic("telemetry") }
	spans("Start panics", func(f *faultyTracing) { f.start = fails })
	spans("Extract panics", func(f *faultyTracing) { f.extract = fails })
	spans("Inject panics", func(f *faultyTracing) { f.inject = func() { panic("telemetry") } })
	for name, result := range map[string]func(context.Context) (context.Context, trace.Span){
		"no span":         func(ctx context.Context) (context.Context, trace.Span) { return ctx, nil },
		"a nil pointer":   func(ctx context.Context) (context.Context, trace.Span) { return ctx, (*faultySpan)(nil) },
		"no context":      func(context.Context) (context.Context, trace.Span) { return nil, noop.Span{} },
		"nothing":         func(context.Context) (context.Context, trace.Span) { return nil, nil },
		"another context": func(context.Context) (context.Context, trace.Span) { return context.Background(), noop.Span{} },
	} {
		spans("Start returns "+name, func(f *faultyTracing) { f.start = result })
	}
	spans("Extract returns no context", func(f *faultyTracing) {
		f.extract = func(context.Context) (context.Context, trace.Span) { return nil, nil }
	})
	for _, at := range []string{"SpanContext", "IsRecording", "SetName", "SetAttributes", "End", "AddEvent"} {
		spans("span's "+at+" panics", func(f *faultyTracing) {
			f.start = func(ctx context.Context) (context.Context, trace.Span) {
				span := &faultySpan{at: at}
				return trace.ContextWithSpan(ctx, span), span
			}
		})
	}
	for _, at := range []string{"Enabled", "Handle", "WithAttrs", "nil"} {
		all["logger's "+at+" panics"] = func(o *middleware.Options) {
			o.AccessLog.Logger = slog.New(faultyHandler{at})
			o.Logger = o.AccessLog.Logger
		}
	}
	for name, change := range hooks(func() { panic("hook") }) {
		all[name+" panics"] = change
	}
	return all
}

// hooks returns, for each function in the options, a change that makes it
// call do.
func hooks(do func()) map[string]func(*middleware.Options) {
	return map[string]func(*middleware.Options){
		"Sampling": func(o *middleware.Options) {
			o.Spans.Sampling = func(*http.Request) []attribute.KeyValue { do(); return nil }
		},
		"Name": func(o *middleware.Options) {
			o.Spans.Name = func(middleware.Record) string { do(); return "" }
		},
		"Attributes": func(o *middleware.Options) {
			o.Spans.Attributes = func(middleware.Record) []attribute.KeyValue { do(); return nil }
		},
		"Spans.Public": func(o *middleware.Options) {
			o.Spans.Public = func(*http.Request) bool { do(); return false }
		},
		"RequestID.Public": func(o *middleware.Options) {
			o.RequestID.Public = func(*http.Request) bool { do(); return false }
		},
		"New": func(o *middleware.Options) {
			o.RequestID.New = func() string { do(); return "" }
		},
		"Level": func(o *middleware.Options) {
			o.AccessLog.Level = func(middleware.Record) slog.Level { do(); return 0 }
		},
		"Rate": func(o *middleware.Options) {
			o.AccessLog.Rate = func(middleware.Record) float64 { do(); return 1 }
		},
		"Omit": func(o *middleware.Options) {
			o.Omit = func(*http.Request) middleware.Signal { do(); return 0 }
		},
		"Client.Omit": func(o *middleware.Options) {
			o.Client.Omit = func(*http.Request) middleware.Signal { do(); return 0 }
		},
		"Client.Group": func(o *middleware.Options) {
			o.Client.Group = func(*http.Request) string { do(); return "" }
		},
		"Group": func(o *middleware.Options) {
			o.Group = func(*http.Request) string { do(); return "" }
		},
		"Classify": func(o *middleware.Options) {
			o.Classify = func(context.Context, error) middleware.Result { do(); return middleware.Result{} }
		},
		"Done": func(o *middleware.Options) {
			o.Done = func(middleware.Record) { do() }
		},
	}
}

// TestFaultyTelemetry serves a request, sends one and does other work with
// faulty telemetry. The service must not notice it, and the event counts.
func TestFaultyTelemetry(t *testing.T) {
	for name, change := range faults() {
		t.Run(name, func(t *testing.T) {
			o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) {
				opts.AccessLog.BodyLimit = 100
				opts.Client = &middleware.ClientOptions{Lines: true}
				change(opts)
			})
			var value any
			server := quietServer(t, o.in.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				value = r.Context().Value(http.ServerContextKey)
				body, _ := io.ReadAll(r.Body)
				middleware.SetError(w, errChangedMind)
				_, _ = w.Write(body)
			})))
			sender := http.Client{Transport: o.in.Transport(server.Client().Transport)}
			resp, err := sender.Post(server.URL, "application/json", strings.NewReader(`{"id":17}`))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			if body, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 || string(body) != `{"id":17}` {
				t.Errorf("got %d %q", resp.StatusCode, body)
			}
			if value == nil && name != "Start returns another context" {
				t.Error("the handler's context is not the server's")
			}
			if err := o.in.Do(t.Context(), "import", func(context.Context) error { return errChangedMind }); err != errChangedMind { //nolint:errorlint // the same one
				t.Errorf("Do returns %v", err)
			}
			c := o.in.Begin(t.Context(), middleware.CallInfo{Kind: trace.SpanKindConsumer, Carrier: faultyCarrier{}})
			c.End(middleware.Result{})
			c = o.in.Begin(t.Context(), middleware.CallInfo{Kind: trace.SpanKindProducer, Carrier: faultyCarrier{}})
			c.End(middleware.Result{})
			server.Close()
			if got, _ := o.rec.Counts("availability"); got.Valid < 1 {
				t.Errorf("counted %v, want a bad event", got)
			}
			if status, _ := onlySeries(t, o.in); status != "200" {
				t.Errorf("counted %s, want 200", status)
			}
		})
	}
}

// faultyCarrier panics in each method.
type faultyCarrier struct{ propagation.TextMapCarrier }

// TestFaultyProviders checks that New reports telemetry that can never work.
func TestFaultyProviders(t *testing.T) {
	for want, opts := range map[string]*middleware.Options{
		"Spans.TracerProvider: tracer provider is nil":                 {Spans: &middleware.SpanOptions{TracerProvider: (*sdktrace.TracerProvider)(nil)}},
		"Spans.TracerProvider: cannot make a tracer: panic: no tracer": {Spans: &middleware.SpanOptions{TracerProvider: tracersOf{make: func() trace.Tracer { panic("no tracer") }}}},
		"Spans.TracerProvider: tracer provider returns no tracer":      {Spans: &middleware.SpanOptions{TracerProvider: tracersOf{make: func() trace.Tracer { return nil }}}},
		"Spans.Propagator: propagator is a nil pointer":                {Spans: &middleware.SpanOptions{TracerProvider: noop.NewTracerProvider(), Propagator: (*faultyTracing)(nil)}},
		"AccessLog.Logger: logger is nil":                              {AccessLog: &middleware.LogOptions{}},
		"AccessLog.Logger: logger has no handler":                      {AccessLog: &middleware.LogOptions{Logger: new(slog.Logger)}},
	} {
		if _, err := middleware.New(nil, opts); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// tracersOf is a tracer provider that calls make.
type tracersOf struct {
	embedded.TracerProvider
	make func() trace.Tracer
}

func (p tracersOf) Tracer(string, ...trace.TracerOption) trace.Tracer { return p.make() }
