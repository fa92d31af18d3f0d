package sligo

import (
	"sync"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

const (
	// longest is the longest window that a [budget.Tracker] holds. Longer ones are
	// known for this time at most.
	longest = 90 * 24 * time.Hour

	// period is the time between two readings of the recorder, which is the finest
	// resolution of a Tracker.
	period = 10 * time.Second
)

// books hold the events of the objectives over their windows, in the memory of
// the process. A goroutine reads the recorder until close.
type books struct {
	service  string
	recorder *sli.Recorder
	policy   budget.Policy
	quit     chan struct{}
	done     chan struct{}
	closing  sync.Once

	mu       sync.Mutex // guards the accounts
	accounts []*account
}

// account has the events of one objective.
type account struct {
	objective slo.Objective
	window    *budget.Tracker
	alerts    budget.Alerts
	// hour has the last hour's events: those that are valid as good, and those
	// whose client left as bad.
	hour *budget.Tracker

	seen sli.Counts // at the last reading
	left uint64     // clients that left, at the last reading

	slice sli.Counts // of the running slice, if the objective judges slices
	ends  time.Time  // end of the running slice

	step string // of the policy's last decision
}

func openBooks(service string, recorder *sli.Recorder, objectives []slo.Objective, policy budget.Policy) *books {
	b := &books{service: service, recorder: recorder, policy: policy, quit: make(chan struct{}), done: make(chan struct{})}
	now, every := time.Now(), period
	for _, o := range objectives {
		b.accounts = append(b.accounts, newAccount(o, now))
		if o.Slices.Length > 0 {
			every = gcd(every, o.Slices.Length)
		}
	}
	go b.keep(every)
	return b
}

func newAccount(o slo.Objective, now time.Time) *account {
	a := &account{objective: o, ends: now.Add(o.Slices.Length)}
	length := o.Window.Length(now)
	if o.Stage != slo.StageMeasure {
		a.alerts = budget.NewAlerts(o.Alerts, o.Target, length)
	}
	if o.Window.IsCalendar() {
		length += 3 * 24 * time.Hour // other months and quarters can be longer
	}
	a.window, _ = budget.NewTracker(min(length, longest)) // valid
	a.hour, _ = budget.NewTracker(time.Hour)              // valid
	return a
}

// keep reads the recorder until the books are closed.
func (b *books) keep(every time.Duration) {
	defer close(b.done)
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for {
		select {
		case now := <-ticks.C:
			b.status(now)
		case <-b.quit:
			return
		}
	}
}

// close ends the readings.
func (b *books) close() {
	b.closing.Do(func() { close(b.quit) })
	<-b.done
}

// status reads the recorder and decides about each objective.
func (b *books) status(now time.Time) Status {
	report := b.recorder.Report()
	tallies := make(map[string]sli.Tally, len(report.Indicators))
	for _, t := range report.Indicators {
		tallies[t.Name] = t
	}
	s := Status{At: now, Service: b.service, Since: b.recorder.Created()}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, a := range b.accounts {
		a.add(tallies[a.objective.Indicator.Name], now)
		s.Objectives = append(s.Objectives, a.decide(b.policy, now))
	}
	return s
}

// add books the events since the last reading. A reading that was overtaken by
// a later one books nothing.
func (a *account) add(t sli.Tally, now time.Time) {
	left := t.Ignored[sli.ReasonClientLeft]
	fresh, ok := t.Counts.Sub(a.seen)
	if !ok || left < a.left {
		return
	}
	a.hour.Add(sli.Counts{Good: fresh.Valid, Valid: fresh.Valid + left - a.left})
	a.seen, a.left = t.Counts, left
	if a.objective.Slices.Length == 0 {
		a.window.Add(fresh)
		return
	}
	a.slice = a.slice.Add(fresh)
	if now.Before(a.ends) {
		return
	}
	a.window.Add(budget.CountSlices(a.objective.Slices, func(yield func(sli.Counts) bool) { yield(a.slice) }))
	a.slice = sli.Counts{}
	for !now.Before(a.ends) {
		a.ends = a.ends.Add(a.objective.Slices.Length)
	}
}

// decide applies the policy.
func (a *account) decide(policy budget.Policy, now time.Time) ObjectiveStatus {
	b := a.window.Budget(a.objective.Target, a.objective.Window)
	state := b.State(now, a.step)
	hour := a.hour.Counts(time.Hour)
	state.ClientsLeaving = budget.ClientsLeaving(hour.Bad(), hour.Good)
	d := policy.Decide(state)
	a.step = d.Step
	s := ObjectiveStatus{ID: a.objective.ID(), State: d.Step, Objective: a.objective, Budget: b, Decision: d, Alarms: a.alarms(now)}
	switch {
	case state.ClientsLeaving:
		s.State = StateClientsLeaving
	case !state.HasData:
		s.State = StateNoData
	case d.Step == policy.WithDefaults().Steps[0].Name && !policy.Knows(b.Coverage()):
		s.State = StateTooEarly
	}
	return s
}

// alarms evaluates the alerts. A window that is known in part has no data,
// because a few bad events would look like hours of them.
func (a *account) alarms(now time.Time) []budget.Alarm {
	known := func(length time.Duration) sli.Counts {
		if a.window.Covered(length) < length {
			return sli.Counts{}
		}
		return a.window.Counts(length)
	}
	return a.alerts.Evaluate(nil, known, a.window.Expected(a.objective.Window.Length(now)))
}

func gcd(a, b time.Duration) time.Duration {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
