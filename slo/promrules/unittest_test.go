package promrules_test

import (
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// TestLengthOfTests counts the evaluations of the generated tests, of which
// promtool does about a hundred in a second.
func TestLengthOfTests(t *testing.T) {
	const most = 2500
	for _, target := range []string{"1%", "20%", "50%", "83.3%", "90%", "93.1%", "99%", "99.9%", "99.9999999%"} {
		for _, window := range []string{"1h", "5h", "1d", "7d", "28d", "30d", "90d", "366d", "month", "quarter", "year"} {
			o := availability
			o.Target, o.Window = slo.MustParseTarget(target), slo.MustParseWindow(window)
			r, err := promrules.Generate([]slo.Objective{o}, nil)
			if err != nil {
				continue // no alert can fire
			}
			if got := evaluations(t, r.Tests("rules.yml")); got > most {
				t.Errorf("%s over %s: got %d evaluations, want at most %d", target, window, got, most)
			}
		}
	}
}

// evaluations returns how often promtool evaluates all rules of a file.
func evaluations(t *testing.T, file []byte) int {
	t.Helper()
	var parsed struct {
		Interval string `yaml:"evaluation_interval"`
		Tests    []struct {
			Checks []struct {
				Time string `yaml:"eval_time"`
			} `yaml:"promql_expr_test"`
		}
	}
	if err := yaml.Unmarshal(file, &parsed); err != nil {
		t.Fatal(err)
	}
	total := time.Duration(0)
	for _, test := range parsed.Tests {
		longest := time.Duration(0)
		for _, check := range test.Checks {
			longest = max(longest, length(t, check.Time))
		}
		total += longest
	}
	return int(total / length(t, parsed.Interval))
}

func length(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err == nil {
		return d
	}
	w, err := slo.ParseWindow(text)
	if err != nil {
		t.Fatal(err)
	}
	return w.Length(time.Time{})
}
