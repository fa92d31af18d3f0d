package budget

import (
	"fmt"
	"slices"
	"strings"
)

// State is what a policy decides upon.
type State struct {
	// Spent is the share of the budget that is spent, from [Budget.SpentOfWindow] or a ledger.
	Spent Ratio
	// HasData is whether Spent is known.
	HasData bool
	// Incidents are the incidents in the window.
	Incidents []Incident
	// Previous is the step of the decision before, "" for none. With it, a step lasts until its
	// Until.
	Previous string
}

// Incident is an incident in the window, and what it spent.
type Incident struct {
	// Name says which incident it was.
	Name string
	// Spent is the share of the budget that it spent alone, from [Budget.Cost] or a ledger.
	Spent Ratio
}

// Decision is what follows from the state of a budget under a policy.
type Decision struct {
	// Step is the name of the step that holds; pass it on as Previous.
	Step string
	// Release is what is allowed for changes.
	Release Release
	// Actions are what to do, in words.
	Actions []string
	// Reasons are why, in words and figures.
	Reasons []string
	// Postmortems are the incidents that require a postmortem, the costliest first.
	Postmortems []Incident
	// State is what the decision is upon.
	State State
}

// Decide returns what the policy says of a state. The policy must be valid.
//
// The step that holds is the last whose From is reached; but the previous step, and those between,
// hold on as long as their Until is reached. Without data the previous step holds on, or the first,
// and releases are as strict as NoData at least.
func (p Policy) Decide(state State) Decision {
	p = p.withDefaults()
	d := Decision{State: state}
	i, reason := p.step(state)
	step := p.Steps[i]
	d.Step, d.Release = step.Name, step.Release
	d.Reasons = append(d.Reasons, reason)
	if step.Action != "" {
		d.Actions = append(d.Actions, step.Action)
	}
	if !state.HasData && p.NoData > d.Release {
		d.Release = p.NoData
		d.Reasons = append(d.Reasons, fmt.Sprintf("without data, releases are %v", p.NoData))
	}
	p.addPostmortems(&d)
	return d
}

// step returns which step holds, and why.
func (p Policy) step(state State) (i int, reason string) {
	previous := max(0, slices.IndexFunc(p.Steps, func(s Step) bool { return s.Name == state.Previous }))
	if !state.HasData {
		return previous, "no data, so the state stays " + p.Steps[previous].Name
	}
	for i = len(p.Steps) - 1; i > 0; i-- {
		s := p.Steps[i]
		switch {
		case state.Spent.Compare(ratioOfShare(s.From)) >= 0:
			return i, fmt.Sprintf("%s of the budget is spent, %s begins at %v", state.Spent.Percent(), s.Name, s.From)
		case i <= previous && state.Spent.Compare(ratioOfShare(s.until())) >= 0:
			return i, fmt.Sprintf("%s of the budget is spent, %s lasts until it is less than %v", state.Spent.Percent(), s.Name, s.until())
		}
	}
	return 0, fmt.Sprintf("%s of the budget is spent", state.Spent.Percent())
}

func (p Policy) addPostmortems(d *Decision) {
	limit := ratioOfShare(p.Postmortem)
	for _, incident := range d.State.Incidents {
		if incident.Spent.Compare(limit) > 0 {
			d.Postmortems = append(d.Postmortems, incident)
		}
	}
	slices.SortStableFunc(d.Postmortems, func(a, b Incident) int { return b.Spent.Compare(a.Spent) })
	for _, incident := range d.Postmortems {
		d.Actions = append(d.Actions, fmt.Sprintf("write a postmortem of %q", incident.Name))
		d.Reasons = append(d.Reasons, fmt.Sprintf("%q alone spent %s of the budget, above %v a postmortem is required",
			incident.Name, incident.Spent.Percent(), p.Postmortem))
	}
}

// String returns the decision in one line: "frozen, releases are frozen: 104% of the budget is spent,
// frozen begins at 100%".
func (d Decision) String() string {
	return fmt.Sprintf("%s, releases are %v: %s", d.Step, d.Release, strings.Join(d.Reasons, "; "))
}
