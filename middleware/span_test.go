package middleware_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

const (
	callersTrace = "0af7651916cd43dd8448eb211c80319c"
	callersSpan  = "b7ad6b7169203331"
)

func fromCaller(r *http.Request) {
	r.Header.Set("Traceparent", "00-"+callersTrace+"-"+callersSpan+"-01")
	r.Header.Set("Baggage", "tenant=gold")
}

func TestCallersSpan(t *testing.T) {
	for name, c := range map[string]struct {
		public func(*http.Request) bool
		parent bool
	}{
		"a trusted caller":   {nil, true},
		"no stranger":        {func(*http.Request) bool { return false }, true},
		"a stranger":         {func(*http.Request) bool { return true }, false},
		"a panic in Public":  {func(*http.Request) bool { panic("no") }, false},
		"a stranger by path": {func(r *http.Request) bool { return r.URL.Path == "/users/Lora" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) { opts.Spans.Public = c.public })
			var tenant string
			o.serve(getUser(fromCaller), func(_ http.ResponseWriter, r *http.Request) {
				tenant = baggage.FromContext(r.Context()).Member("tenant").Value()
			})
			span := o.spans.Ended()[0]
			if got := span.Parent().SpanID().String() == callersSpan && tenant == "gold"; got != c.parent {
				t.Errorf("got parent %v and baggage %q, want the caller's: %t", span.Parent(), tenant, c.parent)
			}
			linked := len(span.Links()) == 1 && span.Links()[0].SpanContext.SpanID().String() == callersSpan
			if linked == c.parent || !c.parent && (span.SpanContext().TraceID().String() == callersTrace || tenant != "") {
				t.Errorf("got links %v, trace %v and baggage %q", span.Links(), span.SpanContext().TraceID(), tenant)
			}
		})
	}
}

// seeing samples every span and keeps the attributes that it saw.
type seeing struct{ attributes *[]attribute.KeyValue }

func (s seeing) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	*s.attributes = slices.Clone(p.Attributes)
	return sdktrace.AlwaysSample().ShouldSample(p)
}

func (s seeing) Description() string { return "seeing" }

func TestSpanHooks(t *testing.T) {
	for _, broken := range []bool{false, true} {
		check := func() {
			if broken {
				panic("no")
			}
		}
		var sampled []attribute.KeyValue
		o := observe(t, seeing{&sampled}, func(opts *middleware.Options) {
			opts.Spans.Sampling = func(r *http.Request) []attribute.KeyValue {
				check()
				return []attribute.KeyValue{attribute.String("shop.path", r.URL.Path)}
			}
			opts.Spans.Name = func(r middleware.Record) string {
				check()
				return "page " + r.Route
			}
			opts.Spans.Attributes = func(r middleware.Record) []attribute.KeyValue {
				check()
				return []attribute.KeyValue{attribute.Int("shop.status", r.Status)}
			}
		})
		o.serve(getUser(nil), func(http.ResponseWriter, *http.Request) {})
		span := o.spans.Ended()[0]
		got := []any{span.Name(), len(sampled), attributesOf(span)["shop.path"], attributesOf(span)["shop.status"]}
		want := []any{"page /users/{userid}", 1, "/users/Lora", int64(200)}
		if broken {
			want = []any{"GET /users/{userid}", 0, nil, nil}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("broken %t: name and attributes (-want +got):\n%s", broken, diff)
		}
	}
}

// TestTailKeepsBadEvents serves a request that is good by its status but too
// slow, in a trace that is not sampled.
func TestTailKeepsBadEvents(t *testing.T) {
	kept := tracetest.NewInMemoryExporter()
	p, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{{Name: "kept", New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) { return keeping{kept}, nil }}},
		Sampling:  tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}},
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	fast := sli.Indicator{Service: "users", Name: "fast", Good: sli.Condition{Within: 20 * time.Millisecond}}
	in, rec := newInstrument(t, &middleware.Options{
		Spans: &middleware.SpanOptions{TracerProvider: p.TracerProvider(), Propagator: p.Propagator()},
	}, fast)
	o := &observatory{in: in, rec: rec}
	for _, took := range []time.Duration{0, 40 * time.Millisecond, 0} {
		o.serve(getUser(nil), func(http.ResponseWriter, *http.Request) { time.Sleep(took) })
	}
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	spans := kept.GetSpans()
	if len(spans) != 1 || spans[0].Name != "GET /users/{userid}" {
		t.Errorf("got spans %v, want the slow one", spans)
	}
}

// keeping keeps its spans after Shutdown.
type keeping struct{ *tracetest.InMemoryExporter }

func (keeping) Shutdown(context.Context) error { return nil }

// TestPropagatorOfTracing joins a B3 trace, which only package tracing's
// propagator reads.
func TestPropagatorOfTracing(t *testing.T) {
	propagator, err := tracing.NewPropagator(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []propagation.TextMapPropagator{nil, propagator} {
		o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) { opts.Spans.Propagator = p })
		o.serve(getUser(func(r *http.Request) {
			r.Header.Set("X-B3-Traceid", callersTrace)
			r.Header.Set("X-B3-Spanid", callersSpan)
			r.Header.Set("X-B3-Sampled", "1")
		}), func(http.ResponseWriter, *http.Request) {})
		if got := o.spans.Ended()[0].Parent().SpanID().String() == callersSpan; got != (p != nil) {
			t.Errorf("with the propagator %T: joined the trace %t", p, got)
		}
	}
}
