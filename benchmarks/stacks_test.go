package benchmarks

import (
	"net/http"
	"time"

	chi "github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	ghmprom "github.com/slok/go-http-metrics/metrics/prometheus"
	ghm "github.com/slok/go-http-metrics/middleware"
	ghmstd "github.com/slok/go-http-metrics/middleware/std"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// stack is one way to instrument the mux.
type stack struct {
	name     string
	wrap     func(http.Handler) http.Handler
	parallel bool // it is measured on several cores, too
}

// stacks are single libraries, or only the metrics of sligo.
var stacks = []stack{
	{"bare", bare, true},
	{"promhttp3", promhttp3, true},
	{"go-http-metrics", goHTTPMetrics, true},
	{"otelhttp-noop", func(next http.Handler) http.Handler { return otelStack(metricnoop.NewMeterProvider(), next) }, false},
	{"otelhttp-sdkmetric", func(next http.Handler) http.Handler {
		return otelStack(sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader())), next)
	}, false},
	{"otelhttp-1pct", otelhttpAt(0.01), false},
	{"otelhttp-100pct", otelhttpAt(1), false},
	{"slog-http", slogHTTP, false},
	{"httplog", httpLog, false},
	{"uuid", uuidIDs, false},
	{"chi", chi.RequestID, false},
	{"sligo", ours(nil, availability), true},
	{"sligo-nosizes", ours(&middleware.Options{OmitBodySizes: true}, availability), false},
	{"sligo-nosizes-noslis", ours(&middleware.Options{OmitBodySizes: true}), false},
	{"sligo-native", ours(&middleware.Options{NativeHistograms: true}, availability), true},
	{"sligo-3slis", ours(nil, availability, latency("fast", 100*time.Millisecond), latency("bearable", time.Second)), false},
}

func bare(next http.Handler) http.Handler { return next }

func promhttp3(next http.Handler) http.Handler { return promStack(prometheus.NewRegistry(), next) }

func goHTTPMetrics(next http.Handler) http.Handler { return ghmStack(prometheus.NewRegistry(), next) }

var availability = sli.Indicator{
	Service: "users", Name: "availability", Kind: sli.KindAvailability,
	Requests: []string{"GET /users/{userid}"},
	Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	Valid:    sli.Condition{Status: []string{"!400"}},
}

func latency(name string, within time.Duration) sli.Indicator {
	return sli.Indicator{
		Service: "users", Name: name, Kind: sli.KindLatency,
		Requests: []string{"GET /users/{userid}"},
		Good:     sli.Condition{Within: within},
		Valid:    sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
}

func ours(opts *middleware.Options, indicators ...sli.Indicator) func(http.Handler) http.Handler {
	return oursOf(opts, indicators...).Handler
}

func oursOf(opts *middleware.Options, indicators ...sli.Indicator) *middleware.Instrument {
	rec, err := sli.NewRecorder(indicators...)
	if err != nil {
		panic(err)
	}
	in, err := middleware.New(rec, opts)
	if err != nil {
		panic(err)
	}
	return in
}

// promStack is a usual service with promhttp: in flight, duration and count by
// route.
func promStack(reg prometheus.Registerer, next http.Handler) http.Handler {
	inFlight := prometheus.NewGauge(prometheus.GaugeOpts{Name: "in_flight_requests"})
	labels := []string{"code", "method", "route"}
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "request_duration_seconds", Buckets: prometheus.DefBuckets}, labels)
	count := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "requests_total"}, labels)
	reg.MustRegister(inFlight, duration, count)
	route := promhttp.WithLabelFromRequest("route", func(r *http.Request) string { return r.Pattern })
	return promhttp.InstrumentHandlerInFlight(inFlight,
		promhttp.InstrumentHandlerDuration(duration,
			promhttp.InstrumentHandlerCounter(count, next, route), route))
}

// ghmStack is go-http-metrics with a fixed handler ID. Without an ID its
// label is the raw URL.
func ghmStack(reg prometheus.Registerer, next http.Handler) http.Handler {
	mdlw := ghm.New(ghm.Config{Recorder: ghmprom.NewRecorder(ghmprom.Config{Registry: reg})})
	return ghmstd.Handler("/users/{userid}", mdlw, next)
}

func otelStack(meters metric.MeterProvider, next http.Handler) http.Handler {
	return otelhttp.NewHandler(next, "users",
		otelhttp.WithTracerProvider(tracenoop.NewTracerProvider()), otelhttp.WithMeterProvider(meters))
}
