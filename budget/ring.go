package budget

import (
	"time"

	"github.com/sligo-go/sligo/sli"
)

// ring holds the cells of one resolution, each at the index number modulo their
// count.
type ring struct {
	resolution time.Duration
	span       time.Duration
	cells      []cell
}

// cell holds the counts of one part of time; its number counts from the start.
type cell struct {
	number  int32  // at 10 seconds a cell, for 680 years
	unknown uint32 // milliseconds of it in which nobody counted, rounded up
	counts  sli.Counts
}

// tiers are the resolutions of a Tracker, each with the longest window that
// uses it. The windows of the default alerts have at least 30 cells, so an
// excess cell changes them by at most a thirtieth.
var tiers = [...]ring{
	{resolution: 10 * time.Second, span: time.Hour},
	{resolution: 2 * time.Minute, span: 12 * time.Hour},
	{resolution: 15 * time.Minute, span: 3 * 24 * time.Hour},
	{resolution: time.Hour, span: maxTracked},
}

// newRings returns the rings for windows up to the longest.
func newRings(longest time.Duration) []ring {
	var rings []ring
	for _, r := range tiers {
		r.span = min(r.span, longest)
		r.cells = make([]cell, r.parts())
		rings = append(rings, r)
		if r.span == longest {
			break
		}
	}
	return rings
}

// parts returns the maximum number of cells in a window, of which both ends can
// be inside a cell.
func (r *ring) parts() int64 { return int64((r.span+r.resolution-1)/r.resolution) + 1 }

// number returns the number of the cell at an age.
func (r *ring) number(age time.Duration) int32 { return int32(age / r.resolution) }

// window returns the first and the last cell of a window.
func (r *ring) window(age, length time.Duration) (oldest, newest int32) {
	return r.number(max(age-min(length, r.span), 0)), r.number(age)
}

// look returns a cell, which is empty if nothing happened in it.
func (r *ring) look(number int32) cell {
	if at := r.cells[int(number)%len(r.cells)]; at.number == number {
		return at
	}
	return cell{number: number}
}

// take returns a cell to change, and replaces an older one.
func (r *ring) take(number int32) *cell {
	at := &r.cells[int(number)%len(r.cells)]
	if at.number != number {
		*at = cell{number: number}
	}
	return at
}

func (r *ring) add(age time.Duration, c sli.Counts) {
	at := r.take(r.number(age))
	at.counts = at.counts.Add(c)
}

func (r *ring) sum(age, length time.Duration) sli.Counts {
	var sum sli.Counts
	oldest, newest := r.window(age, length)
	for number := oldest; number <= newest; number++ {
		sum = sum.Add(r.look(number).counts)
	}
	return sum
}

// lose marks the time between two ages as unknown.
func (r *ring) lose(from, to time.Duration) {
	if from >= to {
		return
	}
	last := r.number(to - 1)
	for number := max(r.number(from), last-int32(len(r.cells))+1); number <= last; number++ {
		r.take(number).lose(r, (r.overlap(number, from, to)+time.Millisecond-1)/time.Millisecond)
	}
}

// lose adds milliseconds in which nobody counted.
func (c *cell) lose(in *ring, ms time.Duration) {
	c.unknown = uint32(min(time.Duration(c.unknown)+ms, in.resolution/time.Millisecond))
}

// overlap returns how much of a cell is between two ages.
func (r *ring) overlap(number int32, from, to time.Duration) time.Duration {
	start := time.Duration(number) * r.resolution
	return max(min(to, start+r.resolution)-max(from, start), 0)
}

// known returns how much of a cell is between two ages and known. If nobody
// counted in a part of the cell, that part is taken to be between them.
func (r *ring) known(number int32, from, to time.Duration) time.Duration {
	unknown := time.Duration(r.look(number).unknown) * time.Millisecond
	return max(r.overlap(number, from, to)-unknown, 0)
}
