package status

import (
	"log/slog"
	"time"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// ReasonExcluded is the reason for which valid events do not count if the
// ledger excludes their time.
const ReasonExcluded sli.Reason = "excluded"

const (
	// maxExclusions is the number of exclusions that an account remembers. More
	// of them within a window are agreed service hours rather than planned
	// work.
	maxExclusions = 100
	// planAhead is how far a reading tells exclusions ahead.
	planAhead = 30 * 24 * time.Hour
)

// Exclusion is a time whose events do not count, because the ledger excludes
// it.
type Exclusion struct {
	// Start is its first moment, and End the first one after it. A zero End
	// means that it has none yet. Both can be in the future.
	Start, End time.Time
	// Counts are the events in it that did not count.
	Counts sli.Counts
}

// stretch is a time with the events in it.
type stretch struct {
	Start  time.Time     `json:"start"`
	End    time.Time     `json:"end"`
	Counts sli.Counts    `json:"counts"`
	Known  time.Duration `json:"known,omitempty"`
}

// exclude remembers events that do not count.
func (a *account) exclude(events sli.Counts, from, now time.Time) {
	if n := len(a.excluded); n > 0 && a.excluded[n-1].End.Equal(from) {
		last := &a.excluded[n-1]
		last.End, last.Counts = now, last.Counts.Add(events)
		return
	}
	a.excluded = append(a.excluded, stretch{Start: from, End: now, Counts: events})
	begin, _ := a.objective.Window.Bounds(now)
	for len(a.excluded) > maxExclusions || a.excluded[0].End.Before(begin) {
		a.excluded = a.excluded[1:]
	}
}

// exclusions returns the times of the window whose events did not count, and
// those ahead whose events will not.
func (a *account) exclusions(l ledger.Ledger, now time.Time) []Exclusion {
	var all []Exclusion
	begin, _ := a.objective.Window.Bounds(now)
	for _, s := range a.excluded {
		if s.End.After(begin) {
			all = append(all, Exclusion{Start: s.Start, End: s.End, Counts: s.Counts})
		}
	}
	planned := l.Excluded(now, now.Add(planAhead))
	for _, e := range planned[:min(len(planned), maxExclusions)] {
		start := e.Start
		if start.Before(now) {
			start = now
		}
		all = append(all, Exclusion{Start: start, End: e.End})
	}
	return all
}

// ledger returns the ledger of the options. It is empty if the function panics,
// and then all events count.
func (b *Books) ledger() ledger.Ledger {
	if b.options.Ledger == nil {
		return ledger.Ledger{}
	}
	var l ledger.Ledger
	err := guard.Call(func() { l = b.options.Ledger() })
	if err != nil && !b.panicked.Swap(true) {
		b.options.Logger.Error("Budgets exclude nothing: the function of the ledger panicked", slog.String("error", err.Error()))
	}
	return l
}

// untilEdge returns the time until the next moment at which events begin or
// cease to count, or a calendar period ends. Booking at that moment keeps the
// events of both sides apart. If no such moment is near, it returns more than
// the time until the next reading.
func (b *Books) untilEdge(now time.Time) time.Duration {
	edge := now.Add(2 * readPeriod)
	note := func(at time.Time) {
		if at.After(now) && at.Before(edge) {
			edge = at
		}
	}
	for _, e := range b.ledger().Excluded(now, edge) {
		note(e.Start)
		note(e.End)
	}
	for _, a := range b.accounts { // their objectives never change
		if a.objective.Window.IsCalendar() {
			_, end := a.objective.Window.Bounds(now)
			note(end)
		}
	}
	return edge.Sub(now)
}
