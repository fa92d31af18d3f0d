package ledger

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/slo"
)

// Statement is what a window's budget allowed, and what spent it.
type Statement struct {
	// Start and End are the window's; it may end after now.
	Start, End time.Time
	// Excluded is the time up to now that the ledger excludes.
	Excluded time.Duration
	// Allowed is the error budget: the target's, of the window less Excluded.
	Allowed time.Duration
	// Spent is what entries spent of it up to now, rounded up to the nanosecond.
	Spent time.Duration
	// Kinds are what each kind spent, and Incidents what each incident did, the costliest first. What
	// several entries lost at the same time is charged to the one of the highest degree, and among
	// equals to the first to start, so that charges add up to Spent but for the rounding of each.
	Kinds, Incidents []Charge
}

// Charge is what a kind or an incident spent.
type Charge struct {
	// Kind is the kind of the entries.
	Kind Kind
	// Name is that of the incident, "" for all of a kind.
	Name string
	// Spent is the time it lost, rounded up to the nanosecond.
	Spent time.Duration
}

// Statement returns what the entries up to now did in the window that now belongs to. An entry that
// goes on counts up to now. The ledger must be valid.
func (l Ledger) Statement(target slo.Target, window slo.Window, now time.Time) Statement {
	start, end := window.Bounds(now)
	until := end
	if now.Before(end) {
		until = now
	}
	s := Statement{Start: start, End: end}
	var total lost
	byKind, byIncident := make(map[Charge]lost), make(map[Charge]lost)
	for _, part := range l.partition(start, until) {
		switch e := part.charged; {
		case part.excluded:
			s.Excluded += part.length
		case e != nil:
			kind, incident := Charge{Kind: e.Kind}, Charge{Kind: e.Kind, Name: e.Name}
			total = total.plus(part.length, e.parts())
			byKind[kind] = byKind[kind].plus(part.length, e.parts())
			byIncident[incident] = byIncident[incident].plus(part.length, e.parts())
		}
	}
	s.Allowed = budget.Downtime(target, end.Sub(start)-s.Excluded)
	s.Spent = total.duration()
	s.Kinds, s.Incidents = charges(byKind), charges(byIncident)
	return s
}

// charges returns what each spent, the costliest first.
func charges(of map[Charge]lost) []Charge {
	var all []Charge
	for charge, spent := range of {
		charge.Spent = spent.duration()
		all = append(all, charge)
	}
	slices.SortFunc(all, func(a, b Charge) int {
		return cmp.Or(cmp.Compare(b.Spent, a.Spent), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// part is a part of a window in which no entry starts or ends.
type part struct {
	length   time.Duration
	excluded bool
	charged  *Entry // nil where nothing was down
}

// partition cuts the time from start to end at the beginnings and ends of entries, and says of each part
// who is charged for it.
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

// part returns the part of a span that no entry begins or ends in.
func (l Ledger) part(within []span, s span) part {
	p := part{length: s.to - s.from}
	for i := range l.Entries {
		e := &l.Entries[i]
		switch {
		case within[i].from > s.from || within[i].to < s.to: // not in it
		case slices.Contains(l.Exclude, e.Kind):
			return part{length: p.length, excluded: true}
		case p.charged == nil || e.precedes(p.charged):
			p.charged = e
		}
	}
	return p
}

// precedes reports whether e rather than f is charged for what both lost.
func (e *Entry) precedes(f *Entry) bool {
	return e.parts() > f.parts() || e.parts() == f.parts() && e.Start.Before(f.Start)
}

// span is the time between two moments, counted from the window's start.
type span struct{ from, to time.Duration }

// within returns the part of the entry from start to end, an empty span if there is none.
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

// lost is lost time, in nanoseconds times parts per billion of the service, in 128 bits.
type lost struct{ hi, lo uint64 }

func (l lost) plus(length time.Duration, parts uint64) lost {
	hi, lo := bits.Mul64(uint64(length), parts)
	var carry uint64
	lo, carry = bits.Add64(l.lo, lo, 0)
	hi, _ = bits.Add64(l.hi, hi, carry)
	return lost{hi, lo}
}

func (l lost) duration() time.Duration {
	ns, rest := bits.Div64(l.hi, l.lo, billion) // no more than the window's length
	if rest > 0 {
		ns++
	}
	return time.Duration(ns)
}

// Left returns what is left of the budget, less than 0 when overspent.
func (s Statement) Left() time.Duration { return s.Allowed - s.Spent }

// SpentShare returns the share of the budget that is spent. It returns false if there was no budget,
// all of the window being excluded or the target not valid.
func (s Statement) SpentShare() (budget.Ratio, bool) { return s.share(s.Spent) }

func (s Statement) share(spent time.Duration) (budget.Ratio, bool) {
	return budget.RatioOf(uint64(spent), uint64(s.Allowed)), s.Allowed > 0
}

// State returns what a [budget.Policy] decides upon, with the outages as its incidents.
func (s Statement) State(previous string) budget.State {
	state := budget.State{Previous: previous}
	state.Spent, state.HasData = s.SpentShare()
	for _, c := range s.Incidents {
		if c.Kind == KindOutage {
			spent, _ := s.share(c.Spent)
			state.Incidents = append(state.Incidents, budget.Incident{Name: c.Name, Spent: spent})
		}
	}
	return state
}

// String returns the statement in one line: "12 minutes of 43.2 minutes spent (27.78%): outage 9
// minutes, deployment 3 minutes".
func (s Statement) String() string {
	share, ok := s.SpentShare()
	if !ok {
		return "no budget"
	}
	text := fmt.Sprintf("%s of %s spent (%s)", budget.FormatDuration(s.Spent), budget.FormatDuration(s.Allowed), share.Percent())
	separator := ": "
	for _, c := range s.Kinds {
		text += fmt.Sprintf("%s%s %s", separator, c.Kind, budget.FormatDuration(c.Spent))
		separator = ", "
	}
	return text
}
