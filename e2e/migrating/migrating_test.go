package migrating

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/sli"
)

// users is the router of the service. Its handler panics for one user.
func users() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("userid") {
		case "crash":
			panic("out of order")
		case "gone":
			w.WriteHeader(http.StatusNotFound)
		case "broken":
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	return mux
}

// series returns the values of counters, gauges and counts of histograms whose
// names begin with a prefix, by their label values.
func series(t *testing.T, from prometheus.Gatherer, prefix string) map[string]float64 {
	t.Helper()
	families, err := from.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := make(map[string]float64)
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), prefix) {
			continue
		}
		for _, m := range f.GetMetric() {
			key := f.GetName()
			for _, l := range m.GetLabel() {
				key += " " + l.GetName() + "=" + l.GetValue()
			}
			values[key] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return values
}

// request sends requests for users. net/http breaks off the answer of a panic.
// Its client would repeat such a request on a connection that it has used.
func request(t *testing.T, url string, names ...string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, name := range names {
		resp, err := client.Get(url + "/users/" + name)
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	}
}

// TestSideBySide wraps a service by both, as docs/migrating.md says. They agree
// on every request that ended, and only the kit counts the panic.
func TestSideBySide(t *testing.T) {
	t.Setenv("OTEL_SDK_DISABLED", "true")
	kit, err := Counting()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kit.Shutdown(context.Background()) })
	old, lines, spans := prometheus.NewRegistry(), new(bytes.Buffer), tracetest.NewSpanRecorder()
	server := httptest.NewUnstartedServer(Before(kit.Handler(users()),
		sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)), slog.New(slog.NewJSONHandler(lines, nil)), old))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	request(t, server.URL, "Lora", "Lora", "gone", "broken", "crash")
	server.Close()

	const route = " route=GET /users/{userid}"
	compare(t, series(t, old, "http_requests_total"), map[string]float64{
		"http_requests_total code=200 method=get" + route: 2, "http_requests_total code=404 method=get" + route: 1,
		"http_requests_total code=503 method=get" + route: 1,
	})
	const count, path = "http_server_request_duration_seconds error_type=", " http_request_method=GET http_response_status_code="
	const rest = " http_route=/users/{userid} url_scheme=http"
	compare(t, series(t, kit.Registry, "http_server_request_duration_seconds"), map[string]float64{
		count + path + "200" + rest: 2, count + path + "404" + rest: 1,
		count + "503" + path + "503" + rest: 1, count + "panic" + path + "500" + rest: 1,
	})
	if counts, _ := kit.Recorder.Counts("availability"); counts != (sli.Counts{Good: 3, Valid: 5}) {
		t.Errorf("the indicator has %v, want 3/5", counts)
	}
	if n := len(spans.Ended()); n != 5 {
		t.Errorf("%d spans, want the 5 of otelhttp", n)
	}
	for line := range strings.Lines(lines.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}

func compare(t *testing.T, got, want map[string]float64) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

// TestDocumentedNames holds the queries that docs/migrating.md shows for the
// time before to the series that Before exposes, and the files to the page.
func TestDocumentedNames(t *testing.T) {
	page := read(t, "migrating.md")
	old := prometheus.NewRegistry()
	server := httptest.NewServer(Before(users(), sdktrace.NewTracerProvider(), slog.New(slog.DiscardHandler), old))
	defer server.Close()
	request(t, server.URL, "Lora")
	known := make(map[string]bool)
	for key := range series(t, old, "http_") {
		name, _, _ := strings.Cut(key, " ")
		for _, suffix := range []string{"", "_bucket", "_count", "_sum"} {
			known[name+suffix] = true
		}
	}
	queries := regexp.MustCompile("(?ms)^```promql promhttp\n(.*?)^```$").FindAllStringSubmatch(page, -1)
	if len(queries) == 0 {
		t.Error("docs/migrating.md has no query of promhttp")
	}
	for _, q := range queries {
		for _, name := range regexp.MustCompile(`\bhttp_\w+`).FindAllString(q[1], -1) {
			if !known[name] {
				t.Errorf("Before does not expose %s", name)
			}
		}
	}
	for page, files := range map[string][]string{page: {"before.go", "after.go"}, read(t, "metrics.md"): {"push.go"}} {
		for _, file := range files {
			if !strings.Contains(page, "```go e2e/migrating/"+file) {
				t.Errorf("no page shows %s", file)
			}
		}
	}
}

func read(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + page)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pushed keeps the last export, as a receiver of OTLP would.
type pushed struct {
	metrics map[string]metricdata.Metrics
	service string
}

func (*pushed) Temporality(sdkmetric.InstrumentKind) metricdata.Temporality {
	return metricdata.DeltaTemporality
}

func (*pushed) Aggregation(kind sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return sdkmetric.DefaultAggregationSelector(kind)
}

func (p *pushed) Export(_ context.Context, all *metricdata.ResourceMetrics) error {
	p.metrics, p.service = make(map[string]metricdata.Metrics), all.Resource.String()
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			p.metrics[m.Name] = m
		}
	}
	return nil
}

func (*pushed) ForceFlush(context.Context) error { return nil }

func (*pushed) Shutdown(context.Context) error { return nil }

// TestPush shows the claims of docs/metrics.md about a service without a
// scrape. The last export has all events, under the names of Prometheus. They
// are cumulative sums although the exporter prefers deltas, and zero series
// exist.
func TestPush(t *testing.T) {
	t.Setenv("OTEL_SDK_DISABLED", "true")
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	var receiver pushed
	provider := Push(kit, &receiver)
	server := httptest.NewServer(kit.Handler(users()))
	request(t, server.URL, "Lora", "broken")
	server.Close()
	if err := kit.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := provider.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if receiver.service != "service.name=users" {
		t.Errorf("the resource is %s", receiver.service)
	}
	for name, want := range map[string][]float64{
		"sli_good_events_total": {1}, "sli_valid_events_total": {2}, "sli_ignored_events_total": {0, 0, 0, 0, 0},
	} {
		sum, ok := receiver.metrics[name].Data.(metricdata.Sum[float64])
		var got []float64
		for _, point := range sum.DataPoints {
			got = append(got, point.Value)
		}
		if !ok || sum.Temporality != metricdata.CumulativeTemporality || !sum.IsMonotonic || !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want the cumulative sums %v", name, receiver.metrics[name], want)
		}
	}
	for _, name := range []string{"http_server_request_duration_seconds", "slo_target_ratio", "sli_overdue_events", "go_goroutines"} {
		if receiver.metrics[name].Data == nil {
			t.Errorf("no %s in %q", name, slices.Sorted(maps.Keys(receiver.metrics)))
		}
	}
}
