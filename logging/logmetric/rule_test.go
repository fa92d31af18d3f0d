package logmetric_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logmetric"
)

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := logmetric.New([]logmetric.Rule{
		{Name: "a b"},
		{Name: "x", Buckets: []float64{1}},
		{Name: "x", Field: "f", Buckets: []float64{2, 1, math.NaN()}, Scale: -1, MaxSeries: -1},
		{Name: "y", Labels: []string{"a", "a", "", "b.c", "b_c", "le"}},
	})
	if err == nil {
		t.Fatal("New accepts invalid rules")
	}
	want := []string{
		`rules[0].Name: invalid name "a b": want letters, digits and underscores`,
		`rules[1].Field: field is empty: a rule with Buckets or Scale requires one`,
		`rules[2].Scale: invalid factor -1: want a positive number`,
		`rules[2].Buckets[1]: invalid bound 1: want ascending, finite numbers`,
		`rules[2].Buckets[2]: invalid bound NaN: want ascending, finite numbers`,
		`rules[2].MaxSeries: invalid limit -1: want zero or more`,
		`rules[2].Name: duplicate name "x"`,
		`rules[3].Labels[1]: duplicate label "a"`,
		`rules[3].Labels[2]: invalid name "": want letters, digits, underscores and dots`,
		`rules[3].Labels[4]: duplicate label "b_c"`,
		`rules[3].Labels[5]: invalid label "le": Prometheus reserves it for the bounds of buckets`,
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestNewReportsMistakesInMatch(t *testing.T) {
	_, err := logmetric.New([]logmetric.Rule{{Name: "y", Match: logging.Match{Status: []string{"abc"}}}})
	if err == nil || !strings.HasPrefix(err.Error(), "rules[0].Match") || !strings.Contains(err.Error(), `"abc"`) {
		t.Errorf("got %v, want a mistake at rules[0].Match that quotes abc", err)
	}
}

func TestDefaults(t *testing.T) {
	m, err := logmetric.New([]logmetric.Rule{{Name: "lines"}, {Name: "seconds", Field: "f"}})
	if err != nil {
		t.Fatal(err)
	}
	metrics := m.Metrics()
	if r := metrics[0].Rule; r.Buckets != nil || r.Scale != 1 || r.MaxSeries != 100 {
		t.Errorf("counter: got %+v", r)
	}
	if r := metrics[1].Rule; len(r.Buckets) != 11 || r.Scale != 1 || r.MaxSeries != 100 {
		t.Errorf("histogram: got %+v", r)
	}
}
