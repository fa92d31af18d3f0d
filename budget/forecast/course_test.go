package forecast_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/sligo-go/sligo/budget/forecast"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleCourse_Outlook() {
	var days []sli.Counts
	for _, bad := range []uint64{20, 25, 15, 22, 18, 24, 16, 20, 21, 19} {
		days = append(days, sli.Counts{Good: 100_000 - bad, Valid: 100_000})
	}
	target := slo.MustParseTarget("99.95%")
	endOfMonth, _ := forecast.Course{Target: target, Past: days, Ahead: 20}.Outlook()
	fmt.Println(endOfMonth)

	days[3].Good -= 600 // a large incident
	endOfMonth, _ = forecast.Course{Target: target, Past: days, Ahead: 20}.Outlook()
	fmt.Println(endOfMonth)
	// Output:
	// 60% expected to be left, from 56% to 64%
	// -60% expected to be left, from -240% to 47%
}

func TestOutlook(t *testing.T) {
	day := func(bad, valid uint64) sli.Counts { return sli.Counts{Good: valid - bad, Valid: valid} }
	for _, tt := range []struct {
		name      string
		course    forecast.Course
		remaining float64
		below     float64 // the distance from Low to Remaining
		above     float64 // the distance from Remaining to High
		ok        bool
	}{
		// The variance is (10+1)/2, and t = 6.3138 with one degree of freedom. 40 bad
		// events are allowed. High is limited by the events already spent.
		{"half of the month, half of the rate",
			forecast.Course{Past: []sli.Counts{day(5, 1000), day(5, 1000)}, Ahead: 2},
			0.5, 6.313752 * math.Sqrt(5.5*(2+2)) / 40, 0.25, true},
		{"nothing ahead",
			forecast.Course{Past: []sli.Counts{day(5, 1000), day(15, 1000)}},
			0, 0, 0, true},
		{"the worst slice leaves",
			forecast.Course{Past: []sli.Counts{day(30, 1000), day(0, 1000)}, Leaving: 1, Ahead: 1},
			1 - 15.0/20, 6.313752 * math.Sqrt(450*(1+0.5)) / 20, 0.75, true},
		{"every past slice leaves",
			forecast.Course{Past: []sli.Counts{day(1, 10), day(1, 10)}, Leaving: 2},
			0, 0, 0, false},
		{"every past slice leaves, and as many come",
			forecast.Course{Past: []sli.Counts{day(5, 1000), day(5, 1000)}, Leaving: 2, Ahead: 2},
			0.5, 6.313752 * math.Sqrt(5.5*(2+2)) / 20, 0.5, true},
		{"no traffic", forecast.Course{Past: []sli.Counts{{}, {}}, Ahead: 2}, 0, 0, 0, false},
		{"a single slice", forecast.Course{Past: []sli.Counts{day(1, 10)}, Ahead: 2}, 0, 0, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.course.Target = slo.MustParseTarget("99%")
			got, ok := tt.course.Outlook()
			want := forecast.Outlook{Remaining: tt.remaining, Low: tt.remaining - tt.below, High: tt.remaining + tt.above}
			if !tt.ok {
				want = forecast.Outlook{}
			}
			if ok != tt.ok || !near(got.Remaining, want.Remaining) || !near(got.Low, want.Low) || !near(got.High, want.High) {
				t.Errorf("got %+v, %t, want %+v, %t", got, ok, want, tt.ok)
			}
		})
	}
}

func near(got, want float64) bool { return math.Abs(got-want) < 1e-6 }

// TestOutlookKeepsItsConfidence simulates many months of a service whose days
// vary more than by chance, and counts how often the interval on the tenth
// day contains the result at the end of the month.
func TestOutlookKeepsItsConfidence(t *testing.T) {
	target := slo.MustParseTarget("99.9%")
	const months = 3000
	for confidence, share := range map[string]float64{"": 0.9, "50%": 0.5} {
		random := rand.New(rand.NewPCG(3, 4))
		held := 0
		for range months {
			var days []sli.Counts
			for range 30 {
				bad := uint64(max(0, 50+15*random.NormFloat64()+20*random.Float64()))
				days = append(days, sli.Counts{Good: 100_000 - bad, Valid: 100_000})
			}
			course := forecast.Course{Target: target, Past: days[:10], Ahead: 20}
			if confidence != "" {
				course.Confidence = slo.MustParseShare(confidence)
			}
			outlook, _ := course.Outlook()
			if left := 1 - float64(sli.Sum(days...).Bad())/3000; outlook.Low <= left && left <= outlook.High {
				held++
			}
		}
		if got := float64(held) / months; math.Abs(got-share) > 0.03 {
			t.Errorf("confidence %v: the interval held the result in a share of %v months, want the confidence", share, got)
		}
	}
}

func TestCourseValidate(t *testing.T) {
	bad := forecast.Course{Past: []sli.Counts{{}}, Ahead: -1, Leaving: 2, Confidence: slo.MustParseShare("100%")}
	want := `Target: required, such as "99.9%"
Past: too few slices, 1: want at least 2 to see how they vary
Ahead: invalid number -1: want 0 or more
Leaving: invalid number 2: want 0 to the number of past slices, 1
Confidence: invalid share 100%: want less than 100%`
	if err := bad.Validate(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	negative := forecast.Course{Target: slo.MustParseTarget("99%"), Past: []sli.Counts{{}, {}}, Leaving: -1}
	if err := negative.Validate(); err == nil {
		t.Error("Leaving of -1: got no error")
	}
}

func TestOutlookHasNoNegativeZero(t *testing.T) {
	got := forecast.Outlook{Remaining: -0.001, Low: -0.104, High: 0.004}.String()
	if want := "0% expected to be left, from -10% to 0%"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
