package status

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// account has the events of one objective.
type account struct {
	objective slo.Objective
	window    *budget.Tracker
	alerts    budget.Alerts
	// hour has the last hour's events: those that are valid as good, and those
	// whose client left as bad.
	hour *budget.Tracker

	seen     sli.Counts // at the last reading
	left     uint64     // clients that left, at the last reading
	bookedAt time.Time  // of the last reading

	excluded []stretch // times whose events do not count, the oldest first
	ignored  uint64    // events that did not count, since the start
	periods  []stretch // calendar periods, the present one last

	slice sli.Counts // of the running slice, if the objective judges slices
	ends  time.Time  // end of the running slice

	step  string    // of the policy's last decision
	state string    // at the last reading
	since time.Time // when state began, zero if that is not known

	history   []Point
	historyAt time.Time // when history was computed
}

func newAccount(o slo.Objective, now time.Time) *account {
	a := &account{objective: o, bookedAt: now, ends: now.Add(o.Slices.Length)}
	if o.Stage != slo.StageMeasure {
		a.alerts = budget.NewAlerts(o.Alerts, o.Target, o.Window.AlertLength())
	}
	length := o.Window.Length(now)
	if o.Window.IsCalendar() {
		length += 3 * 24 * time.Hour // other months and quarters can be longer
	}
	// The first of the windows that the history shows ends where the present
	// one begins, so twice the length has to be known.
	a.window, _ = budget.NewTracker(min(2*length, longest)) // valid
	a.hour, _ = budget.NewTracker(time.Hour)                // valid
	return a
}

// add books the events since the last reading. They do not count if the ledger
// excludes the moment of that reading. A reading that was overtaken by a later
// one books nothing.
func (a *account) add(t sli.Tally, l ledger.Ledger, now time.Time) {
	left := t.Ignored[sli.ReasonClientLeft]
	fresh, ok := t.Counts.Sub(a.seen)
	if !ok || left < a.left || now.Before(a.bookedAt) {
		return
	}
	leaving, from := left-a.left, a.bookedAt
	a.seen, a.left, a.bookedAt = t.Counts, left, now
	if l.Excludes(from) {
		a.exclude(fresh, from, now)
		a.ignored += fresh.Valid
		fresh, leaving = sli.Counts{}, 0
	}
	a.hour.Add(sli.Counts{Good: fresh.Valid, Valid: fresh.Valid + leaving})
	counts := a.judged(fresh, now)
	a.window.Add(counts)
	a.pass(counts, from, now, now.Sub(from)) // of the monotonic clock
}

// judged returns the counts of events. If the objective judges slices, it
// returns the counts of the slices that have ended.
func (a *account) judged(fresh sli.Counts, now time.Time) sli.Counts {
	if a.objective.Slices.Length == 0 {
		return fresh
	}
	a.slice = a.slice.Add(fresh)
	if now.Before(a.ends) {
		return sli.Counts{}
	}
	counts := a.objective.Slices.Count(func(yield func(sli.Counts) bool) { yield(a.slice) })
	a.slice = sli.Counts{}
	for !now.Before(a.ends) {
		a.ends = a.ends.Add(a.objective.Slices.Length)
	}
	return counts
}

// decide applies the policy to the budget and to the outages of the ledger.
func (a *account) decide(policy budget.Policy, l ledger.Ledger, now time.Time) (budget.Budget, budget.Decision) {
	b := a.window.Budget(a.objective.Target, a.objective.Window)
	state := b.State(now, a.step)
	hour := a.hour.Counts(time.Hour)
	state.ClientsLeaving = budget.ClientsLeaving(hour.Bad(), hour.Good)
	state.Incidents = a.incidents(b, l, now)
	d := policy.Decide(state)
	a.step = d.Step
	a.note(StateOf(d, policy), b.Coverage(), now)
	return b, d
}

// read returns the objective's state.
func (a *account) read(policy budget.Policy, l ledger.Ledger, now time.Time) Objective {
	b, d := a.decide(policy, l, now)
	return Objective{
		Objective: a.objective, State: a.state, Since: a.since, Budget: b, Decision: d, OpensAt: a.opensAt(policy, b, d, now),
		Spans: a.spans(now), Alarms: a.alarms(), History: a.past(now), Periods: a.pastPeriods(now), Exclusions: a.exclusions(l, now),
	}
}

// note remembers when the state began. The beginning of the first state is
// unknown, except if it is too early to tell: that state began with the known
// part of the window.
func (a *account) note(state string, c budget.Coverage, now time.Time) {
	switch before := a.state; {
	case before == state:
	case state == StateTooEarly && (before == "" || before == StateNoData):
		a.since = now.Add(-c.Known)
	case before != "":
		a.since = now
	}
	a.state = state
}

// StateOf returns the state that shows a decision: the policy's step, or one of
// the constants of this package. If the step alone would free releases, and the
// window is barely known, the state is [StateTooEarly].
func StateOf(d budget.Decision, policy budget.Policy) string {
	switch {
	case d.State.ClientsLeaving:
		return StateClientsLeaving
	case !d.State.HasData:
		return StateNoData
	case !policy.Knows(d.State.Coverage) && d.Release > releaseOf(d.Step, policy):
		return StateTooEarly
	}
	return d.Step
}

// releaseOf returns the releases that a step allows.
func releaseOf(step string, policy budget.Policy) budget.Release {
	for _, s := range policy.WithDefaults().Steps {
		if s.Name == step {
			return s.Release
		}
	}
	return 0
}

// spanLengths are the lengths of the spans, as far as they fit into the window.
var spanLengths = []time.Duration{
	time.Hour, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour,
}

func (a *account) spans(now time.Time) []Span {
	var spans []Span
	window := a.objective.Window.Length(now)
	for _, length := range spanLengths {
		if length < window {
			spans = append(spans, Span{Length: length, Known: a.window.Covered(length), Counts: a.window.Counts(length)})
		}
	}
	return spans
}

// alarms evaluates the alerts whose windows are known for three quarters. The
// minute that a restart can take then silences no alert, not even one with a
// window of five minutes, and a new process waits with its alerts.
func (a *account) alarms() []budget.Alarm {
	known := func(length time.Duration) sli.Counts {
		if a.window.Covered(length) < length*3/4 {
			return sli.Counts{}
		}
		return a.window.Counts(length)
	}
	return a.alerts.Evaluate(nil, known, a.window.Expected(a.objective.Window.AlertLength()))
}

// ignoredBy returns the events that do not count, by reason.
func (a *account) ignoredBy(t sli.Tally) map[sli.Reason]uint64 {
	ignored := map[sli.Reason]uint64{}
	maps.Copy(ignored, t.Ignored)
	if a.ignored > 0 {
		ignored[ReasonExcluded] = a.ignored
	}
	return ignored
}

// unseen returns the requests that no event has matched, sorted.
func unseen(t sli.Tally) []string {
	names := []string{}
	for name, seen := range t.Seen {
		if !seen {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func indicatorPath(i int) string { return fmt.Sprintf("objectives[%d].Indicator", i) }

func gcd(a, b time.Duration) time.Duration {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
