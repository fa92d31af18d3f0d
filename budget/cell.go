package budget

import (
	"iter"
	"math"
	"slices"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Cell is a part of time whose events a source counts together, such as an
// hour of a [Tracker].
type Cell struct {
	// Start is its first moment, and End the first one after it. The newest cell
	// ends in the future.
	Start, End time.Time
	// Known is the part of it for which the counts are known. That leaves out
	// future time, and the time in which nobody counted.
	Known time.Duration
	// Counts are the events in it.
	Counts sli.Counts
}

// AppendCells appends the cells of the window with the given length that ends
// now to dst, the oldest first and without gaps. The first cell can begin up to
// one resolution before the window. A Tracker that began within the window has
// fewer cells. AppendCells does not allocate if dst has room.
func (t *Tracker) AppendCells(dst []Cell, length time.Duration) []Cell {
	if length <= 0 || len(t.rings) == 0 {
		return dst
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	age := now.Sub(t.start)
	start := now.Add(-age).Round(0) // in the wall clock of now
	r := t.ring(length)
	oldest, newest := r.window(age, length)
	oldest = max(oldest, r.number(t.from))
	dst = slices.Grow(dst, int(newest-oldest+1))
	for number := oldest; number <= newest; number++ {
		begin := start.Add(time.Duration(number) * r.resolution)
		dst = append(dst, Cell{
			Start: begin, End: begin.Add(r.resolution),
			Known: r.known(number, t.from, age), Counts: r.look(number).counts,
		})
	}
	return dst
}

// History returns the budget of a target at the end of each cell, or at now in
// the newest cell, with its [Coverage]. The cells are in order and without
// gaps, as [Tracker.AppendCells] returns them. A cell counts for a budget if
// any part of it is in the window.
//
// To see a rolling window of 30 days over 30 days, pass the cells of 60 days.
// Otherwise the windows of the first cells are known for a short time only.
func History(target slo.Target, window slo.Window, cells []Cell, now time.Time) iter.Seq2[time.Time, Budget] {
	return func(yield func(time.Time, Budget) bool) {
		in := span{all: cells}
		for _, c := range cells {
			at := c.End
			if now.Before(at) {
				at = now
			}
			start, _ := window.Bounds(at)
			in.extend()
			in.dropUntil(start)
			coverage := Coverage{Known: in.knownSince(start), Of: at.Sub(start)}
			if !yield(at, New(target, window, in.counts).WithCoverage(coverage)) {
				return
			}
		}
	}
}

// span is the sum of successive cells, all[from:to].
type span struct {
	all      []Cell
	from, to int
	counts   sli.Counts
	known    time.Duration
}

// extend adds the next cell.
func (s *span) extend() {
	c := s.all[s.to]
	s.counts, s.known = s.counts.Add(c.Counts), s.known+c.Known
	s.to++
}

// dropUntil drops the cells that end at a time or before it.
func (s *span) dropUntil(start time.Time) {
	for s.from < s.to && !s.all[s.from].End.After(start) {
		first := s.all[s.from]
		s.from++
		s.known -= first.Known
		rest, ok := s.counts.Sub(first.Counts)
		if !ok || s.counts.Valid == math.MaxUint64 { // the sum has overflowed
			rest = sli.Counts{}
			for _, c := range s.all[s.from:s.to] {
				rest = rest.Add(c.Counts)
			}
		}
		s.counts = rest
	}
}

// knownSince returns the time that is known since a start within the first
// cell. The part of the cell before it is taken to be known.
func (s *span) knownSince(start time.Time) time.Duration {
	if s.from == s.to {
		return 0
	}
	first := s.all[s.from]
	return s.known - min(max(start.Sub(first.Start), 0), first.Known)
}
