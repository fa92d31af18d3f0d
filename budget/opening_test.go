package budget_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// An outage froze releases. They open when its first hour is 30 days old.
func ExamplePolicy_OpensAt() {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	target, window := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d")
	var cells []budget.Cell
	var sum sli.Counts
	for start := now.Add(-30 * 24 * time.Hour); start.Before(now); start = start.Add(time.Hour) {
		c := budget.Cell{Start: start, End: start.Add(time.Hour), Known: time.Hour, Counts: sli.Counts{Good: 1000, Valid: 1000}}
		if start.Day() == 3 && start.Hour() < 3 {
			c.Counts.Good = 700 // on March 3, three hours with 300 bad events each
		}
		cells = append(cells, c)
		sum = sum.Add(c.Counts)
	}
	var policy budget.Policy
	b := budget.New(target, window, sum)
	decision := policy.Decide(b.State(now, ""))
	fmt.Println(decision)
	fmt.Println(policy.OpensAt(b, decision, cells, now))
	// Output:
	// frozen, releases are frozen: 125% of the budget is spent, frozen begins at 100%
	// 2026-04-02 01:00:00 +0000 UTC true
}

// randomCells returns the cells of 30 days at steady traffic, of which some
// have bad events.
func randomCells(random *rand.Rand, now time.Time) (cells []budget.Cell, sum sli.Counts) {
	for start := now.Add(-30 * day); start.Before(now); start = start.Add(6 * time.Hour) {
		c := budget.Cell{Start: start, End: start.Add(6 * time.Hour), Known: 6 * time.Hour, Counts: sli.Counts{Good: 1000, Valid: 1000}}
		if random.UintN(10) == 0 {
			c.Counts.Good -= random.Uint64N(30)
		}
		cells, sum = append(cells, c), sum.Add(c.Counts)
	}
	return cells, sum
}

// TestOpensAtAgreesWithBruteForce continues the traffic with good events, and
// decides once an hour until the policy allows more.
func TestOpensAtAgreesWithBruteForce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	target, window := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d")
	policies := []budget.Policy{
		{}, {MinKnown: slo.MustParseShare("90%")}, {Steps: []budget.Step{{Name: "stop", Release: budget.ReleaseFrozen}}},
	}
	opened := 0
	for i := range 300 {
		policy := policies[i%len(policies)]
		cells, _ := randomCells(random, now)
		unknown := random.IntN(len(cells))
		var sum sli.Counts
		var known time.Duration
		for j := range cells {
			if j < unknown && i%2 == 0 { // before the start of the process
				cells[j].Known, cells[j].Counts = 0, sli.Counts{}
			}
			known += cells[j].Known
			sum = sum.Add(cells[j].Counts)
		}
		b := budget.New(target, window, sum).WithCoverage(budget.Coverage{Known: known, Of: 30 * day})
		d := policy.Decide(b.State(now, []string{"", "caution", "frozen"}[random.IntN(3)]))
		want, ok := bruteForce(policy, d, target, window, cells, now)
		got, gotOK := policy.OpensAt(b, d, cells, now)
		if gotOK != ok || !got.Equal(want) {
			t.Fatalf("%v: got %v, %t, want %v, %t", d, got, gotOK, want, ok)
		}
		if ok {
			opened++
		}
	}
	if opened < 50 {
		t.Errorf("only %d of 300 budgets open", opened)
	}
}

func bruteForce(policy budget.Policy, d budget.Decision, target slo.Target, window slo.Window, cells []budget.Cell, now time.Time) (time.Time, bool) {
	if d.Release == budget.ReleaseFree {
		return time.Time{}, false
	}
	release := d.Release
	for range 120 {
		end := cells[len(cells)-1].End
		cells = append(cells[1:len(cells):len(cells)], budget.Cell{
			Start: end, End: end.Add(6 * time.Hour), Known: 6 * time.Hour, Counts: sli.Counts{Good: 1000, Valid: 1000},
		})
		now = now.Add(6 * time.Hour)
		d = policy.Decide(budgetOf(target, window, cells, now).State(now, d.Step))
		if d.Release < release {
			return now, true
		}
	}
	return time.Time{}, false
}

// TestTrackerOpens lets a process fail for an hour, and asks its Tracker when
// releases open. The Tracker then decides as predicted: not earlier.
func TestTrackerOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const length = 30 * day
		tracker := newTracker(t, length)
		target, window := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d")
		hour := func(good uint64) {
			time.Sleep(30 * time.Minute)
			tracker.Add(sli.Counts{Good: good, Valid: 1000})
			time.Sleep(30 * time.Minute)
		}
		for i := range 40 * 24 {
			hour(map[bool]uint64{false: 1000, true: 300}[i == 800 || i == 850])
		}
		var policy budget.Policy
		now := time.Now()
		b := tracker.Budget(target, window)
		d := policy.Decide(b.State(now, ""))
		at, ok := policy.OpensAt(b, d, tracker.AppendCells(nil, length), now)
		if d.Step != "frozen" || !ok {
			t.Fatalf("got %v, opening at %v, %t", d, at, ok)
		}
		for time.Now().Before(at) {
			if d = policy.Decide(tracker.Budget(target, window).State(time.Now(), d.Step)); d.Step != "frozen" {
				t.Fatalf("%s at %v, want frozen until %v", d.Step, time.Now(), at)
			}
			hour(1000)
		}
		if d = policy.Decide(tracker.Budget(target, window).State(time.Now(), d.Step)); d.Step != "healthy" || !time.Now().Equal(at) {
			t.Errorf("%s at %v, want healthy at %v", d.Step, time.Now(), at)
		}
	})
}

func TestOpensAtInACalendarWindow(t *testing.T) {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	b := budget.New(slo.MustParseTarget("99.9%"), slo.MustParseWindow("month Asia/Seoul"), sli.Counts{Good: 990, Valid: 1000})
	for _, tt := range []struct {
		name   string
		policy budget.Policy
		want   string
	}{
		{"frozen", budget.Policy{}, "2026-04-01T00:00:00+09:00 true"},
		{"always frozen", budget.Policy{Steps: []budget.Step{{Name: "stop", Release: budget.ReleaseFrozen}}}, "0001-01-01T00:00:00Z false"},
	} {
		at, ok := tt.policy.OpensAt(b, tt.policy.Decide(b.State(now, "")), nil, now)
		if got := fmt.Sprint(at.Format(time.RFC3339), " ", ok); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestOpensAtHasNoAnswer(t *testing.T) {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	target, window := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d")
	frozen := budget.Decision{Step: "frozen", Release: budget.ReleaseFrozen, State: budget.State{HasData: true}}
	bad := budget.New(target, window, sli.Counts{Valid: 1000})
	for _, tt := range []struct {
		name string
		b    budget.Budget
		d    budget.Decision
	}{
		{"free", bad, budget.Decision{Step: "healthy", Release: budget.ReleaseFree, State: budget.State{HasData: true}}},
		{"the zero Decision", bad, budget.Decision{}},
		{"no data", budget.New(target, window, sli.Counts{}), frozen},
		{"a decision without data", bad, budget.Decision{Step: "frozen", Release: budget.ReleaseFrozen}},
		{"no window", budget.New(target, slo.Window{}, sli.Counts{Valid: 1}), frozen},
		{"no cells", bad, frozen},
	} {
		cells := []budget.Cell{{Start: now.Add(-31 * day), End: now.Add(-30 * day), Counts: sli.Counts{Valid: 1000}}}
		if at, ok := (budget.Policy{}).OpensAt(tt.b, tt.d, cells, now); ok {
			t.Errorf("%s: got %v, want no time", tt.name, at)
		}
	}
}
