package sli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Report is everything that a [Recorder] knows, from one reading.
type Report struct {
	// Service is the service of the indicators, empty without indicators.
	Service string `json:"service,omitempty"`
	// Created is the time from which the recorder counts.
	Created time.Time `json:"created,omitzero"`
	// Indicators has the tally of each indicator, in the order of NewRecorder.
	Indicators []Tally `json:"indicators,omitempty"`
	// Unmatched is the number of events that no indicator lists, without those
	// that their reporter ignored.
	Unmatched uint64 `json:"unmatched"`
	// Unrouted is the number of requests without the pattern of their route; see
	// [Recorder.NoteUnrouted].
	Unrouted uint64 `json:"unrouted"`
}

// Tally has the events that an indicator, or one of its groups, has counted.
type Tally struct {
	// Name is the name of the indicator, or the group.
	Name string `json:"name"`
	// Since is the time from which it counts. It is later than the recorder's
	// for a group that began with its first event.
	Since time.Time `json:"since,omitzero"`
	// Counts has the good and valid events. For an indicator with groups, Counts,
	// Ignored and Overdue are the sums over its groups.
	Counts Counts `json:"counts"`
	// Ignored has the number of ignored events for every reason, zeros included.
	Ignored map[Reason]uint64 `json:"ignored,omitempty"`
	// Overdue is the number of events in flight whose bound had passed before
	// their answer began, and that were not judged yet, at the last walk; see
	// [Recorder.OnRead].
	Overdue uint64 `json:"overdue"`

	// Seen has each entry of the indicator's Requests, and whether an event has
	// matched it. It is nil in the tally of a group.
	Seen map[string]bool `json:"seen,omitempty"`
	// Groups has the tallies of the groups, sorted by name. It is nil for an
	// indicator without groups, and in the tally of a group.
	Groups []Tally `json:"groups,omitempty"`
	// Overflow is true if events count as "other" because Groups.Max is reached.
	Overflow bool `json:"overflow,omitempty"`
}

// Report returns everything that the recorder knows. It is the zero Report for
// a nil or zero Recorder.
func (r *Recorder) Report() Report {
	if r == nil || r.cells == nil {
		return Report{}
	}
	r.read()
	report := Report{
		Created:   r.created.time(),
		Unmatched: r.cells.Sum(r.unmatched()),
		Unrouted:  r.cells.Sum(r.unrouted()),
	}
	for i, ind := range r.indicators {
		report.Service = ind.Service
		report.Indicators = append(report.Indicators, r.report(i, ind.Name))
	}
	return report
}

// report returns the tally of an indicator.
func (r *Recorder) report(i int, name string) Tally {
	var t Tally
	c := &r.counters[i]
	if c.tally != nil {
		t = r.snapshot(name, c.tally)
	} else {
		t = r.reportGroups(c.groups, name)
	}
	if entries := c.judge.requests.entries; len(entries) > 0 {
		t.Seen = make(map[string]bool, len(entries))
		for _, entry := range entries {
			t.Seen[entry.entry] = entry.seen.Load()
		}
	}
	return t
}

func (r *Recorder) reportGroups(gs *groups, name string) Tally {
	known := gs.known.Load()
	sum := Tally{Name: name, Since: r.created.time(), Ignored: make(map[Reason]uint64), Overflow: gs.full.flag.Load()}
	for _, group := range slices.Sorted(maps.Keys(known)) {
		t := r.snapshot(group, known[group])
		sum.Counts = sum.Counts.Add(t.Counts)
		sum.Overdue += t.Overdue
		for reason, n := range t.Ignored {
			sum.Ignored[reason] += n
		}
		sum.Groups = append(sum.Groups, t)
	}
	return sum
}

// snapshot reads a tally's cells.
func (r *Recorder) snapshot(name string, t *tally) Tally {
	s := Tally{Name: name, Since: t.since.time(), Counts: t.counts(), Ignored: make(map[Reason]uint64), Overdue: r.overdue(t)}
	for i, reason := range reasons {
		s.Ignored[reason] = t.set.Sum(t.reasons + i)
	}
	return s
}

// String returns a line for each indicator and group, and for the events that
// no indicator counts.
func (r Report) String() string {
	var b strings.Builder
	for _, t := range r.Indicators {
		fmt.Fprintf(&b, "%s/%v\n", r.Service, t)
	}
	fmt.Fprintf(&b, "%d unmatched events, %d unrouted requests", r.Unmatched, r.Unrouted)
	return b.String()
}

// String returns the tally on one line, and each group on a further one:
// "latency: 9994/10000 (99.94%), ignored: 3 client_left, 2 overdue, never seen:
// GET /user/{id}".
func (t Tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %v", t.Name, t.Counts)
	separator := ", ignored: "
	for _, reason := range reasons {
		if n := t.Ignored[reason]; n > 0 {
			fmt.Fprintf(&b, "%s%d %s", separator, n, reason)
			separator = ", "
		}
	}
	if t.Overdue > 0 {
		fmt.Fprintf(&b, ", %d overdue", t.Overdue)
	}
	if unseen := t.unseen(); len(unseen) > 0 {
		fmt.Fprintf(&b, ", never seen: %s", strings.Join(unseen, ", "))
	}
	if t.Overflow {
		b.WriteString(", too many groups")
	}
	for _, group := range t.Groups {
		fmt.Fprintf(&b, "\n\t%v", group)
	}
	return b.String()
}

// unseen returns the entries that no event has matched, sorted.
func (t Tally) unseen() []string {
	var unseen []string
	for _, entry := range slices.Sorted(maps.Keys(t.Seen)) {
		if !t.Seen[entry] {
			unseen = append(unseen, entry)
		}
	}
	return unseen
}

// UnmarshalJSON reads the JSON form of a report, and refuses unknown fields.
func (r *Report) UnmarshalJSON(text []byte) error {
	type plain Report // without methods
	return strictjson.Unmarshal(text, (*plain)(r))
}

// UnmarshalJSON reads the JSON form of a tally, and refuses unknown fields.
func (t *Tally) UnmarshalJSON(text []byte) error {
	type plain Tally // without methods
	return strictjson.Unmarshal(text, (*plain)(t))
}
