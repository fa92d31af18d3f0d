package slo

import "time"

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

// lengths returns the least and the greatest length of the window at any
// moment, to the day.
func (w Window) lengths() (least, greatest time.Duration) {
	if !w.IsCalendar() {
		return w.rolling, w.rolling
	}
	least, greatest = w.calendar.days()
	return least * day, greatest * day
}

// firstOf returns the first moment at which clocks show the first of a month
// or later. It walks through the spans of one offset, since clocks that
// change at about midnight show midnight twice or skip it, and time.Date does
// not promise which moment it returns then.
func firstOf(year int, month time.Month, location *time.Location) time.Time {
	shown := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	t := shown.Add(-2 * day).In(location) // no clock is this far ahead of UTC
	for {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		first := shown.Add(-time.Duration(offset) * time.Second)
		if first.Before(t) {
			first = t // the change skipped it
		}
		if end.IsZero() || first.Before(end) {
			return first.In(location)
		}
		t = end
	}
}
