package status

import (
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/sli"
)

// maxIncidents is the number of outages that have a cost, the newest ones.
const maxIncidents = 100

// incidents returns the outages in the window that cost something. An outage
// costs the bad events from its start to its end. The window's Tracker keeps
// events in cells, so the events of up to a cell before and after it count too.
func (a *account) incidents(b budget.Budget, l ledger.Ledger, now time.Time) []budget.Incident {
	var incidents []budget.Incident
	begin, _ := a.objective.Window.Bounds(now)
	outages := l.Outages(begin, now)
	for _, e := range outages[max(0, len(outages)-maxIncidents):] {
		spent, ok := b.Cost(now, a.during(e, begin, now).Bad())
		if ok && spent.Sign() > 0 {
			incidents = append(incidents, budget.Incident{Name: e.Name, Spent: spent})
		}
	}
	return incidents
}

// during returns the events of the window that an entry covers.
func (a *account) during(e ledger.Entry, begin, now time.Time) sli.Counts {
	start := e.Start
	if start.Before(begin) {
		start = begin
	}
	var events sli.Counts
	for _, c := range a.window.AppendCells(nil, now.Sub(start)) {
		if c.End.After(start) && (e.End.IsZero() || c.Start.Before(e.End)) {
			events = events.Add(c.Counts)
		}
	}
	return events
}
