package budget_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// A budget that is known for three hours frees no release.
func ExamplePolicy_Knows() {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	b := budget.New(slo.MustParseTarget("99.5%"), slo.MustParseWindow("30d"), sli.Counts{Good: 999, Valid: 1000})
	var policy budget.Policy
	for _, started := range []time.Duration{3 * time.Hour, 10 * 24 * time.Hour} {
		known := b.KnownSince(now.Add(-started), now)
		fmt.Println(known.Coverage(), policy.Knows(known.Coverage()))
		fmt.Println(policy.Decide(known.State(now, "")))
	}
	// Output:
	// known for 3h of 30d false
	// healthy, releases are reviewed: 0.08% of the budget is spent; the window is known for 3h of 30d; below 25%, releases are reviewed
	// known for 10d of 30d true
	// healthy, releases are free: 6.67% of the budget is spent; the window is known for 10d of 30d
}

func TestMinKnown(t *testing.T) {
	quarter := budget.Coverage{Known: 7 * day, Of: 28 * day}
	less := budget.Coverage{Known: 7*day - 1, Of: 28 * day}
	nanosecond := budget.Coverage{Known: 1, Of: time.Second}
	for _, tt := range []struct {
		name   string
		policy budget.Policy
		state  budget.State
		want   string
	}{
		{"complete", budget.Policy{}, budget.State{HasData: true}, "healthy, releases are free: 0% of the budget is spent"},
		{"the default share", budget.Policy{}, budget.State{HasData: true, Coverage: quarter},
			"healthy, releases are free: 0% of the budget is spent; the window is known for 7d of 28d"},
		{"less", budget.Policy{}, budget.State{HasData: true, Coverage: less},
			"healthy, releases are reviewed: 0% of the budget is spent; the window is known for 6d23h of 28d; below 25%, releases are reviewed"},
		{"a step that is as strict", budget.Policy{}, budget.State{HasData: true, Coverage: less, Spent: spent(800)},
			"caution, releases are reviewed: 80% of the budget is spent, caution begins at 75%; the window is known for 6d23h of 28d"},
		{"a spent budget", budget.Policy{}, budget.State{HasData: true, Coverage: less, Spent: spent(1000)},
			"frozen, releases are frozen: 100% of the budget is spent, frozen begins at 100%; the window is known for 6d23h of 28d"},
		{"another share", budget.Policy{MinKnown: slo.MustParseShare("50%")}, budget.State{HasData: true, Coverage: quarter},
			"healthy, releases are reviewed: 0% of the budget is spent; the window is known for 7d of 28d; below 50%, releases are reviewed"},
		{"the smallest share", budget.Policy{MinKnown: slo.MustParseShare("0.0000001%")}, budget.State{HasData: true, Coverage: nanosecond},
			"healthy, releases are free: 0% of the budget is spent; the window is known for 0s of 1s"},
		{"frozen without data", budget.Policy{NoData: budget.ReleaseFrozen}, budget.State{HasData: true, Coverage: less},
			"healthy, releases are frozen: 0% of the budget is spent; the window is known for 6d23h of 28d; below 25%, releases are frozen"},
		{"free without data", budget.Policy{NoData: budget.ReleaseFree}, budget.State{Coverage: less},
			"healthy, releases are reviewed: no data, so the step stays healthy; the window is known for 6d23h of 28d; below 25%, releases are reviewed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := tt.policy.Decide(tt.state)
			if got := d.String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			roundTrip(t, tt.policy)
			roundTrip(t, d)
		})
	}
}

// TestMinKnownOnlyRestricts compares random decisions with the one for the same
// state of a window that is known completely.
func TestMinKnownOnlyRestricts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	restricted := 0
	for range 10_000 {
		policy := budget.Policy{
			NoData: budget.Release(random.UintN(4)), MinKnown: slo.MustParseShare(fmt.Sprintf("0.%03d", random.UintN(1000))),
		}
		steps := []string{"", "healthy", "caution", "frozen"}
		complete := budget.State{
			Spent: spent(random.Uint64N(1500)), HasData: random.UintN(4) > 0, ClientsLeaving: random.UintN(4) == 0,
			Previous: steps[random.UintN(4)],
		}
		partly := complete
		partly.Coverage = budget.Coverage{Known: time.Duration(random.Int64N(1000)), Of: 1000}
		got, before := policy.Decide(partly), policy.Decide(complete)
		want := before.Release
		min := policy.WithDefaults().MinKnown
		if int64(partly.Coverage.Known)*1_000_000 < min.PartsPerBillion() {
			want = max(want, budget.ReleaseReviewed, policy.NoData)
			restricted++
		}
		if got.Release != want || got.Step != before.Step {
			t.Fatalf("%v for %v: got %v, want %s, %v", policy, partly, got, before.Step, want)
		}
	}
	if restricted < 1000 {
		t.Errorf("only %d of 10000 states are known for too little", restricted)
	}
}
