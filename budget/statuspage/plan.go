package statuspage

import (
	"cmp"
	"html/template"
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
)

// Planned events. The ledger of the options says which are planned, and the
// source says whether events count then. The page believes the source, because
// the figures are the source's.

// ahead is how far the page announces planned events.
const ahead = 7 * 24 * time.Hour

// ledger returns the events that the page draws and announces.
func (v *view) ledger() ledger.Ledger {
	if v.options.Ledger == nil {
		return ledger.Ledger{}
	}
	return ask(v, "Ledger", v.options.Ledger)
}

// tense is the time of an entry, as seen from now.
type tense int

const (
	past tense = iota
	open
	planned
)

// tenseNames are the tenses in the JSON.
var tenseNames = map[tense]string{past: "past", open: "open", planned: "planned"}

func (v *view) tenseOf(e ledger.Entry) tense {
	switch {
	case e.Start.After(v.At):
		return planned
	case e.End.IsZero() || e.End.After(v.At):
		return open
	}
	return past
}

// announced returns the entries that are open, and then those that are planned
// within a time ahead.
func (v *view) announced(downtime ledger.Ledger, within time.Duration) []ledger.Entry {
	all := downtime.Between(v.At, v.At.Add(within))
	all = slices.DeleteFunc(all, func(e ledger.Entry) bool { return e.Kind == ledger.KindOutage && v.tenseOf(e) == planned })
	slices.SortStableFunc(all, func(a, b ledger.Entry) int { return cmp.Compare(v.tenseOf(a), v.tenseOf(b)) })
	return all
}

// plannedTexts says in words which entries are open or planned, and whether
// their events count for some objectives.
func (v *view) plannedTexts(downtime ledger.Ledger, within time.Duration, objectives []standing) []template.HTML {
	var texts []template.HTML
	for _, e := range v.announced(downtime, within) {
		texts = append(texts, v.plannedText(downtime, e, objectives))
	}
	return texts
}

// entryKeys are the beginnings of the keys of messages about entries.
var entryKeys = map[ledger.Kind]string{
	ledger.KindOutage: "incident", ledger.KindMaintenance: "maint", ledger.KindDeployment: "deploy", ledger.KindDrill: "drill",
}

func (v *view) plannedText(downtime ledger.Ledger, e ledger.Entry, objectives []standing) template.HTML {
	key := cmp.Or(entryKeys[e.Kind], "incident")
	key += pick(v.tenseOf(e) == open, "_open", "_plan")
	if v.tenseOf(e) == planned && e.End.IsZero() {
		key += "_from"
	}
	text := v.l.html(key, "name", isolated(e.Name), "a", v.l.when(e.Start, v.At), "b", v.l.until(e.Start, e.End, v.At))
	free := 0
	for _, s := range objectives {
		if s.exclusionOf(e, v.At).whole {
			free++
		}
	}
	switch {
	case free > 0 && free == len(objectives):
		text += ": " + v.l.html("free_of_charge")
	case free > 0:
		text += ": " + v.l.html("free_for", "n", free, "all", len(objectives))
	case slices.Contains(downtime.Exclude, e.Kind):
		text += ": " + v.l.html("not_free")
	}
	return text
}

// exclusion tells which events of an entry do not count.
type exclusion struct {
	whole, part bool   // all of the time, or any of it
	events      uint64 // that did not count
	exact       bool   // events has no event from before or after the entry
}

// edges is the time by which a source can be late to exclude the events of an
// entry: the time between its readings, and some more.
const edges = 15 * time.Second

// exclusionOf returns the exclusion of an entry from a moment on.
func (s standing) exclusionOf(e ledger.Entry, from time.Time) exclusion {
	x := exclusion{exact: true}
	end := endOf(e.End)
	at := e.Start
	if at.Before(from) {
		at = from
	}
	sorted := slices.SortedFunc(slices.Values(s.Exclusions), func(a, b status.Exclusion) int { return a.Start.Compare(b.Start) })
	gap := false
	for _, r := range sorted {
		until := endOf(r.End)
		if !r.Start.Before(end) || !until.After(at) {
			continue
		}
		x.part = true
		x.events += r.Counts.Valid
		if r.Start.Before(e.Start.Add(-edges)) || until.After(end.Add(edges)) {
			x.exact = false
		}
		gap = gap || r.Start.After(at.Add(edges))
		at = until
	}
	x.whole = x.part && !gap && !at.Before(end.Add(-edges))
	return x
}

// endOf returns an end, or a moment far ahead if it is zero.
func endOf(t time.Time) time.Time {
	if t.IsZero() {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t
}

// excluded returns the exclusion of an entry in the window up to now, or of a
// planned entry.
func (v *view) excluded(e ledger.Entry, s standing) exclusion {
	if v.tenseOf(e) == open {
		e.End = v.At
	}
	begin, _ := s.Objective.Objective.Window.Bounds(v.At)
	return s.exclusionOf(e, begin)
}

// counting says whether the events of an entry count for an objective. It is
// empty for an entry that nothing excludes.
func (v *view) counting(downtime ledger.Ledger, e ledger.Entry, s standing) template.HTML {
	x := v.excluded(e, s)
	n := v.l.count(x.events)
	switch {
	case x.whole && x.exact && x.events > 0:
		return v.l.html("events_excluded_n", "n", n)
	case x.whole:
		return v.l.html("events_excluded")
	case x.part && x.exact && x.events > 0:
		return v.l.html("events_partly_n", "n", n)
	case x.part:
		return v.l.html("events_partly")
	case slices.Contains(downtime.Exclude, e.Kind):
		return v.l.html("events_count")
	}
	return ""
}

// eventDocs returns entries for the JSON. An entry is excluded if no event in
// its time counts for any of the objectives.
func (v *view) eventDocs(entries []ledger.Entry, from time.Time, objectives ...standing) []eventDoc {
	docs := []eventDoc{}
	for _, e := range entries {
		d := eventDoc{Kind: string(e.Kind), Name: e.Name, Start: e.Start.UTC(), End: timeOrNull(e.End), Tense: tenseNames[v.tenseOf(e)], Excluded: len(objectives) > 0}
		for _, s := range objectives {
			d.Excluded = d.Excluded && s.exclusionOf(e, from).whole
		}
		docs = append(docs, d)
	}
	return docs
}
