package status

import (
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
)

// pastPeriods is the number of calendar periods that a reading looks back.
const pastPeriods = 3

// Period is a calendar period that has ended.
type Period struct {
	// Start is its first moment, and End the first one after it.
	Start, End time.Time
	// Budget has its events and their coverage.
	Budget budget.Budget
}

// pass adds the time from one reading to the next to the calendar periods that
// it belongs to, and the events to the first of them.
func (a *account) pass(events sli.Counts, from, now time.Time) {
	if !a.objective.Window.IsCalendar() {
		return
	}
	for {
		start, end := a.objective.Window.Bounds(from)
		p := a.periodAt(start, end)
		p.Counts = p.Counts.Add(events)
		if !now.After(end) {
			p.Known += now.Sub(from)
			return
		}
		p.Known += end.Sub(from)
		events, from = sli.Counts{}, end
	}
}

// periodAt returns the period with the given ends, which is the last one or
// follows it.
func (a *account) periodAt(start, end time.Time) *stretch {
	if n := len(a.periods); n == 0 || !a.periods[n-1].Start.Equal(start) {
		a.periods = append(a.periods, stretch{Start: start, End: end})
		a.periods = a.periods[max(0, len(a.periods)-pastPeriods-1):]
	}
	return &a.periods[len(a.periods)-1]
}

// pastPeriods returns the last periods before now, the latest first. It is nil
// for a rolling window.
func (a *account) pastPeriods(now time.Time) []Period {
	w := a.objective.Window
	if !w.IsCalendar() {
		return nil
	}
	var past []Period
	at, _ := w.Bounds(now)
	for range pastPeriods {
		start, end := w.Bounds(at.Add(-1))
		known := stretch{}
		for _, p := range a.periods {
			if p.Start.Equal(start) {
				known = p
			}
		}
		coverage := budget.Coverage{Known: known.Known, Of: end.Sub(start)}
		past = append(past, Period{Start: start, End: end, Budget: budget.New(a.objective.Target, w, known.Counts).WithCoverage(coverage)})
		at = start
	}
	return past
}
