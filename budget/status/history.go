package status

import (
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
)

const (
	// points is the maximum number of points of a history, which is enough for
	// a chart on a wide screen.
	points = 240
	// historyPeriod is the time between two computations of a history.
	historyPeriod = time.Minute
)

// past returns the budget over the window. It computes it again if the last
// time is long ago for the window, because each point is the sum of a window.
func (a *account) past(now time.Time) []Point {
	length := a.objective.Window.Length(now)
	if !a.historyAt.IsZero() && now.Sub(a.historyAt) < min(historyPeriod, length/points) {
		return a.history
	}
	a.historyAt = now
	a.history = nil
	cells := a.window.AppendCells(nil, min(2*length, longest))
	begin, _ := a.objective.Window.Bounds(now)
	every := len(cells)/(2*points) + 1
	var since sli.Counts
	i := 0
	for at, b := range budget.History(a.objective.Target, a.objective.Window, cells, now) {
		since = since.Add(cells[i].Counts)
		i++
		if at.Before(begin) {
			since = sli.Counts{}
			continue
		}
		if i%every == 0 || i == len(cells) {
			a.history = append(a.history, Point{At: at, Budget: b, Counts: since})
			since = sli.Counts{}
		}
	}
	// If the newest cell begins now, two points are of the same moment.
	if n := len(a.history); n > 1 && a.history[n-2].At.Equal(a.history[n-1].At) {
		a.history[n-1].Counts = a.history[n-1].Counts.Add(a.history[n-2].Counts)
		a.history = slices.Delete(a.history, n-2, n-1)
	}
	return a.history
}
