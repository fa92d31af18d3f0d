package logmetric_test

import (
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logmetric"
)

// TestMetricAsTextAndJSON checks that the metrics of a meter, which a service
// may show on a page, read as text, and that their JSON reads back.
func TestMetricAsTextAndJSON(t *testing.T) {
	metric := logmetric.Metric{
		Rule: logmetric.Rule{
			Name: "execution_time_seconds", Help: "h", Match: logging.Match{MinLevel: slog.LevelInfo},
			Field: "execution_time_ms", Scale: 0.001, Buckets: []float64{.1, 1}, Labels: []string{"route"}, MaxSeries: 9,
		},
		Unreadable: 3,
		Series:     []logmetric.Series{{Labels: []string{"/x"}, Count: 2, Sum: .8, Buckets: []uint64{1, 2}}},
	}
	if got, want := metric.String(), "execution_time_seconds, unreadable: 3\n[/x] 2, sum 0.8"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := metric.Rule.String(), "execution_time_seconds: execution_time_ms, level from INFO"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	errors := logmetric.Rule{Name: "errors", Match: logging.Match{MinLevel: slog.LevelError}}
	if got, want := errors.String(), "errors: level from ERROR"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	text, err := json.Marshal(metric)
	if err != nil {
		t.Fatal(err)
	}
	var back logmetric.Metric
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if diff := cmp.Diff(metric, back); diff != "" {
		t.Errorf("%s reads back as (-want +got):\n%s", text, diff)
	}
	for _, text := range []string{`{"sum":1}`, `{"rule":{"lables":[]}}`, `{"series":[{"value":1}]}`} {
		if err := json.Unmarshal([]byte(text), &back); err == nil {
			t.Errorf("%s: an unknown field is no error", text)
		}
	}
}
