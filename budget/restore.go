package budget

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// snapshotVersion is the first byte of a snapshot.
const snapshotVersion = 1

// maxAhead is how far a snapshot may be in the future, since clocks are set
// back by small corrections.
const maxAhead = time.Minute

// Snapshot returns the counts in binary form, for [Tracker.Restore] after a
// restart of the process: at most 50 kB for 30 days. It reads the wall clock.
func (t *Tracker) Snapshot() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	age := now.Sub(t.start)
	data := []byte{snapshotVersion}
	data = binary.AppendVarint(data, now.UnixNano())
	for _, d := range []time.Duration{age, t.from, t.longest()} {
		data = binary.AppendUvarint(data, uint64(d))
	}
	for i := range t.rings {
		data = t.rings[i].append(data, age)
	}
	return data
}

// longest returns the longest window.
func (t *Tracker) longest() time.Duration {
	if len(t.rings) == 0 {
		return 0
	}
	return t.rings[len(t.rings)-1].span
}

// append appends the cells that are not empty, and then a zero.
func (r *ring) append(data []byte, age time.Duration) []byte {
	oldest, newest := r.window(age, r.span)
	previous := oldest
	for number := oldest; number <= newest; number++ {
		c := r.look(number)
		if c.counts == (sli.Counts{}) && c.unknown == 0 {
			continue
		}
		data = binary.AppendUvarint(data, uint64(number-previous)+1)
		data = binary.AppendUvarint(data, uint64(c.unknown))
		data = binary.AppendUvarint(data, c.counts.Valid)
		data = binary.AppendUvarint(data, c.counts.Bad())
		previous = number
	}
	return append(data, 0)
}

// Restore continues the counts of a [Tracker.Snapshot] in a Tracker that has
// counted nothing yet. Its longest window may differ. The time between the
// snapshot and now, by the wall clock, is unknown: [Tracker.Covered] and
// [Cell.Known] leave it out, and events that were counted after the snapshot
// are lost.
//
// Restore changes nothing and returns an error if the data is not a snapshot or
// is of another version, if the snapshot is too old or more than a minute in
// the future, or if the Tracker has counted already.
func (t *Tracker) Restore(data []byte) error {
	s, err := parseSnapshot(data)
	if err != nil {
		return fmt.Errorf("budget: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	gap := now.Sub(s.at)
	switch {
	case len(t.rings) == 0:
		return errors.New("budget: the Tracker is not from NewTracker")
	case t.counted():
		return errors.New("budget: the Tracker has counted already: restore it first")
	case gap < -maxAhead:
		return fmt.Errorf("budget: the snapshot is of %s, and now is %s: want one of the past",
			s.at.Format(time.RFC3339), now.Format(time.RFC3339))
	case gap > maxAge-s.age:
		return fmt.Errorf("budget: the snapshot of %s is too old", s.at.Format(time.RFC3339))
	}
	age := s.age + max(gap, 0)
	t.start, t.from = now.Add(-age), max(s.from, s.age-s.longest)
	for i := range t.rings {
		r := &t.rings[i]
		r.fill(s.ring(r.resolution), s.age)
		r.lose(s.age, age)
	}
	return nil
}

// counted reports whether the Tracker has events.
func (t *Tracker) counted() bool {
	for _, c := range t.rings[0].cells {
		if c.counts != (sli.Counts{}) || c.unknown != 0 {
			return true
		}
	}
	return t.from != 0
}

// fill adds the cells of a ring of an age, with the same or a finer
// resolution. A fine cell that is in two coarse ones counts in the later one
// that has begun, and either may have all of its unknown time.
func (r *ring) fill(from ring, age time.Duration) {
	for _, c := range from.cells {
		start := time.Duration(c.number) * from.resolution
		end := start + from.resolution
		last := min(r.number(end-1), r.number(age))
		for number := r.number(start); number <= last; number++ {
			r.take(number).lose(r, min(time.Duration(c.unknown), r.overlap(number, start, end)/time.Millisecond))
		}
		at := r.take(last)
		at.counts = at.counts.Add(c.counts)
	}
}

// maxAge is the greatest age of a Tracker, of which cells have numbers.
const maxAge = math.MaxInt64 / 4 * time.Nanosecond // 73 years

// snapshot is the content of a Snapshot. Its rings have their cells in order.
type snapshot struct {
	at                 time.Time
	age, from, longest time.Duration
	rings              []ring
}

// ring returns the ring of a resolution, or the coarsest one if it is missing
// because the longest window was shorter.
func (s *snapshot) ring(resolution time.Duration) ring {
	for _, r := range s.rings {
		if r.resolution == resolution {
			return r
		}
	}
	return s.rings[len(s.rings)-1]
}

var errNoSnapshot = errors.New("the data is not a snapshot of a Tracker")

func parseSnapshot(data []byte) (*snapshot, error) {
	if len(data) == 0 {
		return nil, errNoSnapshot
	}
	if data[0] != snapshotVersion {
		return nil, fmt.Errorf("unknown version %d of a snapshot: want %d", data[0], snapshotVersion)
	}
	in := reader{data: data[1:]}
	s := &snapshot{at: time.Unix(0, in.varint())}
	s.age = time.Duration(in.upTo(uint64(maxAge)))
	s.from = time.Duration(in.upTo(uint64(s.age)))
	s.longest = time.Duration(in.upTo(uint64(maxTracked)))
	if in.failed || s.longest == 0 {
		return nil, errNoSnapshot
	}
	for _, r := range tiers {
		r.span = min(r.span, s.longest)
		in.cells(&r, s.age)
		s.rings = append(s.rings, r)
		if r.span == s.longest {
			break
		}
	}
	if in.failed || len(in.data) > 0 {
		return nil, errNoSnapshot
	}
	return s, nil
}

// reader reads numbers until one is invalid.
type reader struct {
	data   []byte
	failed bool
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.data)
	r.skip(n)
	return v
}

// upTo reads a number of at most a maximum.
func (r *reader) upTo(maximum uint64) uint64 {
	v, n := binary.Uvarint(r.data)
	r.skip(n)
	if v > maximum {
		r.failed = true
	}
	if r.failed {
		return 0
	}
	return v
}

func (r *reader) skip(n int) {
	if n <= 0 {
		r.failed = true
		return
	}
	r.data = r.data[n:]
}

// cells reads the cells of a ring, whose numbers ascend.
func (r *reader) cells(into *ring, age time.Duration) {
	number, newest := into.window(age, into.span)
	for !r.failed {
		step := r.upTo(uint64(newest-number) + 1)
		if step == 0 {
			return
		}
		if step == 1 && len(into.cells) > 0 {
			r.failed = true // the same cell again
		}
		number += int32(step - 1)
		c := cell{number: number, unknown: uint32(r.upTo(uint64(into.resolution / time.Millisecond)))}
		c.counts.Valid = r.upTo(math.MaxUint64)
		c.counts.Good = c.counts.Valid - r.upTo(c.counts.Valid)
		into.cells = append(into.cells, c)
	}
}
