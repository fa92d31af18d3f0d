package budget

import (
	"math"
	"math/bits"
	"sync"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Tracker keeps the counts of rolling windows in memory, for decisions within
// the process: shed load, disable a feature, answer a health check. It does
// not combine several processes. To continue its counts after a restart, use
// [Tracker.Restore] or package snapshot.
//
// It holds rings of cells. Each ring has a coarser resolution and a longer
// span than the one before, and every addition goes into the newest cell of
// each. The resolution therefore depends on the length of the window:
//
//	window up to    resolution    memory
//	1 hour          10 seconds     8.7 kB
//	12 hours        2 minutes      8.7 kB
//	3 days          15 minutes     6.9 kB
//	90 days         1 hour         0.6 kB a day
//
// That is 42 kB for 30 days and 76 kB for 90 days, at any traffic.
// [NewTracker] allocates all of it.
//
// A Tracker reads the monotonic clock, so steps of the wall clock do not
// matter. Every cell knows its own time, so the Tracker may be idle for any
// time. It is safe for concurrent use. The zero Tracker is invalid and counts
// nothing.
type Tracker struct {
	start time.Time     // has a monotonic reading; cells count their time from it
	from  time.Duration // time since the start from which the counts are known

	// mu guards all fields. The clock is read under the lock, so that no
	// goroutine replaces a newer cell by an older one.
	mu    sync.Mutex
	rings []ring
}

// maxTracked is the longest window of a Tracker.
const maxTracked = 90 * 24 * time.Hour

// NewTracker returns a Tracker for windows up to the longest, which is more
// than 0 and at most 90 days. It has no counts from before its creation.
func NewTracker(longest time.Duration) (*Tracker, error) {
	if longest <= 0 || longest > maxTracked {
		var errs sli.FieldErrors
		errs.Addf("longest", "invalid window %v: want more than 0 and at most %v",
			strictjson.Duration(longest), strictjson.Duration(maxTracked))
		return nil, errs.Err()
	}
	return &Tracker{start: time.Now(), rings: newRings(longest)}, nil
}

// Add adds the counts of events that happened just now. It takes constant
// time and does not allocate.
func (t *Tracker) Add(c sli.Counts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	age := time.Since(t.start)
	for i := range t.rings {
		t.rings[i].add(age, c)
	}
}

// Counts returns the counts of the window with the given length that ends
// now. The window begins with a cell, so it is up to one resolution longer.
// A length beyond the Tracker's longest window means the longest. Counts has
// the signature that [Alerts.Evaluate] takes.
//
// A Tracker younger than the length returns the counts since it was created.
// Alerts then judge a shorter time, in which a few bad events reach a burn
// rate that otherwise takes hours of them. To wait with an alert until its
// window is known, return no counts while [Tracker.Covered] is less than most
// of the length. A restart of a few seconds must not silence the alert for a
// whole window.
func (t *Tracker) Counts(length time.Duration) sli.Counts {
	if length <= 0 || len(t.rings) == 0 {
		return sli.Counts{}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ring(length).sum(time.Since(t.start), length)
}

// ring returns the ring with the finest resolution that holds a window.
func (t *Tracker) ring(length time.Duration) *ring {
	for i := range t.rings {
		if length <= t.rings[i].span {
			return &t.rings[i]
		}
	}
	return &t.rings[len(t.rings)-1]
}

// Covered returns how much of a window with the given length the Tracker
// knows. It is less than the length if the Tracker is younger, if the length
// exceeds its longest window, and if the process was down within the window:
// see [Tracker.Restore]. If it was down at the beginning of the window, Covered
// is up to one resolution too short.
func (t *Tracker) Covered(length time.Duration) time.Duration {
	if length <= 0 || len(t.rings) == 0 {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	r, age := t.ring(length), time.Since(t.start)
	from := max(age-min(length, r.span), t.from)
	var covered time.Duration
	for number := r.number(from); number <= r.number(age); number++ {
		covered += r.known(number, from, age)
	}
	return covered
}

// Budget returns the budget of a target, from the counts of the window so far,
// and states its [Coverage]: "known for 3h of 30d". A window that exceeds the
// longest one is known for the longest at most. For a calendar window, Budget
// reads the wall clock, and its counts begin up to one resolution before the
// window.
func (t *Tracker) Budget(target slo.Target, window slo.Window) Budget {
	length := passed(window, time.Now())
	coverage := Coverage{Known: t.Covered(length), Of: length}
	return New(target, window, t.Counts(length)).WithCoverage(coverage)
}

// Expected returns how many valid events to expect in a window with the given
// length, in proportion to the part that is covered, for [Alerts.Evaluate].
// It returns 0, for unknown, until a day is covered, because traffic differs
// between day and night.
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
