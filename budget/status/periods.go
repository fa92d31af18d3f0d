package status

import (
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
)

// maxPast is the number of calendar periods that a reading looks back.
const maxPast = 3

// Period is a calendar period that has ended.
type Period struct {
	// Start is its first moment, and End the first one after it.
	Start, End time.Time
	// Budget has its events and their coverage.
	Budget budget.Budget
}

// pass adds the time that has elapsed since a moment to the calendar periods
// that it belongs to, and the events to the first of them. The elapsed time is
// less than the time until now if the clock was set forward or the machine was
// suspended. Nothing is known of the difference.
func (a *account) pass(events sli.Counts, from, now time.Time, elapsed time.Duration) {
	if !a.objective.Window.IsCalendar() {
		return
	}
	for {
		start, end := a.objective.Window.Bounds(from)
		known := elapsed
		if now.After(end) {
			known = min(elapsed, end.Sub(from))
		}
		p := a.periodAt(start, end)
		p.Counts, p.Known = p.Counts.Add(events), p.Known+known
		if elapsed -= known; elapsed <= 0 {
			return
		}
		events, from = sli.Counts{}, end
	}
}

// periodAt returns the period with the given ends. It is rarely one before the
// last: the clock was set back.
func (a *account) periodAt(start, end time.Time) *stretch {
	at := slices.IndexFunc(a.periods, func(p stretch) bool { return p.Start.Equal(start) })
	if at >= 0 {
		return &a.periods[at]
	}
	a.periods = append(a.periods, stretch{Start: start, End: end})
	a.periods = a.periods[max(0, len(a.periods)-maxPast-1):]
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
	for range maxPast {
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
