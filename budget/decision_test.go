package budget_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExamplePolicy_Decide() {
	b := budget.New(slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), sli.Counts{Good: 998_960, Valid: 1_000_000})
	now := time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC)
	spent, hasData := b.SpentOfWindow(now)
	outage, _ := b.Cost(now, 700)
	decision := budget.Policy{}.Decide(budget.State{
		Spent: spent, HasData: hasData, Previous: "caution",
		Incidents: []budget.Incident{{Name: "database failover", Spent: outage}},
	})
	fmt.Println(decision.Step, decision.Release)
	for _, reason := range decision.Reasons {
		fmt.Println("because", reason)
	}
	for _, action := range decision.Actions {
		fmt.Println("->", action)
	}
	// Output:
	// frozen frozen
	// because 104% of the budget is spent, frozen begins at 100%
	// because "database failover" alone spent 70%, postmortem required above 20%
	// -> work on reliability only; release only repairs and security fixes
	// -> write a postmortem for "database failover"
}

// spent returns a number of thousandths of a budget.
func spent(permille uint64) budget.Ratio { return budget.RatioOf(permille, 1000) }

// TestDefaultPolicySteps specifies the default policy, with and without a
// previous step.
func TestDefaultPolicySteps(t *testing.T) {
	for _, tt := range []struct {
		permille uint64 // spent
		previous string
		want     string
		release  budget.Release
		reason   string
	}{
		{0, "", "healthy", budget.ReleaseFree, "0% of the budget is spent"},
		{749, "", "healthy", budget.ReleaseFree, "74.9% of the budget is spent"},
		{750, "", "caution", budget.ReleaseReviewed, "75% of the budget is spent, caution begins at 75%"},
		{999, "", "caution", budget.ReleaseReviewed, "99.9% of the budget is spent, caution begins at 75%"},
		{1000, "", "frozen", budget.ReleaseFrozen, "100% of the budget is spent, frozen begins at 100%"},
		{3000, "", "frozen", budget.ReleaseFrozen, "300% of the budget is spent, frozen begins at 100%"},
		// A previous step lasts until its Until.
		{700, "healthy", "healthy", budget.ReleaseFree, "70% of the budget is spent"},
		{700, "caution", "caution", budget.ReleaseReviewed, "70% of the budget is spent, caution ends below 65%"},
		{650, "caution", "caution", budget.ReleaseReviewed, "65% of the budget is spent, caution ends below 65%"},
		{649, "caution", "healthy", budget.ReleaseFree, "64.9% of the budget is spent"},
		{950, "caution", "caution", budget.ReleaseReviewed, "95% of the budget is spent, caution begins at 75%"},
		{950, "frozen", "frozen", budget.ReleaseFrozen, "95% of the budget is spent, frozen ends below 90%"},
		{899, "frozen", "caution", budget.ReleaseReviewed, "89.9% of the budget is spent, caution begins at 75%"},
		{700, "frozen", "caution", budget.ReleaseReviewed, "70% of the budget is spent, caution ends below 65%"},
		{600, "frozen", "healthy", budget.ReleaseFree, "60% of the budget is spent"},
		{1000, "healthy", "frozen", budget.ReleaseFrozen, "100% of the budget is spent, frozen begins at 100%"},
		{700, "a step of another policy", "healthy", budget.ReleaseFree, "70% of the budget is spent"},
	} {
		t.Run(fmt.Sprintf("%d after %q", tt.permille, tt.previous), func(t *testing.T) {
			d := budget.Policy{}.Decide(budget.State{Spent: spent(tt.permille), HasData: true, Previous: tt.previous})
			if d.Step != tt.want || d.Release != tt.release {
				t.Errorf("got %s, %v, want %s, %v", d.Step, d.Release, tt.want, tt.release)
			}
			if diff := cmp.Diff([]string{tt.reason}, d.Reasons); diff != "" {
				t.Error(diff)
			}
			if len(d.Actions) != 1 || d.Postmortems != nil {
				t.Errorf("got actions %q and postmortems %v, want one action and no postmortem", d.Actions, d.Postmortems)
			}
		})
	}
}

func TestGateDoesNotFlap(t *testing.T) {
	var got []string
	step := ""
	for _, permille := range []uint64{990, 1001, 999, 1002, 998, 905, 1000, 899, 901, 999} {
		d := budget.Policy{}.Decide(budget.State{Spent: spent(permille), HasData: true, Previous: step})
		if d.Step != step {
			got = append(got, d.Step)
		}
		step = d.Step
	}
	if want := "caution frozen caution"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDecideWithoutData(t *testing.T) {
	for _, tt := range []struct {
		name     string
		policy   budget.Policy
		previous string
		want     string
	}{
		{"no previous step",
			budget.Policy{}, "", "healthy, releases are reviewed: " +
				"no data, so the step stays healthy; without data, releases are reviewed"},
		{"frozen previously",
			budget.Policy{}, "frozen", "frozen, releases are frozen: no data, so the step stays frozen"},
		{"frozen without data",
			budget.Policy{NoData: budget.ReleaseFrozen}, "caution", "caution, releases are frozen: " +
				"no data, so the step stays caution; without data, releases are frozen"},
		{"free without data",
			budget.Policy{NoData: budget.ReleaseFree}, "", "healthy, releases are free: no data, so the step stays healthy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state := budget.State{Previous: tt.previous}
			if got := tt.policy.Decide(state).String(); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestPostmortems(t *testing.T) {
	state := budget.State{HasData: true, Incidents: []budget.Incident{
		{Name: "just a fifth", Spent: spent(200)}, {Name: "more", Spent: spent(201)}, {Name: "most", Spent: spent(350)},
	}}
	names := func(p budget.Policy) (names []string) {
		for _, incident := range p.Decide(state).Postmortems {
			names = append(names, incident.Name)
		}
		return names
	}
	if diff := cmp.Diff([]string{"most", "more"}, names(budget.Policy{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"most"}, names(budget.Policy{Postmortem: slo.MustParseShare("30%")})); diff != "" {
		t.Error(diff)
	}
}

func TestCustomPolicy(t *testing.T) {
	policy := budget.Policy{Steps: []budget.Step{
		{Name: "go", Release: budget.ReleaseFree},
		{Name: "stop", From: slo.MustParseShare("50%"), Release: budget.ReleaseFrozen, Action: "stop"},
	}}
	for permille, want := range map[uint64]string{499: "go", 500: "stop"} {
		d := policy.Decide(budget.State{Spent: spent(permille), HasData: true, Previous: "stop"})
		if d.Step != want {
			t.Errorf("%d: got %s, want %s, since a step without Until ends at From", permille, d.Step, want)
		}
		if want == "go" && len(d.Actions) != 0 {
			t.Errorf("got actions %q, want none", d.Actions)
		}
	}
}
