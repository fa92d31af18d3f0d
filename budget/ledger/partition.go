package ledger

import (
	"cmp"
	"container/heap"
	"math/bits"
	"slices"
	"time"
)

// part is a part of a window in which no entry starts or ends.
type part struct {
	length   time.Duration
	excluded bool
	charged  *Entry // nil if nothing was down
}

// partition cuts the time from start to end at the ends of all entries, and
// returns for each part the entry that is charged for it. It goes through the
// parts once, in order, and takes n log n time for n entries.
func (l Ledger) partition(start, end time.Time) []part {
	entries := l.intervals(start, end)
	cuts := []time.Duration{0}
	for _, e := range entries {
		cuts = append(cuts, e.from, e.to)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)

	var parts []part
	var open queue // may hold entries that have ended, except as the first
	var excludedUntil time.Duration
	for i, to := range cuts[1:] {
		from := cuts[i]
		for len(entries) > 0 && entries[0].from == from {
			if e := entries[0]; e.excluded {
				excludedUntil = max(excludedUntil, e.to)
			} else {
				heap.Push(&open, e)
			}
			entries = entries[1:]
		}
		parts = append(parts, part{length: to - from, excluded: from < excludedUntil, charged: open.charged(from)})
	}
	return parts
}

// interval is the part of an entry in a window.
type interval struct {
	span
	entry    *Entry
	index    int // in the ledger
	excluded bool
}

// intervals returns the entries that have a part between start and end, in
// order of its beginning.
func (l Ledger) intervals(start, end time.Time) []*interval {
	var all []*interval
	for i := range l.Entries {
		e := &l.Entries[i]
		if s := e.within(start, end); s.from < s.to {
			all = append(all, &interval{s, e, i, l.excludes(e.Kind)})
		}
	}
	slices.SortFunc(all, func(a, b *interval) int { return cmp.Compare(a.from, b.from) })
	return all
}

// queue is a heap of entries. The first is charged for the time of all.
type queue []*interval

// charged returns the entry that is charged for the time from a moment on, and
// nil if nothing was down. It drops entries that have ended from the front.
func (q *queue) charged(from time.Duration) *Entry {
	for len(*q) > 0 && (*q)[0].to <= from {
		heap.Pop(q)
	}
	if len(*q) == 0 {
		return nil
	}
	return (*q)[0].entry
}

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Less orders by precedence, and equals as they are in the ledger.
func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	return a.entry.precedes(b.entry) || a.index < b.index && !b.entry.precedes(a.entry)
}

func (q *queue) Push(e any) { *q = append(*q, e.(*interval)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	*q = (*q)[:last]
	return e
}

// precedes reports whether e, instead of f, is charged for time that both
// cover.
func (e *Entry) precedes(f *Entry) bool {
	return e.parts() > f.parts() || e.parts() == f.parts() && e.Start.Before(f.Start)
}

// span is the time between two moments, counted from the window's start.
type span struct{ from, to time.Duration }

// within returns the part of the entry between start and end. It is an empty
// span if the entry is outside.
func (e Entry) within(start, end time.Time) span {
	s := span{0, max(end.Sub(start), 0)}
	if e.Start.After(start) {
		s.from = min(e.Start.Sub(start), s.to)
	}
	if !e.End.IsZero() && e.End.Before(end) {
		s.to = max(e.End.Sub(start), s.from)
	}
	return s
}

// lost is lost time in 128 bits: nanoseconds times the parts per billion of the
// service that were down.
type lost struct{ hi, lo uint64 }

func (l lost) plus(length time.Duration, parts uint64) lost {
	hi, lo := bits.Mul64(uint64(length), parts)
	var carry uint64
	lo, carry = bits.Add64(l.lo, lo, 0)
	hi, _ = bits.Add64(l.hi, hi, carry)
	return lost{hi, lo}
}

// duration returns the lost time, rounded up to the nanosecond.
func (l lost) duration() time.Duration {
	ns, rest := bits.Div64(l.hi, l.lo, billion) // at most the window's length
	if rest > 0 {
		ns++
	}
	return time.Duration(ns)
}
