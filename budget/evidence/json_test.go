package evidence_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// roundTrip writes a value as JSON, reads it back and compares. It also tests
// that an unknown field is an error.
func roundTrip[T comparable](t *testing.T, v T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%+v: %v", v, err)
	}
	var back T
	if err := json.Unmarshal(text, &back); err != nil || back != v {
		t.Errorf("%s came back as %+v, %v", text, back, err)
	}
	misspelled := strings.Replace(string(text), "{", `{"x_":1,`, 1)
	if err := json.Unmarshal([]byte(strings.Replace(misspelled, ",}", "}", 1)), &back); err == nil {
		t.Errorf("%s: got no error for the unknown field x_", misspelled)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add(0.59, 0.98, uint64(3), uint64(10), uint32(50_000_000), true)
	f.Add(0.0, math.SmallestNonzeroFloat64, uint64(0), uint64(math.MaxUint64), uint32(0), false)
	f.Fuzz(func(t *testing.T, low, high float64, good, valid uint64, parts uint32, flag bool) {
		if math.IsNaN(low) || math.IsInf(low, 0) || math.IsNaN(high) || math.IsInf(high, 0) {
			t.Skip()
		}
		share := slo.MustParseShare(fmt.Sprintf("0.%09d", parts%1_000_000_000))
		roundTrip(t, evidence.Interval{Low: low, High: high})
		roundTrip(t, evidence.Canary{Significance: share, Power: share})
		roundTrip(t, evidence.Canary{}.Compare(sli.Counts{Good: good, Valid: valid}, sli.Counts{Good: valid, Valid: good}))
		roundTrip(t, evidence.Comparison{HasData: flag, PValue: low, Significance: share, Worse: !flag})
	})
}

func compare(good, valid uint64) evidence.Comparison {
	return evidence.Canary{}.Compare(sli.Counts{Good: good, Valid: valid}, sli.Counts{Good: 1980, Valid: 2000})
}

func TestStrings(t *testing.T) {
	for _, tt := range []struct {
		value fmt.Stringer
		want  string
	}{
		{evidence.Interval{}, "0% to 0%"},
		{evidence.Interval{Low: 0.999, High: 1}, "99.9% to 100%"},
		{compare(190, 200), "the canary, 190/200 (95.00%), is worse than the baseline, 1980/2000 (99.00%): p = 0.00018, below 5%"},
		{compare(19, 20), "the canary, 19/20 (95.00%), is not shown to be worse than the baseline, " +
			"1980/2000 (99.00%): p = 0.19, not below 5%"},
		{compare(0, 0), "no data to compare the canary, 0/0 (no data), with the baseline, 1980/2000 (99.00%)"},
		{evidence.Canary{}, "significance 5%, power 80%"},
		{evidence.Canary{Significance: slo.MustParseShare("1%")}, "significance 1%, power 80%"},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
