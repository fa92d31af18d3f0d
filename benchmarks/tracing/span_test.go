package tracing_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// discard is an exporter that accepts all spans and drops them.
type discard struct{}

func (discard) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }
func (discard) Shutdown(context.Context) error                             { return nil }

// start starts tracing for a benchmark.
func start(b *testing.B, sampling tracing.Sampling, exporters ...string) *tracing.Provider {
	b.Helper()
	opts := &tracing.Options{
		Sampling:  sampling,
		Logger:    slog.New(slog.DiscardHandler), // a benchmark fills the queue
		LookupEnv: func(string) (string, bool) { return "", false },
	}
	for _, name := range exporters {
		opts.Exporters = append(opts.Exporters, tracing.Exporter{Name: name, New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) {
			return discard{}, nil
		}})
	}
	tr, err := tracing.Start(b.Context(), "users", opts)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = tr.Shutdown(context.WithoutCancel(b.Context())) })
	return tr
}

var answer = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })

// traced wraps a handler with a server span. It sets attributes only if the
// span is recorded.
func traced(tr *tracing.Provider, next http.Handler) http.Handler {
	tracer, propagator := tr.TracerProvider().Tracer("example.com/users"), tr.Propagator()
	kind := trace.WithSpanKind(trace.SpanKindServer)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := tracer.Start(propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header)), "GET /users/{userid}", kind)
		defer span.End()
		next.ServeHTTP(w, r.WithContext(ctx))
		if span.IsRecording() {
			span.SetAttributes(
				attribute.String("http.request.method", r.Method), attribute.String("http.route", "/users/{userid}"),
				attribute.Int("http.response.status_code", http.StatusOK), attribute.String("url.path", r.URL.Path),
				attribute.String("url.scheme", "http"), attribute.String("server.address", r.Host),
				attribute.String("network.protocol.version", "1.1"), attribute.String("user_agent.original", r.UserAgent()))
		}
	})
}

func viaOtelhttp(b *testing.B, sampler sdktrace.Sampler, next http.Handler) http.Handler {
	provider := sdktrace.NewTracerProvider(sdktrace.WithSampler(sampler), sdktrace.WithBatcher(discard{}))
	b.Cleanup(func() { _ = provider.Shutdown(context.WithoutCancel(b.Context())) })
	return otelhttp.NewHandler(next, "GET /users/{userid}", otelhttp.WithTracerProvider(provider),
		otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()),
		otelhttp.WithPropagators(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})))
}

var latency = sli.Indicator{
	Service: "users", Name: "latency", Kind: sli.KindLatency, Requests: []string{"GET /users/{userid}"},
	Good: sli.Condition{Within: 100 * time.Millisecond},
}

// BenchmarkRequest serves a request whose caller does not trace it.
func BenchmarkRequest(b *testing.B) {
	never, always := tracing.Sampling{Root: sdktrace.NeverSample()}, tracing.Sampling{}
	tail := tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}}
	judged := tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{Indicators: []sli.Indicator{latency}}}
	for _, stack := range []struct {
		name    string
		handler http.Handler
	}{
		{"spans=none/stack=bare", answer},
		{"spans=none/stack=sligo-noop", traced(nil, answer)},
		{"spans=unsampled/stack=sligo", traced(start(b, never, "a"), answer)},
		{"spans=unsampled/stack=otelhttp", viaOtelhttp(b, sdktrace.NeverSample(), answer)},
		{"spans=sampled/stack=sligo", traced(start(b, always, "a"), answer)},
		{"spans=sampled/stack=sligo-2-exporters", traced(start(b, always, "a", "b"), answer)},
		{"spans=sampled/stack=otelhttp", viaOtelhttp(b, sdktrace.AlwaysSample(), answer)},
		{"spans=tail/stack=sligo", traced(start(b, tail, "a"), answer)},
		{"spans=tail/stack=sligo-judged", traced(start(b, judged, "a"), answer)},
	} {
		b.Run(stack.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/users/lora", nil)
			r.Header.Set("User-Agent", "benchmark")
			w := httptest.NewRecorder()
			b.ReportAllocs()
			for b.Loop() {
				stack.handler.ServeHTTP(w, r)
			}
		})
	}
}

// BenchmarkSpan starts and ends a child of a sampled span.
func BenchmarkSpan(b *testing.B) {
	sdk := sdktrace.NewTracerProvider(sdktrace.WithBatcher(discard{}))
	b.Cleanup(func() { _ = sdk.Shutdown(context.WithoutCancel(b.Context())) })
	for _, stack := range []struct {
		name     string
		provider trace.TracerProvider
	}{
		{"stack=sdk", sdk},
		{"stack=sligo", start(b, tracing.Sampling{}, "a").TracerProvider()},
		{"stack=sligo-2-exporters", start(b, tracing.Sampling{}, "a", "b").TracerProvider()},
	} {
		tracer := stack.provider.Tracer("example.com/users")
		ctx, parent := tracer.Start(b.Context(), "request")
		b.Run("mode=serial/"+stack.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, span := tracer.Start(ctx, "load")
				span.End()
			}
		})
		b.Run("mode=parallel/"+stack.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_, span := tracer.Start(ctx, "load")
					span.End()
				}
			})
		})
		parent.End()
	}
}

// BenchmarkPropagation reads and writes the headers of a request.
func BenchmarkPropagation(b *testing.B) {
	ours, err := tracing.NewPropagator(nil)
	if err != nil {
		b.Fatal(err)
	}
	w3c := propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
	header := http.Header{"Traceparent": {"00-11111111111111111111111111111111-1111111111111111-01"}, "X-Request-Id": {"abc-123"}}
	for _, stack := range []struct {
		name string
		propagation.TextMapPropagator
	}{{"stack=w3c", w3c}, {"stack=sligo", ours}} {
		b.Run("direction=extract/"+stack.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				stack.Extract(b.Context(), propagation.HeaderCarrier(header))
			}
		})
		b.Run("direction=extract-nothing/"+stack.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				stack.Extract(b.Context(), propagation.HeaderCarrier{})
			}
		})
		b.Run("direction=inject/"+stack.name, func(b *testing.B) {
			ctx, out := ours.Extract(b.Context(), propagation.HeaderCarrier(header)), make(http.Header)
			b.ReportAllocs()
			for b.Loop() {
				clear(out)
				stack.Inject(ctx, propagation.HeaderCarrier(out))
			}
		})
	}
}
