package benchmarks

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	chi "github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httplog/v3"
	"github.com/google/uuid"
	sloghttp "github.com/samber/slog-http"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/tracing"
)

// assembled are stacks of libraries that together make the signals of sligo:
// metrics, a span, a request ID and a line of the access log. The layer for
// metrics is the innermost, because the others copy the request and would hide
// the route from it.
var assembled = []stack{
	{"otelhttp-1pct+slog-http+uuid+promhttp3", layers(otelhttpAt(0.01), uuidIDs, slogHTTP, promhttp3), true},
	{"otelhttp-1pct+slog-http+uuid+go-http-metrics", layers(otelhttpAt(0.01), uuidIDs, slogHTTP, goHTTPMetrics), false},
	{"otelhttp-1pct+httplog+chi+promhttp3", layers(otelhttpAt(0.01), chi.RequestID, httpLog, promhttp3), false},
	{"otelhttp-100pct+slog-http+uuid+promhttp3", layers(otelhttpAt(1), uuidIDs, slogHTTP, promhttp3), false},
	{"otelhttp-100pct+slog-http+uuid+go-http-metrics", layers(otelhttpAt(1), uuidIDs, slogHTTP, goHTTPMetrics), false},
	{"otelhttp-100pct+httplog+chi+promhttp3", layers(otelhttpAt(1), chi.RequestID, httpLog, promhttp3), false},
}

// complete are sligo with all signals, by the share of sampled traces, and with
// the handler of package logging or slog's. At 1 %, package tracing's provider
// tells which spans are not recorded. The row "sdk" and the rows at 100 % use
// the SDK's provider.
var complete = []stack{
	{"sligo-1pct+logging", everything(ownTracing, 0.01, ownHandler), true},
	{"sligo-1pct+logging+sdk", everything(sdkTracing, 0.01, ownHandler), false},
	{"sligo-1pct+JSONHandler", everything(ownTracing, 0.01, jsonHandler), false},
	{"sligo-100pct+logging", everything(sdkTracing, 1, ownHandler), false},
	{"sligo-100pct+JSONHandler", everything(sdkTracing, 1, jsonHandler), false},
}

// layers returns a stack of layers, the outermost first.
func layers(all ...func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		for i := len(all) - 1; i >= 0; i-- {
			next = all[i](next)
		}
		return next
	}
}

// everything wraps a handler with all signals of sligo.
func everything(tracing providers, ratio float64, handler func() slog.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return ours(allSignals(tracing, ratio, handler), availability)(next)
	}
}

// providers makes providers that record a share of the traces.
type providers func(ratio float64) trace.TracerProvider

func allSignals(tracing providers, ratio float64, handler func() slog.Handler) *middleware.Options {
	return &middleware.Options{
		Spans:     &middleware.SpanOptions{TracerProvider: tracing(ratio)},
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(handler())},
	}
}

func ownHandler() slog.Handler {
	h, err := logging.New("users", io.Discard, &logging.Options{Trace: tracing.IDs})
	if err != nil {
		panic(err)
	}
	return h
}

func jsonHandler() slog.Handler { return slog.NewJSONHandler(io.Discard, nil) }

// ownTracing returns package tracing's provider, which records a share of the
// traces and exports them in batches to nowhere.
func ownTracing(ratio float64) trace.TracerProvider {
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Sampling: tracing.Sampling{Root: sdktrace.TraceIDRatioBased(ratio)},
		Exporters: []tracing.Exporter{{Name: "nowhere", New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) {
			return nowhere{}, nil
		}}},
	})
	if err != nil {
		panic(err)
	}
	return p.TracerProvider()
}

// sdkTracing returns the SDK's provider, which records a share of the traces
// and exports them in batches to nowhere.
func sdkTracing(ratio float64) trace.TracerProvider {
	return sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(ratio))),
		sdktrace.WithBatcher(nowhere{}))
}

// nowhere is an exporter that drops all spans.
type nowhere struct{}

func (nowhere) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }

func (nowhere) Shutdown(context.Context) error { return nil }

func otelhttpAt(ratio float64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return otelhttp.NewHandler(next, "users",
			otelhttp.WithTracerProvider(sdkTracing(ratio)),
			otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()),
			otelhttp.WithPropagators(propagation.NewCompositeTextMapPropagator(
				propagation.TraceContext{}, propagation.Baggage{})))
	}
}

func slogHTTP(next http.Handler) http.Handler {
	config := sloghttp.DefaultConfig()
	config.WithUserAgent, config.WithTraceID, config.WithSpanID = true, true, true
	return sloghttp.NewWithConfig(slog.New(jsonHandler()), config)(next)
}

func httpLog(next http.Handler) http.Handler {
	return httplog.RequestLogger(slog.New(jsonHandler()), &httplog.Options{RecoverPanics: true})(next)
}

const requestIDHeader = "X-Request-Id"

type requestIDKey struct{}

// uuidIDs is the middleware for request IDs that many services have. It writes
// the ID to the request as well, where slog-http reads it.
func uuidIDs(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if id == "" {
			id = uuid.NewString()
			r.Header.Set(requestIDHeader, id)
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}
