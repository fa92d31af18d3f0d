package slo

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Window is the period over which an objective is kept: rolling, the last 30 days at any moment, or
// calendar, the month that a contract speaks of, which starts anew at its end.
//
// Compare windows with [Window.Equal]. The zero Window is not valid; see [Window.IsValid].
type Window struct {
	rolling  time.Duration
	calendar Period
	location *time.Location // of a calendar window, never nil
}

// Period is the length of a calendar window.
type Period string

const (
	// PeriodMonth is from the first of a month to the first of the next.
	PeriodMonth Period = "month"
	// PeriodQuarter is three months from the first of January, April, July or October.
	PeriodQuarter Period = "quarter"
	// PeriodYear is from the first of January to the next.
	PeriodYear Period = "year"
)

// months returns how many months a period has, none for what is no period.
func (p Period) months() time.Month {
	switch p {
	case PeriodMonth:
		return 1
	case PeriodQuarter:
		return 3
	case PeriodYear:
		return 12
	}
	return 0
}

const (
	day  = 24 * time.Hour
	week = 7 * day

	// minWindow is the shortest rolling window: what is shorter than an hour is an alert's window,
	// since a budget for it would be spent and new before anybody can act.
	minWindow = time.Hour
	// maxDays is how many days the longest rolling window has, a year.
	maxDays   = 366
	maxWindow = maxDays * day
)

// Rolling returns the window of the given length that ends now, at any moment. The length is in whole
// seconds, from one hour to 366 days; 30 days are 720 hours wherever clocks change.
func Rolling(length time.Duration) (Window, error) {
	if err := checkRolling(length); err != nil {
		return Window{}, fmt.Errorf("slo: window of %v: %w", length, err)
	}
	return Window{rolling: length}, nil
}

func checkRolling(length time.Duration) error {
	switch {
	case length < minWindow:
		return errors.New("is shorter than an hour")
	case length > maxWindow:
		return errors.New("is longer than a year of 366 days")
	case length%time.Second != 0:
		return errors.New("is not in whole seconds")
	}
	return nil
}

// Calendar returns the calendar window of a period in a time zone. A nil location means UTC. The zone
// must be one that [time.LoadLocation] finds by its name, since the name is all of it that a window's
// text holds: [time.Local] and the made-up names of [time.FixedZone] are errors.
func Calendar(p Period, location *time.Location) (Window, error) {
	if location == nil {
		location = time.UTC
	}
	if p.months() == 0 {
		return Window{}, fmt.Errorf("slo: %q is not a calendar period: want %q, %q or %q", p, PeriodMonth, PeriodQuarter, PeriodYear)
	}
	if _, err := loadZone(location.String()); err != nil {
		return Window{}, fmt.Errorf("slo: window of a %s: %w", p, err)
	}
	return Window{calendar: p, location: location}, nil
}

func loadZone(name string) (*time.Location, error) {
	switch name {
	case "":
		return nil, errors.New("the time zone has no name")
	case "Local":
		return nil, errors.New(`time zone "Local" differs from machine to machine`)
	}
	return time.LoadLocation(name)
}

// ParseWindow parses a rolling window like "30d", "4w", "36h", "90m" or "1d12h", or a calendar window:
// a period, and after a space the name of a time zone if it is not UTC, like "month Asia/Seoul". It
// returns an error that quotes the text for anything else, and for a time zone that
// [time.LoadLocation] does not find: a program for systems without a time zone database imports
// time/tzdata.
func ParseWindow(text string) (Window, error) {
	w, err := parseWindow(text)
	if err != nil {
		return Window{}, fmt.Errorf("slo: window %q: %w", text, err)
	}
	return w, nil
}

func parseWindow(text string) (Window, error) {
	period, zone, hasZone := strings.Cut(text, " ")
	if Period(period).months() > 0 {
		if !hasZone {
			zone = "UTC"
		}
		location, err := loadZone(zone)
		return Window{calendar: Period(period), location: location}, err
	}
	length, ok := parseLength(text)
	if !ok {
		return Window{}, errors.New(`want a length like "30d" or "4w", or "month", "quarter" or "year" with a time zone like "month Asia/Seoul"`)
	}
	return Window{rolling: length}, checkRolling(length)
}

// MustParseWindow is ParseWindow for constants in a program; it panics on an error.
func MustParseWindow(text string) Window {
	w, err := ParseWindow(text)
	if err != nil {
		panic(err)
	}
	return w
}

// units are the units of a rolling window's text, the longest first.
var units = []struct {
	suffix string
	length time.Duration
}{{"w", week}, {"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// parseLength parses numbers with units, each unit at most once, like "1d12h".
func parseLength(text string) (time.Duration, bool) {
	var length time.Duration
	rest := text
	for _, unit := range units {
		number, after, found := strings.Cut(rest, unit.suffix)
		if !found {
			continue
		}
		if !digitsOnly(number) {
			return 0, false
		}
		n, err := strconv.ParseUint(number, 10, 64)
		if tooLong := uint64(maxWindow/unit.length) + 1; err != nil || n > tooLong {
			n = tooLong // no sum of these overflows
		}
		length += time.Duration(n) * unit.length
		rest = after
	}
	return length, rest == "" && text != ""
}

// IsValid reports whether w came from one of the constructors, as opposed to the zero Window.
func (w Window) IsValid() bool { return w != Window{} }

// Equal reports whether both windows are of the same length, or of the same period in time zones of the
// same name.
func (w Window) Equal(v Window) bool {
	return w.rolling == v.rolling && w.calendar == v.calendar &&
		(!w.IsCalendar() || w.location.String() == v.location.String())
}

// IsCalendar reports whether w is a calendar window.
func (w Window) IsCalendar() bool { return w.calendar != "" }

// Period returns the period of a calendar window, "" for a rolling one.
func (w Window) Period() Period { return w.calendar }

// Location returns the time zone of a calendar window, nil for a rolling one.
func (w Window) Location() *time.Location { return w.location }

// Bounds returns the window that the moment now belongs to, from start up to but not including end. A
// rolling window ends now. A calendar window starts at the first moment at which clocks in its time
// zone show its first day: the midnight that begins it, the first of two where clocks go back over
// midnight, and the moment after it where they skip it.
func (w Window) Bounds(now time.Time) (start, end time.Time) {
	if !w.IsCalendar() {
		return now.Add(-w.rolling), now
	}
	months := w.calendar.months()
	year, month, _ := now.In(w.location).Date()
	month -= (month - 1) % months
	start, end = firstOf(year, month, w.location), firstOf(year, month+months, w.location)
	if !now.Before(end) { // clocks went back over midnight and show the last day again
		start, end = end, firstOf(year, month+2*months, w.location)
	}
	return start, end
}

// Length returns how long the window is that the moment now belongs to. It is the same at all times
// for a rolling window; months differ, by days and by the hour that clocks change.
func (w Window) Length(now time.Time) time.Duration {
	if !w.IsCalendar() {
		return w.rolling
	}
	start, end := w.Bounds(now)
	return end.Sub(start)
}

// shortest returns the least length that the window has at any moment, to the day.
func (w Window) shortest() time.Duration {
	switch w.calendar {
	case PeriodMonth:
		return 28 * day
	case PeriodQuarter:
		return 90 * day
	case PeriodYear:
		return 365 * day
	}
	return w.rolling
}

// longest returns the greatest length that the window has at any moment, to the day.
func (w Window) longest() time.Duration {
	switch w.calendar {
	case PeriodMonth:
		return 31 * day
	case PeriodQuarter:
		return 92 * day
	case PeriodYear:
		return 366 * day
	}
	return w.rolling
}

// firstOf returns the first moment at which clocks show the first of a month or later. It walks the
// stretches of one offset, since clocks that change about midnight show it twice or skip it, and
// time.Date does not promise which moment it then returns.
func firstOf(year int, month time.Month, location *time.Location) time.Time {
	shown := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	t := shown.Add(-2 * day).In(location) // no clock is so far ahead of UTC
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

// String returns the window as ParseWindow reads it: "30d", "month Asia/Seoul". The zero Window is "".
func (w Window) String() string {
	if w.IsCalendar() {
		if w.location.String() == "UTC" {
			return string(w.calendar)
		}
		return string(w.calendar) + " " + w.location.String()
	}
	var b strings.Builder
	rest := w.rolling
	for _, unit := range units[1:] { // windows are spoken of in days: 28d
		if n := rest / unit.length; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, unit.suffix)
			rest %= unit.length
		}
	}
	return b.String()
}

// MarshalText returns String. The zero Window is an error.
func (w Window) MarshalText() ([]byte, error) {
	if !w.IsValid() {
		return nil, errors.New("slo: the zero Window has no text")
	}
	return []byte(w.String()), nil
}

// UnmarshalText parses text as ParseWindow does.
func (w *Window) UnmarshalText(text []byte) error {
	parsed, err := ParseWindow(string(text))
	if err != nil {
		return err
	}
	*w = parsed
	return nil
}
