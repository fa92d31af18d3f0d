package benchmarks

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// transports are ways to instrument the requests that a service sends.
var transports = []struct {
	name string
	wrap func(http.RoundTripper) http.RoundTripper
}{
	{"bare", func(next http.RoundTripper) http.RoundTripper { return next }},
	{"promhttp3", promTransport},
	{"otelhttp-1pct", otelTransportAt(0.01)},
	{"slog", slogTransport},
	{"otelhttp-1pct+slog+promhttp3", func(next http.RoundTripper) http.RoundTripper {
		return otelTransportAt(0.01)(slogTransport(promTransport(next)))
	}},
	{"sligo", func(next http.RoundTripper) http.RoundTripper {
		return oursOf(clientOptions(), payments).Transport(next)
	}},
	{"sligo-1pct+logging", everythingSent(0.01, ownHandler)},
	{"sligo-1pct+JSONHandler", everythingSent(0.01, jsonHandler)},
}

// payments is an indicator of a service that is called.
var payments = sli.Indicator{
	Service: "shop", Name: "payments", Kind: sli.KindAvailability, Requests: []string{"GET //payments"},
	Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
}

func clientOptions() *middleware.Options {
	return &middleware.Options{Client: &middleware.ClientOptions{Hosts: []string{"payments"}, Lines: true}}
}

func everythingSent(ratio float64, handler func() slog.Handler) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		opts := clientOptions()
		opts.Spans = &middleware.SpanOptions{TracerProvider: ownTracing(ratio)}
		opts.RequestID = &middleware.IDOptions{}
		opts.AccessLog = &middleware.LogOptions{Logger: slog.New(handler())}
		return oursOf(opts, payments).Transport(next)
	}
}

// promTransport has the layers of promhttp for a client: in flight, duration
// and count. It has no label for the host.
func promTransport(next http.RoundTripper) http.RoundTripper {
	inFlight := prometheus.NewGauge(prometheus.GaugeOpts{Name: "in_flight_requests"})
	labels := []string{"code", "method"}
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "request_duration_seconds", Buckets: prometheus.DefBuckets}, labels)
	count := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "requests_total"}, labels)
	prometheus.NewRegistry().MustRegister(inFlight, duration, count)
	return promhttp.InstrumentRoundTripperInFlight(inFlight,
		promhttp.InstrumentRoundTripperDuration(duration, promhttp.InstrumentRoundTripperCounter(count, next)))
}

func otelTransportAt(ratio float64) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return otelhttp.NewTransport(next,
			otelhttp.WithTracerProvider(sdkTracing(ratio)),
			otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()),
			otelhttp.WithPropagators(propagation.NewCompositeTextMapPropagator(
				propagation.TraceContext{}, propagation.Baggage{})))
	}
}

// slogTransport is the round tripper that services write for a line about each
// request.
func slogTransport(next http.RoundTripper) http.RoundTripper {
	logger := slog.New(jsonHandler())
	return promhttp.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		began := time.Now()
		resp, err := next.RoundTrip(r)
		if err != nil {
			logger.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("error", err.Error()))
			return resp, err
		}
		logger.LogAttrs(r.Context(), slog.LevelInfo, "request sent",
			slog.String("method", r.Method), slog.String("host", r.URL.Host),
			slog.Int("status", resp.StatusCode), slog.Duration("duration", time.Since(began)))
		return resp, nil
	})
}

// memory answers each request with a new response and no network.
func memory(r *http.Request) (*http.Response, error) {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(answer)),
		Body: io.NopCloser(bytes.NewReader(answer)), Request: r,
	}, nil
}

// BenchmarkClient sends requests to the memory, and reads and closes each body.
func BenchmarkClient(b *testing.B) {
	for _, s := range transports {
		b.Run("stack="+s.name, func(b *testing.B) { send(b, s.wrap(promhttp.RoundTripperFunc(memory))) })
	}
}

func send(b *testing.B, transport http.RoundTripper) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://payments/charges/17", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	b.ReportAllocs()
	defer reportCPU(b)()
	for b.Loop() {
		resp, err := transport.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		if err := resp.Body.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
