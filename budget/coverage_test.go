package budget_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// A process that started three hours ago does not know the rest of the window.
func ExampleBudget_KnownSince() {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	started := now.Add(-3 * time.Hour)
	b := budget.New(slo.MustParseTarget("99.5%"), slo.MustParseWindow("30d"), sli.Counts{Good: 996, Valid: 1000})
	b = b.KnownSince(started, now)
	fmt.Println(b)
	fmt.Println(b.Summary(now))
	text, err := json.Marshal(b)
	fmt.Println(string(text), err)
	// Output:
	// 20% left: 4 of 5 bad events spent, 99.5% over 30d, known for 3h of 30d
	// 99.67% left: 4 of about 1200 bad events spent, 99.5% over 30d, known for 3h of 30d
	// {"target":"99.5%","window":"30d","counts":{"good":996,"valid":1000},"coverage":{"known":"3h","of":"720h"},"remaining":"0.2"} <nil>
}

// Two hours of a day are known.
func ExampleCoverage_Share() {
	c := budget.Coverage{Known: 2 * time.Hour, Of: 24 * time.Hour}
	fmt.Println(c.Share().Percent(), budget.Coverage{}.Share())
	// Output:
	// 8.33% 1
}

func TestCoverageString(t *testing.T) {
	const h = time.Hour
	for _, tt := range []struct {
		known, of time.Duration
		want      string
		complete  bool
	}{
		{0, 0, "known", true},
		{0, 30 * day, "known for 0s of 30d", false},
		{3 * h, 30 * day, "known for 3h of 30d", false},
		{30*day - 1, 30 * day, "known for 29d23h of 30d", false},
		{30 * day, 30 * day, "known for 30d of 30d", true},
		{31 * day, 30 * day, "known for 31d of 30d", true},
		{h - 1, h, "known for 59m59s of 1h", false},
		{999 * time.Millisecond, time.Minute, "known for 0s of 1m", false},
		{day + 59*time.Minute, 2 * day, "known for 1d of 2d", false},
		{59 * time.Second, time.Minute, "known for 59s of 1m", false},
		{-h, h, "known for 0s of 1h", false},
		{math.MinInt64, math.MaxInt64, "known for 0s of 106751d23h", false},
	} {
		c := budget.Coverage{Known: tt.known, Of: tt.of}
		if got := c.String(); got != tt.want || c.IsComplete() != tt.complete {
			t.Errorf("%d of %d: got %q, complete %t, want %q, %t", tt.known, tt.of, got, c.IsComplete(), tt.want, tt.complete)
		}
		roundTrip(t, c)
		roundTrip(t, budget.New(slo.MustParseTarget("99%"), slo.MustParseWindow("30d"), sli.Counts{Good: 1, Valid: 2}).WithCoverage(c))
		roundTrip(t, budget.State{HasData: true, Coverage: c})
	}
}

func TestKnownSince(t *testing.T) {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		window string
		since  time.Time
		want   budget.Coverage
	}{
		{"30d", now.Add(-3 * time.Hour), budget.Coverage{Known: 3 * time.Hour, Of: 30 * day}},
		{"30d", now.Add(-40 * day), budget.Coverage{Known: 30 * day, Of: 30 * day}},
		{"30d", now.Add(time.Hour), budget.Coverage{Of: 30 * day}},
		{"30d", time.Time{}, budget.Coverage{Known: 30 * day, Of: 30 * day}},
		{"month", now.Add(-3 * time.Hour), budget.Coverage{Known: 3 * time.Hour, Of: 14*day + 12*time.Hour}},
		{"month", now.Add(-20 * day), budget.Coverage{Known: 14*day + 12*time.Hour, Of: 14*day + 12*time.Hour}},
	} {
		b := budget.New(slo.MustParseTarget("99%"), slo.MustParseWindow(tt.window), sli.Counts{}).KnownSince(tt.since, now)
		if got := b.Coverage(); got != tt.want {
			t.Errorf("%s since %v: got %v, want %v", tt.window, tt.since, got, tt.want)
		}
	}
}

func TestTrackerBudgetStatesItsCoverage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins on January 1, 2000
		tracker := newTracker(t, 30*day)
		for _, tt := range []struct {
			after        time.Duration
			window, want string
		}{
			{0, "30d", "20% left: 4 of 5 bad events spent, 99.5% over 30d, known for 0s of 30d"},
			{3 * time.Hour, "30d", "20% left: 4 of 5 bad events spent, 99.5% over 30d, known for 3h of 30d"},
			{0, "2h", "no data, 99.5% over 2h"},
			{0, "month", "20% left: 4 of 5 bad events spent, 99.5% in each month"},
			{29 * day, "30d", "20% left: 4 of 5 bad events spent, 99.5% over 30d, known for 29d3h of 30d"},
			{2 * day, "30d", "no data, 99.5% over 30d"},
			{0, "60d", "no data, 99.5% over 60d, known for 30d of 60d"},
			{0, "month", "no data, 99.5% in each month"},
			{0, "year", "no data, 99.5% in each year, known for 30d of 31d3h"},
		} {
			time.Sleep(tt.after)
			if tt.after == 0 && tt.window == "30d" {
				tracker.Add(sli.Counts{Good: 996, Valid: 1000})
			}
			b := tracker.Budget(slo.MustParseTarget("99.5%"), slo.MustParseWindow(tt.window))
			if got := b.String(); got != tt.want {
				t.Errorf("after %v more: got  %s\nwant %s", tt.after, got, tt.want)
			}
		}
	})
	var zero budget.Tracker
	if got, want := zero.Budget(slo.MustParseTarget("99%"), slo.MustParseWindow("30d")).String(), "no data, 99% over 30d, known for 0s of 30d"; got != want {
		t.Errorf("the zero Tracker: got %s, want %s", got, want)
	}
}

// TestKnownPartSpendsOfTheWholeWindow compares with exact ratios. The known
// time takes the place of the elapsed time.
func TestKnownPartSpendsOfTheWholeWindow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	target := slo.MustParseTarget("99.5%")
	for _, text := range []string{"1h", "30d", "month", "year Asia/Seoul"} {
		window := slo.MustParseWindow(text)
		length := window.Length(now)
		elapsed := length
		if start, _ := window.Bounds(now); window.IsCalendar() {
			elapsed = now.Sub(start)
		}
		for range 200 {
			known := time.Duration(random.Int64N(int64(elapsed)))
			valid := 1 + random.Uint64()>>random.UintN(64)
			bad := random.Uint64N(valid)
			b := budget.New(target, window, sli.Counts{Good: valid - bad, Valid: valid}).KnownSince(now.Add(-known), now)
			want := new(big.Rat).SetFrac(new(big.Int).SetUint64(bad), new(big.Int).SetUint64(valid))
			want.Mul(want, big.NewRat(200, 1))
			want.Mul(want, big.NewRat(int64(known/time.Second), int64(length/time.Second)))
			check(t, text+" spent", first(b.SpentOfWindow(now)), want)
			check(t, text+" cost", first(b.Cost(now, bad)), want)
			left := want.Sub(big.NewRat(1, 1), want)
			sustainable := new(big.Rat)
			if left.Sign() > 0 {
				ahead := length
				if window.IsCalendar() {
					ahead -= elapsed
				}
				sustainable.Mul(left, big.NewRat(int64(length/time.Second), int64(ahead/time.Second)))
			}
			check(t, text+" sustainable", first(b.SustainableBurn(now)), sustainable)
		}
	}
}

// TestOutageAfterAStart has a total outage from the start of a process on. It
// spends the budget of 30 days after 43.2 minutes, as at any other time.
func TestOutageAfterAStart(t *testing.T) {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	b := budget.New(slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), sli.Counts{Valid: 1000})
	for known, want := range map[time.Duration]string{
		time.Second:                     "healthy, releases are reviewed",
		32*time.Minute + 24*time.Second: "caution, releases are reviewed",
		43*time.Minute + 11*time.Second: "caution, releases are reviewed",
		43*time.Minute + 12*time.Second: "frozen, releases are frozen",
		30*day - time.Second:            "frozen, releases are frozen",
	} {
		got := budget.Policy{}.Decide(b.KnownSince(now.Add(-known), now).State(now, "")).String()
		if !strings.HasPrefix(got, want+": ") {
			t.Errorf("after %v: got %s, want %s", known, got, want)
		}
	}
}

func TestCoverageShare(t *testing.T) {
	for _, tt := range []struct {
		known, of time.Duration
		want      string
	}{
		{0, 0, "100%"}, {0, 1, "0%"}, {-1, 1, "0%"}, {math.MinInt64, math.MaxInt64, "0%"}, {day, 4 * day, "25%"}, {5, 4, "100%"},
		{4, 4, "100%"}, {math.MaxInt64 - 1, math.MaxInt64, ">99.99%"}, {0, -1, "100%"},
	} {
		if got := (budget.Coverage{Known: tt.known, Of: tt.of}).Share().Percent(); got != tt.want {
			t.Errorf("%d of %d: got %s, want %s", tt.known, tt.of, got, tt.want)
		}
	}
}
