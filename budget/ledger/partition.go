package ledger

import (
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

// partition cuts the time from start to end wherever an entry starts or ends.
// It returns each part with the entry that is charged for it.
func (l Ledger) partition(start, end time.Time) []part {
	within := make([]span, len(l.Entries))
	cuts := []time.Duration{0}
	for i := range l.Entries {
		within[i] = l.Entries[i].within(start, end)
		cuts = append(cuts, within[i].from, within[i].to)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var parts []part
	for i, to := range cuts[1:] {
		parts = append(parts, l.part(within, span{cuts[i], to}))
	}
	return parts
}

// part returns the part for a span in which no entry starts or ends.
func (l Ledger) part(within []span, s span) part {
	p := part{length: s.to - s.from}
	for i := range l.Entries {
		e := &l.Entries[i]
		switch {
		case within[i].from > s.from || within[i].to < s.to: // outside
		case slices.Contains(l.Exclude, e.Kind):
			return part{length: p.length, excluded: true}
		case p.charged == nil || e.precedes(p.charged):
			p.charged = e
		}
	}
	return p
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
