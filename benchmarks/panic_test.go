package benchmarks

import (
	"context"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

// recorded has the requests that a library recorded by status, "" for no
// status.
type recorded map[string]uint64

// TestPanicAfter200 shows how each library records a handler that sends 200 and
// half of the body and then panics, so that the client gets a broken response.
func TestPanicAfter200(t *testing.T) {
	cases := []struct {
		name string
		run  func(t *testing.T) recorded
		want recorded
	}{
		{"promhttp records nothing", promRecorded, recorded{}},
		{"go-http-metrics records 200", ghmRecorded, recorded{"200": 1}},
		{"otelhttp records nothing", otelRecorded, recorded{}},
		{"sligo records 500, a bad event", oursRecorded, recorded{"500": 1, "good": 0, "valid": 1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.run(t)); diff != "" {
				t.Errorf("recorded (-want +got):\n%s", diff)
			}
		})
	}
}

// servePanic serves the request on a real server and checks that it fails for
// the client.
func servePanic(t *testing.T, wrap func(http.Handler) http.Handler) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, "half of the body")
		_ = http.NewResponseController(w).Flush()
		panic("boom")
	})
	server := httptest.NewUnstartedServer(wrap(mux))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	defer server.Close()
	resp, err := server.Client().Get(server.URL + "/users/lora")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.ReadAll(resp.Body); err == nil {
		t.Fatal("the client got a complete response")
	}
}

// gathered returns the requests in a counter or histogram by status.
func gathered(t *testing.T, reg prometheus.Gatherer, name, statusLabel string) recorded {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := recorded{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				all[label(m, statusLabel)] += uint64(m.GetCounter().GetValue()) + m.GetHistogram().GetSampleCount()
			}
		}
	}
	return all
}

func label(m *dto.Metric, name string) string {
	for _, pair := range m.GetLabel() {
		if pair.GetName() == name {
			return pair.GetValue()
		}
	}
	return ""
}

func promRecorded(t *testing.T) recorded {
	reg := prometheus.NewRegistry()
	servePanic(t, func(next http.Handler) http.Handler { return promStack(reg, next) })
	all := gathered(t, reg, "requests_total", "code")
	maps.Copy(all, gathered(t, reg, "request_duration_seconds", "code"))
	return all
}

func ghmRecorded(t *testing.T) recorded {
	reg := prometheus.NewRegistry()
	servePanic(t, func(next http.Handler) http.Handler { return ghmStack(reg, next) })
	return gathered(t, reg, "http_request_duration_seconds", "code")
}

func otelRecorded(t *testing.T) recorded {
	reader := sdkmetric.NewManualReader()
	servePanic(t, func(next http.Handler) http.Handler {
		return otelStack(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)), next)
	})
	var got metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &got); err != nil {
		t.Fatal(err)
	}
	all := recorded{}
	for _, scope := range got.ScopeMetrics {
		for _, m := range scope.Metrics {
			h, ok := m.Data.(metricdata.Histogram[float64])
			if !ok || m.Name != "http.server.request.duration" {
				continue
			}
			for _, p := range h.DataPoints {
				status, _ := p.Attributes.Value("http.response.status_code")
				all[status.String()] += p.Count
			}
		}
	}
	return all
}

func oursRecorded(t *testing.T) recorded {
	rec, err := sli.NewRecorder(availability)
	if err != nil {
		t.Fatal(err)
	}
	in, err := middleware.New(rec, nil)
	if err != nil {
		t.Fatal(err)
	}
	servePanic(t, in.Handler)
	reg := prometheus.NewRegistry()
	reg.MustRegister(in, sliprom.NewCollector(rec))
	all := gathered(t, reg, "http_server_request_duration_seconds", "http_response_status_code")
	all["good"] = gathered(t, reg, "sli_good_events_total", "sli")["availability"]
	all["valid"] = gathered(t, reg, "sli_valid_events_total", "sli")["availability"]
	return all
}

// TestLibrariesRecordResponses guards the test above: each library records a
// request that does not panic.
func TestLibrariesRecordResponses(t *testing.T) {
	reg := prometheus.NewRegistry()
	reader := sdkmetric.NewManualReader()
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))
	for _, handler := range []http.Handler{promStack(reg, newMux()), ghmStack(reg, newMux()), otelStack(provider, newMux())} {
		handler.ServeHTTP(httptest.NewRecorder(), newRequest())
	}
	for _, name := range []string{"requests_total", "request_duration_seconds", "http_request_duration_seconds"} {
		if diff := cmp.Diff(recorded{"200": 1}, gathered(t, reg, name, "code")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	var got metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &got); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range got.ScopeMetrics[0].Metrics {
		names = append(names, m.Name)
	}
	if !slices.Contains(names, "http.server.request.duration") {
		t.Errorf("otelhttp recorded %q", names)
	}
}
