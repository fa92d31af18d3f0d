package promrules_test

import (
	"slices"
	"strings"
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

// TestOrderOfTests checks that the tests of split rules name every group, and
// that no group reads a series which a later one records: promtool takes any
// order otherwise, and each part then delays an alert by an evaluation.
func TestOrderOfTests(t *testing.T) {
	for _, most := range []int{2, 4, 20, 1000} {
		r := generate(t, nil, calendar("month"))
		split, err := r.Split(most)
		if err != nil {
			t.Fatal(err)
		}
		var parsed struct {
			Order []string `yaml:"group_eval_order"`
		}
		if err := yaml.Unmarshal(split.Tests("rules.yml"), &parsed); err != nil {
			t.Fatal(err)
		}
		if most == 1000 {
			if parsed.Order != nil {
				t.Errorf("whole groups: got the order %q", parsed.Order)
			}
			continue
		}
		if len(parsed.Order) != len(split.Groups) {
			t.Errorf("at most %d: got %d groups in the order, want %d", most, len(parsed.Order), len(split.Groups))
		}
		recorded := make(map[string]int) // the place of the group
		for _, g := range split.Groups {
			for _, rule := range g.Rules {
				recorded[rule.Record] = slices.Index(parsed.Order, g.Name)
			}
		}
		for _, g := range split.Groups {
			for _, rule := range g.Rules {
				for name, place := range recorded {
					if name != "" && strings.Contains(rule.Expr, name+"{") && place > slices.Index(parsed.Order, g.Name) {
						t.Errorf("at most %d: %s reads %s, which is recorded later", most, g.Name, name)
					}
				}
			}
		}
	}
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
