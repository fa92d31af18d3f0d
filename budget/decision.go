package budget

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Decision is the result of applying a policy to the state of a budget.
type Decision struct {
	// Step is the name of the current step. Pass it to the next decision as
	// State.Previous.
	Step string `json:"step"`
	// Release tells which changes are allowed.
	Release Release `json:"release,omitzero"`
	// Actions describe in words the work to do.
	Actions []string `json:"actions,omitempty"`
	// Reasons explain the decision in words and figures.
	Reasons []string `json:"reasons,omitempty"`
	// Postmortems are the incidents that require a postmortem, the costliest
	// first.
	Postmortems []Incident `json:"postmortems,omitempty"`
	// State is the state that the decision is based on.
	State State `json:"state"`
}

// Decide returns the policy's decision for a state. The policy must be valid.
//
// The current step is the last one whose From is reached. For the previous
// step and the steps below it, reaching Until is enough. Without data, and
// while clients are leaving, the previous step stays current, or the first
// step at the first decision, and releases are at least as strict as NoData.
//
// A window that is known for less than MinKnown frees no release. Its budget
// still freezes them: the known events have spent it, and the unknown ones
// could only add to that.
func (p Policy) Decide(state State) Decision {
	p = p.WithDefaults()
	d := Decision{State: state}
	i, reason := p.step(state)
	step := p.Steps[i]
	d.Step, d.Release = step.Name, step.Release
	d.Reasons = append(d.Reasons, reason)
	if !state.Coverage.IsComplete() {
		d.Reasons = append(d.Reasons, "the window is "+state.Coverage.String())
	}
	if step.Action != "" {
		d.Actions = append(d.Actions, step.Action)
	}
	if !state.known() && p.NoData > d.Release {
		d.Release = p.NoData
		d.Reasons = append(d.Reasons, fmt.Sprintf("without data, releases are %v", p.NoData))
	}
	if least := p.belowMinKnown(); !p.Knows(state.Coverage) && least > d.Release {
		d.Release = least
		d.Reasons = append(d.Reasons, fmt.Sprintf("below %v, releases are %v", p.MinKnown, least))
	}
	p.addPostmortems(&d)
	return d
}

// step returns the index of the current step, and the reason.
func (p Policy) step(state State) (i int, reason string) {
	isPrevious := func(s Step) bool { return s.Name == state.Previous }
	previous := max(0, slices.IndexFunc(p.Steps, isPrevious))
	if !state.known() {
		return previous, state.noData() + ", so the step stays " + p.Steps[previous].Name
	}
	spent := state.Spent.Percent() + " of the budget is spent"
	for i = len(p.Steps) - 1; i > 0; i-- {
		s := p.Steps[i]
		switch {
		case state.Spent.Compare(ratioOfShare(s.From)) >= 0:
			return i, fmt.Sprintf("%s, %s begins at %v", spent, s.Name, s.From)
		case i <= previous && state.Spent.Compare(ratioOfShare(s.until())) >= 0:
			return i, fmt.Sprintf("%s, %s ends below %v", spent, s.Name, s.until())
		}
	}
	return 0, spent
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
		d.Actions = append(d.Actions, fmt.Sprintf("write a postmortem for %q", incident.Name))
		d.Reasons = append(d.Reasons, fmt.Sprintf("%q alone spent %s, postmortem required above %v",
			incident.Name, incident.Spent.Percent(), p.Postmortem))
	}
}

// String returns the decision on one line: "frozen, releases are frozen: 104%
// of the budget is spent, frozen begins at 100%".
func (d Decision) String() string {
	return fmt.Sprintf("%s, releases are %v: %s", d.Step, d.Release, strings.Join(d.Reasons, "; "))
}

// UnmarshalJSON reads a decision and refuses unknown fields.
func (d *Decision) UnmarshalJSON(text []byte) error {
	type plain Decision
	return strictjson.Unmarshal(text, (*plain)(d))
}
