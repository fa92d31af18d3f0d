package budget

import (
	"sort"
	"time"
)

// OpensAt returns the first moment at which the policy allows more releases
// than its decision of now does, if no more event is bad: when enough bad
// events have left the rolling window, or when the period of a calendar window
// ends. It returns false if the decision is free, if it is without data, and
// if the policy allows no more even then.
//
// The budget and the decision are of now. The cells cover the budget's window,
// as [Tracker.AppendCells] returns them. The step begins and ends as in
// [Policy.Decide], so that a frozen step lasts until less than its Until is
// spent. A cell leaves a window as a whole. The moment is therefore up to a
// cell late and never early.
//
// Traffic is assumed to continue at the mean rate of the window, so that each
// event that leaves is replaced by a good one. More traffic opens sooner.
// Without any, the share spent stays high until the bad events have left, and
// then there is no data, for which the step stays. A cautious assumption would
// therefore have no answer.
func (p Policy) OpensAt(b Budget, d Decision, cells []Cell, now time.Time) (time.Time, bool) {
	if d.Release <= ReleaseFree || !d.State.known() || !b.HasData() || !b.window.IsValid() {
		return time.Time{}, false
	}
	p = p.WithDefaults()
	if b.window.IsCalendar() {
		_, end := b.window.Bounds(now)
		if p.Steps[0].Release >= d.Release {
			return time.Time{}, false
		}
		return end, true
	}
	leaves := func(c Cell) time.Time { return c.End.Add(b.window.Length(now)) }
	for len(cells) > 0 && !leaves(cells[0]).After(now) {
		cells = cells[1:]
	}
	// The share spent only falls, and the known share only grows.
	i := sort.Search(len(cells), func(i int) bool {
		state := b.stateWith(cells[i+1:], now, leaves(cells[i]))
		state.Previous = d.Step
		return p.Decide(state).Release < d.Release
	})
	if i == len(cells) {
		return time.Time{}, false
	}
	return leaves(cells[i]), true
}

// stateWith returns the state at a time ahead, given the cells of now that are
// then still in the window.
func (b Budget) stateWith(cells []Cell, now, at time.Time) State {
	var bad uint64
	known := at.Sub(now)
	for _, c := range cells {
		bad += c.Counts.Bad()
		known += c.Known
	}
	spent, _ := b.Cost(now, bad)
	state := State{Spent: spent, HasData: true}
	if c := b.coverage; !c.IsComplete() {
		state.Coverage = Coverage{Known: min(known, c.Of), Of: c.Of}
	}
	return state
}
