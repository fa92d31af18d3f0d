package benchmarks

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

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
	name string
	wrap func(http.Handler) http.Handler
}

var stacks = []stack{
	{"bare", func(next http.Handler) http.Handler { return next }},
	{"promhttp3", func(next http.Handler) http.Handler { return promStack(prometheus.NewRegistry(), next) }},
	{"go-http-metrics", func(next http.Handler) http.Handler { return ghmStack(prometheus.NewRegistry(), next) }},
	{"otelhttp-noop", func(next http.Handler) http.Handler { return otelStack(metricnoop.NewMeterProvider(), next) }},
	{"otelhttp-sdkmetric", func(next http.Handler) http.Handler {
		return otelStack(sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader())), next)
	}},
	{"sligo", ours(nil, availability)},
	{"sligo-nosizes", ours(&middleware.Options{OmitBodySizes: true}, availability)},
	{"sligo-nosizes-noslis", ours(&middleware.Options{OmitBodySizes: true})},
	{"sligo-native", ours(&middleware.Options{NativeHistograms: true}, availability)},
	{"sligo-3slis", ours(nil, availability, latency("fast", 100*time.Millisecond), latency("bearable", time.Second))},
}

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
	rec, err := sli.NewRecorder(indicators...)
	if err != nil {
		panic(err)
	}
	in, err := middleware.New(rec, opts)
	if err != nil {
		panic(err)
	}
	return in.Handler
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

var answer = []byte("{}")

func newMux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(answer)
	})
	return mux
}

func newRequest() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/users/lora", nil)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "benchmark")
	r.Header.Set("Accept-Encoding", "gzip")
	return r
}

// BenchmarkHTTP calls each stack with a writer that does nothing, so that it
// measures only the mux and the instrumentation.
func BenchmarkHTTP(b *testing.B) {
	for _, s := range stacks {
		handler := s.wrap(newMux())
		b.Run("mode=serial/stack="+s.name, func(b *testing.B) {
			w, r := &http1Stub{header: make(http.Header)}, newRequest()
			b.ReportAllocs()
			for b.Loop() {
				handler.ServeHTTP(w, r)
			}
			checkAnswered(b, w)
		})
	}
	for _, s := range stacks {
		handler := s.wrap(newMux())
		b.Run("mode=parallel/stack="+s.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				w, r := &http1Stub{header: make(http.Header)}, newRequest()
				served := false // a goroutine may get no iteration
				for pb.Next() {
					handler.ServeHTTP(w, r)
					served = true
				}
				if served {
					checkAnswered(b, w)
				}
			})
		})
	}
}

func checkAnswered(b *testing.B, w *http1Stub) {
	if w.status != http.StatusOK {
		b.Errorf("got status %d, want 200", w.status)
	}
}
