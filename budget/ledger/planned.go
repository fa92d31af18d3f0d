package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget"
)

// Between returns the entries that have a part from start until end, such as
// the window of a budget, sorted by their start. An entry without an End
// continues.
func (l Ledger) Between(start, end time.Time) []Entry {
	var found []Entry
	for _, e := range l.Entries {
		ended := !e.End.IsZero() && !e.End.After(start)
		if start.Before(end) && e.Start.Before(end) && !ended {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b Entry) int {
		return cmp.Or(a.Start.Compare(b.Start), a.compareEnds(b), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return found
}

// Outages returns the outages that have a part from start until end, sorted by
// their start.
func (l Ledger) Outages(start, end time.Time) []Entry {
	return slices.DeleteFunc(l.Between(start, end), func(e Entry) bool { return e.Kind != KindOutage })
}

// Excludes reports whether an entry of an excluded kind is in progress at a
// moment. An outage excludes nothing.
func (l Ledger) Excludes(at time.Time) bool {
	return slices.ContainsFunc(l.Entries, func(e Entry) bool {
		return l.excludes(e.Kind) && !e.Start.After(at) && (e.End.IsZero() || at.Before(e.End))
	})
}

// Excluded returns the entries of excluded kinds that have a part from start
// until end, sorted by their start.
func (l Ledger) Excluded(start, end time.Time) []Entry {
	return slices.DeleteFunc(l.Between(start, end), func(e Entry) bool { return !l.excludes(e.Kind) })
}

func (l Ledger) excludes(kind Kind) bool {
	return kind != KindOutage && slices.Contains(l.Exclude, kind)
}

// compareEnds sorts an entry that continues last.
func (e Entry) compareEnds(other Entry) int {
	if e.End.IsZero() != other.End.IsZero() {
		if e.End.IsZero() {
			return +1
		}
		return -1
	}
	return e.End.Compare(other.End)
}

// Planned returns the maintenance, deployments and drills to announce, sorted
// by their start: those in progress at now, and those that start within the
// time ahead.
func (l Ledger) Planned(now time.Time, ahead time.Duration) []Entry {
	isOutage := func(e Entry) bool { return e.Kind == KindOutage }
	until := now.Add(max(ahead, 1)) // now is within it, even if nothing is ahead
	return slices.DeleteFunc(l.Between(now, until), isOutage)
}

// Announcement says in words when the entry starts and ends, seen from now,
// with times in UTC: `drill "failover" starts in 2 days, at 2026-03-14 15:00
// UTC, for 6 hours`. Later it "is in progress until 2026-03-14 21:00 UTC, for
// another 2 hours", and at last it "ended at 2026-03-14 21:00 UTC". An entry
// without an End is in progress "without an end yet". If only a part of the
// service is down, the text says so: ", 50% down".
func (e Entry) Announcement(now time.Time) string {
	const minutes = "2006-01-02 15:04 MST"
	start, end := e.Start.UTC().Format(minutes), e.End.UTC().Format(minutes)
	text := fmt.Sprintf("%s %q ", e.Kind, e.Name)
	switch {
	case now.Before(e.Start) && e.End.IsZero():
		text += fmt.Sprintf("starts in %s, at %s", budget.FormatDuration(e.Start.Sub(now)), start)
	case now.Before(e.Start):
		text += fmt.Sprintf("starts in %s, at %s, for %s", budget.FormatDuration(e.Start.Sub(now)), start, budget.FormatDuration(e.End.Sub(e.Start)))
	case e.End.IsZero():
		text += fmt.Sprintf("has been in progress since %s, without an end yet", start)
	case now.Before(e.End):
		text += fmt.Sprintf("is in progress until %s, for another %s", end, budget.FormatDuration(e.End.Sub(now)))
	default:
		text += "ended at " + end
	}
	if e.parts() < billion {
		text += fmt.Sprintf(", %v down", e.Degree)
	}
	return text
}
