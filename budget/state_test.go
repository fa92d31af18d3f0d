package budget_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// A policy decides from the state of a budget and the previous step.
func ExampleBudget_State() {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	target, window := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d")
	var policy budget.Policy
	step := ""
	for _, bad := range []uint64{100, 800, 1010, 950} {
		b := budget.New(target, window, sli.Counts{Good: 1_000_000 - bad, Valid: 1_000_000})
		decision := policy.Decide(b.State(now, step))
		fmt.Println(decision)
		step = decision.Step
	}
	// Output:
	// healthy, releases are free: 10% of the budget is spent
	// caution, releases are reviewed: 80% of the budget is spent, caution begins at 75%
	// frozen, releases are frozen: 101% of the budget is spent, frozen begins at 100%
	// frozen, releases are frozen: 95% of the budget is spent, frozen ends below 90%
}

// While a service hangs, clients give up, and nothing is left to judge.
func ExampleClientsLeaving() {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	b := budget.New(slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), sli.Counts{Good: 999_900, Valid: 1_000_000})
	state := b.State(now, "healthy")
	const clientLeft, valid = 932, 4 // in the last hour
	state.ClientsLeaving = budget.ClientsLeaving(clientLeft, valid)
	fmt.Println(state)
	fmt.Println(budget.Policy{}.Decide(state))
	// Output:
	// no data, clients leaving, previously healthy
	// healthy, releases are reviewed: no data, clients leaving, so the step stays healthy; without data, releases are reviewed
}

func TestBudgetState(t *testing.T) {
	now := time.Date(2026, 4, 4, 0, 0, 0, 0, time.UTC) // a tenth of the month
	counts := sli.Counts{Good: 98, Valid: 100}
	for _, tt := range []struct {
		name     string
		b        budget.Budget
		previous string
		want     string
	}{
		{"rolling", budget.New(slo.MustParseTarget("99%"), slo.MustParseWindow("30d"), counts), "", "200% spent"},
		{"calendar", budget.New(slo.MustParseTarget("99%"), slo.MustParseWindow("month"), counts), "caution", "20% spent, previously caution"},
		{"no traffic", budget.New(slo.MustParseTarget("99%"), slo.MustParseWindow("30d"), sli.Counts{}), "frozen", "no data, previously frozen"},
		{"no window", budget.New(slo.MustParseTarget("99%"), slo.Window{}, counts), "", "no data"},
		{"the zero Budget", budget.Budget{}, "", "no data"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state := tt.b.State(now, tt.previous)
			if got := state.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			spent, ok := tt.b.SpentOfWindow(now)
			if state.HasData != ok || state.Spent.Compare(spent) != 0 || state.Incidents != nil {
				t.Errorf("got %+v, want %v, %t", state, spent, ok)
			}
			roundTrip(t, state)
		})
	}
}

func TestClientsLeaving(t *testing.T) {
	for _, tt := range []struct {
		clientLeft, valid uint64
		want              bool
	}{
		{0, 0, false}, {1, 0, true}, {0, 1, false}, {5, 5, false}, {6, 5, true}, {math.MaxUint64, math.MaxUint64 - 1, true},
	} {
		if got := budget.ClientsLeaving(tt.clientLeft, tt.valid); got != tt.want {
			t.Errorf("%d left, %d valid: got %t, want %t", tt.clientLeft, tt.valid, got, tt.want)
		}
	}
}

// TestClientsLeavingIsNoData checks that neither a low nor a high share of the
// budget moves the step while clients leave.
func TestClientsLeavingIsNoData(t *testing.T) {
	for _, permille := range []uint64{0, 700, 2000} {
		for _, previous := range []string{"healthy", "caution", "frozen"} {
			state := budget.State{Spent: spent(permille), HasData: true, ClientsLeaving: true, Previous: previous}
			without := budget.State{Previous: previous}
			got, want := budget.Policy{}.Decide(state), budget.Policy{}.Decide(without)
			if got.Step != previous || got.Step != want.Step || got.Release != want.Release {
				t.Errorf("%d after %s: got %s, %v, want %s, %v", permille, previous, got.Step, got.Release, want.Step, want.Release)
			}
			roundTrip(t, state)
		}
	}
}
