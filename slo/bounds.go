package slo

import (
	"sort"
	"time"
)

// Bounds returns the window that contains now: from start up to, but not
// including, end. A rolling window ends now. A calendar window starts at the
// first moment at which clocks in its time zone show its first day: at
// midnight, at the first of two midnights if clocks go back over it, or at
// the moment after midnight if clocks skip it.
func (w Window) Bounds(now time.Time) (start, end time.Time) {
	if !w.IsCalendar() {
		return now.Add(-w.rolling), now
	}
	months := w.calendar.months()
	year, month, _ := now.In(w.location).Date()
	month -= (month - 1) % months
	start, end = firstOf(year, month, w.location), firstOf(year, month+months, w.location)
	if !now.Before(end) {
		// Clocks went back over midnight and show the last day again.
		start, end = end, firstOf(year, month+2*months, w.location)
	}
	return start, end
}

// Length returns the length of the window that contains now. The length of a
// rolling window is constant. The lengths of calendar windows differ by days,
// and by the hour if clocks change.
func (w Window) Length(now time.Time) time.Duration {
	if !w.IsCalendar() {
		return w.rolling
	}
	start, end := w.Bounds(now)
	return end.Sub(start)
}

// calendarAlerts is the length whose budget the alerts of a calendar window
// weigh: a month's, for which the parameters of the default alerts are made.
const calendarAlerts = 30 * day

// AlertLength returns the length of time whose error budget the alerts of a
// valid window weigh. For a rolling window that is its length. For a calendar
// window it is 30 days: at the beginning of a year the budget so far is a few
// events, and 2 % of a year's budget is a quarter of a month's.
func (w Window) AlertLength() time.Duration {
	if !w.IsCalendar() {
		return w.rolling
	}
	return calendarAlerts
}

// firstOf returns the first moment at which clocks show the first of a month
// or later. Clocks that change at about midnight show midnight twice or skip
// it, and time.Date does not promise which moment it returns then. firstOf
// therefore goes through the spans in which one offset holds.
//
// It finds their ends by the offsets alone, because Time.ZoneBounds can return
// an end that is not after its time (https://go.dev/issue/81583). Every step
// goes forward, so it ends.
func firstOf(year int, month time.Month, location *time.Location) time.Time {
	shown := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	t := shown.Add(-2 * day).In(location) // no clock is this far ahead of UTC
	for {
		next := changeAfter(t)
		first := shown.Add(-offset(t)).In(location)
		if first.Before(t) {
			first = t // the change skipped it
		}
		if first.Before(next) {
			return first
		}
		t = next
	}
}

// probe is a time within which no clock changes twice. In the time zone
// database, two changes of a clock are at least 95 hours apart.
const probe = 12 * time.Hour

// changeAfter returns the first second after t with another offset, but at
// most t plus probe.
func changeAfter(t time.Time) time.Time {
	if offset(t.Add(probe)) == offset(t) {
		return t.Add(probe)
	}
	seconds := sort.Search(int(probe/time.Second), func(s int) bool {
		return s > 0 && offset(t.Add(time.Duration(s)*time.Second)) != offset(t)
	})
	return t.Add(time.Duration(seconds) * time.Second)
}

// offset returns how far the clocks of t's location are ahead of UTC.
func offset(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}
