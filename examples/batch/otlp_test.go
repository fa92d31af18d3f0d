package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sligo-go/sligo/sli"
)

// receiver keeps the exports that it got over OTLP. While it is down, it
// answers each one with an error.
type receiver struct {
	mu      sync.Mutex
	down    bool
	exports []*collector.ExportMetricsServiceRequest
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var body io.Reader = req.Body
	if req.Header.Get("Content-Encoding") == "gzip" {
		body, _ = gzip.NewReader(req.Body)
	}
	text, err := io.ReadAll(body)
	export := &collector.ExportMetricsServiceRequest{}
	if err == nil {
		err = proto.Unmarshal(text, export)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down || err != nil {
		http.Error(w, fmt.Sprint(err), http.StatusBadRequest)
		return
	}
	r.exports = append(r.exports, export)
}

// received returns the exports since the last call.
func (r *receiver) received(down bool) []*collector.ExportMetricsServiceRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	received := r.exports
	r.exports, r.down = nil, down
	return received
}

// sums returns the values of an export by metric and reason, and the start of
// the sums.
func sums(t *testing.T, export *collector.ExportMetricsServiceRequest) (map[string]float64, uint64) {
	t.Helper()
	values := map[string]float64{}
	starts := map[uint64]bool{}
	for _, m := range export.ResourceMetrics[0].ScopeMetrics[0].Metrics {
		if m.GetSum() == nil {
			continue
		}
		if sum := m.GetSum(); !sum.IsMonotonic || sum.AggregationTemporality != metrics.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE {
			t.Errorf("%s is no cumulative counter: %v", m.Name, sum)
		}
		for _, point := range m.GetSum().DataPoints {
			starts[point.StartTimeUnixNano] = true
			values[m.Name+" "+label(point, "reason")] = point.GetAsDouble()
		}
	}
	if len(starts) != 1 {
		t.Fatalf("the sums start at %v", starts)
	}
	for start := range starts {
		return values, start
	}
	return nil, 0
}

func label(point *metrics.NumberDataPoint, name string) string {
	for _, a := range point.Attributes {
		if a.Key == name {
			return a.Value.GetStringValue()
		}
	}
	return ""
}

// values returns the values of an export that shows the truth.
func values(counts sli.Counts, canceled uint64) map[string]float64 {
	return map[string]float64{
		"sli_good_events_total ":               float64(counts.Good),
		"sli_valid_events_total ":              float64(counts.Valid),
		"sli_ignored_events_total not_valid":   float64(canceled),
		"sli_ignored_events_total client_left": 0, "sli_ignored_events_total preflight": 0,
		"sli_ignored_events_total unjudged": 0, "sli_ignored_events_total upgrade": 0,
		"sli_unmatched_events_total ": 0, "sli_unrouted_requests_total ": 0,
	}
}

// TestTotalsOverOTLP runs the job four times. The receiver rejects the exports
// of the second run.
func TestTotalsOverOTLP(t *testing.T) {
	r := &receiver{}
	server := httptest.NewServer(r)
	defer server.Close()
	t.Setenv("OTEL_METRICS_EXPORTER", "otlp")
	t.Setenv("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", server.URL+"/v1/metrics")
	s := newShop(t)
	shown := values(sli.Counts{}, 0)
	var start uint64
	for night, down := range []bool{false, true, false, false} {
		r.received(down)
		s.export(t, 50)
		if status := s.run(t.Context(), "-scrape", "1ms"); status != 0 {
			t.Fatalf("the exit status is %d\n%s", status, &s.logs)
		}
		s.check(t)
		exports := r.received(false)
		if down {
			if len(exports) > 0 || !strings.Contains(s.logs.String(), "Totals not sent") {
				t.Errorf("%d exports of a receiver that is down, or no warning:\n%s", len(exports), &s.logs)
			}
			continue
		}
		if len(exports) != 2 {
			t.Fatalf("night %d: %d exports, want the earlier totals and the new ones\n%s", night, len(exports), &s.logs)
		}
		for i, want := range []map[string]float64{shown, values(s.truth, s.canceled)} {
			got, began := sums(t, exports[i])
			if start == 0 {
				start = began
			}
			if diff := cmp.Diff(want, got); diff != "" || began != start {
				t.Errorf("night %d, export %d: it starts at %d, want %d (-want +got):\n%s", night, i, began, start, diff)
			}
			shown = got
		}
	}
}
