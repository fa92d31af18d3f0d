package budget

import (
	"fmt"
	"math"
	"math/bits"
	"sync"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Tracker keeps the counts of rolling windows in memory, for decisions in the process: shed load,
// refuse a feature, answer a health check. It is not for what must survive a restart or join several
// processes.
//
// It holds rings of cells, each ring coarser and reaching further back than the one before, and adds to
// the newest cell of each. So the resolution falls with the length of the window:
//
//	window up to    resolution    memory
//	1 hour          10 seconds     8.7 kB
//	12 hours        2 minutes      8.7 kB
//	3 days          15 minutes     6.9 kB
//	90 days         1 hour         0.6 kB a day
//
// That is 42 kB for 30 days and 76 kB for 90, all of it allocated by [NewTracker], and at any traffic.
//
// Time is monotonic, so it does not matter when the wall clock steps; and a cell knows the time it is
// for, so it does not matter how long nobody calls. A Tracker is safe for concurrent use. The zero
// Tracker is not valid: it counts nothing.
type Tracker struct {
	start time.Time // with a monotonic reading; time within the Tracker is counted from here

	// mu guards the cells. It also orders the readings of the clock, so that no goroutine puts
	// an older time into a cell than another has.
	mu    sync.Mutex
	rings []ring
}

// ring is a resolution of time, and the cells of a span of that, each at its number modulo their count.
type ring struct {
	resolution time.Duration
	span       time.Duration
	cells      []cell
}

// cell is the counts of the number'th part of time.
type cell struct {
	number int64
	counts sli.Counts
}

// maxTracked is the longest window of a Tracker.
const maxTracked = 90 * 24 * time.Hour

// tiers are the resolutions of a Tracker and the longest windows for which it uses each. The windows of
// the default alerts are 30 cells and more, so a cell too many is at most a thirtieth.
var tiers = [...]ring{
	{resolution: 10 * time.Second, span: time.Hour},
	{resolution: 2 * time.Minute, span: 12 * time.Hour},
	{resolution: 15 * time.Minute, span: 3 * 24 * time.Hour},
	{resolution: time.Hour, span: maxTracked},
}

// NewTracker returns a Tracker of windows up to the longest, which is more than 0 and at most 90
// days. It knows nothing of what was before.
func NewTracker(longest time.Duration) (*Tracker, error) {
	if longest <= 0 || longest > maxTracked {
		return nil, fmt.Errorf("budget: longest window %v of a tracker: want more than 0 and at most %v", longest, maxTracked)
	}
	t := &Tracker{start: time.Now()}
	for _, r := range tiers {
		r.span = min(r.span, longest)
		parts := (r.span + r.resolution - 1) / r.resolution
		r.cells = make([]cell, parts+1) // one more, since both ends of a window can be inside a cell
		t.rings = append(t.rings, r)
		if r.span == longest {
			break
		}
	}
	return t, nil
}

// Add adds the counts of events that happened now. It takes constant time and does not allocate.
func (t *Tracker) Add(c sli.Counts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	age := time.Since(t.start)
	for i := range t.rings {
		t.rings[i].add(age, c)
	}
}

func (r *ring) add(age time.Duration, c sli.Counts) {
	number := int64(age / r.resolution)
	at := &r.cells[number%int64(len(r.cells))]
	if at.number != number {
		*at = cell{number: number}
	}
	at.counts = at.counts.Add(c)
}

// Counts returns the counts of the window of the given length that ends now, and of what came before it
// in the same cell: so of up to one resolution more than the length. It is made to be passed to
// [Alerts.Evaluate]. A length beyond the Tracker's longest is that of the longest.
//
// A Tracker younger than the length has the counts since it was made. Alerts on those judge that shorter
// time, in which a few bad events burn as fast as hours of them: to wait with an alert until its window
// is known, return no counts for a length that is more than [Tracker.Covered] says.
func (t *Tracker) Counts(length time.Duration) sli.Counts {
	if length <= 0 || len(t.rings) == 0 {
		return sli.Counts{}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ring(length).sum(time.Since(t.start), length)
}

// ring returns the finest ring that holds a window.
func (t *Tracker) ring(length time.Duration) *ring {
	for i := range t.rings {
		if length <= t.rings[i].span {
			return &t.rings[i]
		}
	}
	return &t.rings[len(t.rings)-1]
}

func (r *ring) sum(age, length time.Duration) sli.Counts {
	var sum sli.Counts
	oldest := max(age-min(length, r.span), 0) / r.resolution
	for number := int64(oldest); number <= int64(age/r.resolution); number++ {
		if at := &r.cells[number%int64(len(r.cells))]; at.number == number {
			sum = sum.Add(at.counts)
		}
	}
	return sum
}

// Covered returns how much of a window of the given length the Tracker knows: less than all of it
// when it is younger than that, or when the length is beyond its longest.
func (t *Tracker) Covered(length time.Duration) time.Duration {
	if len(t.rings) == 0 {
		return 0
	}
	longest := t.rings[len(t.rings)-1].span
	return max(min(length, longest, time.Since(t.start)), 0)
}

// Expected returns how many valid events a window of the given length brings, from those of as much
// of it as is covered, for [Alerts.Evaluate]. It returns 0, for unknown, before a day is covered,
// since traffic differs from day to night.
func (t *Tracker) Expected(length time.Duration) uint64 {
	covered := t.Covered(length)
	if covered < min(length, 24*time.Hour) || covered <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(t.Counts(length).Valid, uint64(length))
	if hi >= uint64(covered) {
		return math.MaxUint64
	}
	expected, _ := bits.Div64(hi, lo, uint64(covered))
	return expected
}
