package forecast_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget/forecast"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleCourse_String() {
	course := forecast.Course{
		Target: slo.MustParseTarget("99.9%"),
		Past:   []sli.Counts{{Good: 99, Valid: 100}, {Good: 98, Valid: 100}},
		Ahead:  28,
	}
	fmt.Println(course)

	// Output:
	// 197/200 (98.50%) in 2 slices, 28 ahead, 99.9%
}

func FuzzJSON(f *testing.F) {
	f.Add(uint32(999_000_000), uint32(0), uint64(3), uint64(10), 20, 10, 0.4, 0.12, 0.68)
	f.Add(uint32(0), uint32(1), uint64(0), uint64(math.MaxUint64), -1, math.MaxInt32, math.Copysign(0, -1), math.SmallestNonzeroFloat64, -1e300)
	f.Fuzz(func(t *testing.T, parts, confidence uint32, good, valid uint64, ahead, leaving int, left, low, high float64) {
		course := forecast.Course{
			Past: []sli.Counts{{Good: good, Valid: valid}, {}}, Ahead: ahead, Leaving: leaving,
			Confidence: slo.MustParseShare(fmt.Sprintf("0.%09d", confidence%1_000_000_000)),
		}
		course.Target, _ = slo.TargetOf(int64(parts))
		roundTrip(t, course)
		for _, share := range []float64{left, low, high} {
			if math.IsNaN(share) || math.IsInf(share, 0) {
				t.Skip()
			}
		}
		roundTrip(t, forecast.Outlook{Remaining: left, Low: low, High: high})
	})
}

// roundTrip writes a value as JSON, reads it back and compares.
func roundTrip[T any](t *testing.T, v T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%+v: %v", v, err)
	}
	var back T
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if diff := cmp.Diff(v, back, cmp.Comparer(func(a, b slo.Share) bool { return a == b }),
		cmp.Comparer(func(a, b slo.Target) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownFieldsAreErrors(t *testing.T) {
	var course forecast.Course
	if err := json.Unmarshal([]byte(`{"past":[],"aheda":2}`), &course); err == nil {
		t.Error("course: got no error")
	}
	var outlook forecast.Outlook
	if err := json.Unmarshal([]byte(`{"remaining":1,"confidence":"90%"}`), &outlook); err == nil {
		t.Error("outlook: got no error")
	}
}
