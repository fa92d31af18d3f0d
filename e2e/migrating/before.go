package migrating

import (
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	sloghttp "github.com/samber/slog-http"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Before instruments a handler with otelhttp, slog-http and promhttp.
func Before(next http.Handler, spans trace.TracerProvider, log *slog.Logger, reg prometheus.Registerer) http.Handler {
	labels := []string{"code", "method", "route"}
	inFlight := prometheus.NewGauge(prometheus.GaugeOpts{Name: "http_requests_in_flight"})
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "http_requests_total"}, labels)
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "http_request_duration_seconds"}, labels)
	reg.MustRegister(inFlight, requests, duration)

	route := promhttp.WithLabelFromRequest("route", func(r *http.Request) string { return r.Pattern })
	next = promhttp.InstrumentHandlerCounter(requests, next, route)
	next = promhttp.InstrumentHandlerDuration(duration, next, route)
	next = promhttp.InstrumentHandlerInFlight(inFlight, next)
	next = sloghttp.New(log)(next)
	return otelhttp.NewHandler(next, "users", otelhttp.WithTracerProvider(spans),
		otelhttp.WithPropagators(propagation.TraceContext{}), otelhttp.WithMeterProvider(noop.NewMeterProvider()))
}
