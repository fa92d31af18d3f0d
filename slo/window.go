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
	// Month is from the first of a month to the first of the next.
	Month Period = "month"
	// Quarter is three months from the first of January, April, July or October.
	Quarter Period = "quarter"
	// Year is from the first of January to the next.
	Year Period = "year"
)

const (
	day  = 24 * time.Hour
	week = 7 * day

	// minWindow is the shortest rolling window: what is shorter than an hour is an alert's window,
	// since a budget for it would be spent and new before anybody can act.
	minWindow = time.Hour
	// maxWindow is the longest rolling window, a year.
	maxWindow = 366 * day
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

// Days returns the rolling window of so many days; it panics unless they are from 1 to 366. It is for
// constants in a program.
func Days(n int) Window {
	w, err := Rolling(time.Duration(n) * day)
	if err != nil {
		panic(err)
	}
	return w
}

// Calendar returns the calendar window of a period in a time zone. A nil location means UTC.
func Calendar(p Period, location *time.Location) (Window, error) {
	if location == nil {
		location = time.UTC
	}
	switch p {
	case Month, Quarter, Year:
		return Window{calendar: p, location: location}, nil
	}
	return Window{}, fmt.Errorf("slo: %q is not a calendar period: want %q, %q or %q", p, Month, Quarter, Year)
}

// ParseWindow parses a rolling window like "30d", "4w", "36h", "90m" or "1d12h", or a calendar window:
// a period, and after a space the name of a time zone if it is not UTC, like "month Asia/Seoul". It
// returns an error that quotes the text for anything else.
func ParseWindow(text string) (Window, error) {
	w, err := parseWindow(text)
	if err != nil {
		return Window{}, fmt.Errorf("slo: window %q: %w", text, err)
	}
	return w, nil
}

func parseWindow(text string) (Window, error) {
	period, zone, _ := strings.Cut(text, " ")
	switch Period(period) {
	case Month, Quarter, Year:
		if zone == "" && period != text {
			return Window{}, errors.New("has a space and no time zone behind it")
		}
		if zone == "Local" {
			return Window{}, errors.New(`time zone "Local" differs from machine to machine`)
		}
		location, err := time.LoadLocation(zone)
		if err != nil {
			return Window{}, err
		}
		return Window{calendar: Period(period), location: location}, nil
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
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil || n == 0 || n > uint64((maxWindow+week)/unit.length) || !digitsOnly(number) {
			return 0, false
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
// rolling window ends now. A calendar window starts at the midnight, in its time zone, that begins
// its period, or where clocks skip that midnight at the first moment of the day.
func (w Window) Bounds(now time.Time) (start, end time.Time) {
	if !w.IsCalendar() {
		return now.Add(-w.rolling), now
	}
	year, month, _ := now.In(w.location).Date()
	months := 1
	switch w.calendar {
	case Quarter:
		month -= (month - 1) % 3
		months = 3
	case Year:
		month = time.January
		months = 12
	}
	return firstOf(year, month, w.location), firstOf(year, month+time.Month(months), w.location)
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

// firstOf returns the first moment of a month. In some zones clocks go forward at midnight, and
// time.Date may then return a moment of the day before.
func firstOf(year int, month time.Month, location *time.Location) time.Time {
	t := time.Date(year, month, 1, 0, 0, 0, 0, location)
	if t.Day() != 1 {
		_, t = t.ZoneBounds()
	}
	return t
}

// String returns the window as ParseWindow reads it: "30d", "month Asia/Seoul". The zero Window is "".
func (w Window) String() string {
	if w.IsCalendar() {
		if w.location == time.UTC {
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
