package slo

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Window is the period over which an objective holds. A rolling window is the
// last 30 days, for example, at any moment. A calendar window is a period of a
// contract, such as a month, and restarts at its end.
//
// Compare windows with [Window.Equal]. The zero Window is not valid; see
// [Window.IsValid].
type Window struct {
	rolling  time.Duration
	calendar Period
	location *time.Location // of a calendar window, never nil
}

const (
	day  = 24 * time.Hour
	week = 7 * day

	// minWindow is the shortest rolling window. A shorter one is for alerts: its
	// budget would be spent and renewed before anybody can act.
	minWindow = time.Hour
	// maxWindow is the longest rolling window, a leap year.
	maxWindow = 366 * day
)

// Rolling returns the window of the given length that ends now, at any moment.
// The length is in whole seconds, from one hour to 366 days. 30 days are 720
// hours, even if clocks change.
func Rolling(length time.Duration) (Window, error) {
	if err := checkRolling(length); err != nil {
		return Window{}, fmt.Errorf("slo: invalid window of %v: %w", length, err)
	}
	return Window{rolling: length}, nil
}

func checkRolling(length time.Duration) error {
	switch {
	case length < minWindow:
		return errors.New("want at least an hour")
	case length > maxWindow:
		return errors.New("want at most 366 days")
	case length%time.Second != 0:
		return errWholeSeconds
	}
	return nil
}

var errWholeSeconds = errors.New("want whole seconds")

// Calendar returns the calendar window of a period in a time zone. A nil
// location means UTC. The text of a window holds only the name of its zone,
// so [time.LoadLocation] must find it: [time.Local] and the invented names of
// [time.FixedZone] are errors.
func Calendar(p Period, location *time.Location) (Window, error) {
	if location == nil {
		location = time.UTC
	}
	if p.months() == 0 {
		return Window{}, fmt.Errorf("slo: unknown period %q: want one of %q, %q, %q", p, PeriodMonth, PeriodQuarter, PeriodYear)
	}
	if _, err := loadZone(location.String()); err != nil {
		return Window{}, fmt.Errorf("slo: invalid window of a %s: %w", p, err)
	}
	return Window{calendar: p, location: location}, nil
}

func loadZone(name string) (*time.Location, error) {
	switch name {
	case "":
		return nil, errors.New("time zone is empty")
	case "Local":
		return nil, errors.New(`time zone "Local" differs by machine`)
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("unknown time zone %q: want a name such as \"Asia/Seoul\"", name)
	}
	return location, nil
}

// ParseWindow parses a rolling window such as "30d", "4w", "36h", "90m" or
// "1d12h", or a calendar window such as "month" in UTC or "month Asia/Seoul"
// in a time zone. It returns an error that quotes the text for anything else,
// and for a time zone that [time.LoadLocation] does not find. A program for
// systems without a time zone database imports time/tzdata.
func ParseWindow(text string) (Window, error) {
	w, err := parseWindow(text)
	if err != nil {
		return Window{}, fmt.Errorf("slo: invalid window %q: %w", text, err)
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
		return Window{}, errors.New(`want a length such as "30d" or "4w", or "month", "quarter" or "year" with a time zone such as "month Asia/Seoul"`)
	}
	return Window{rolling: length}, checkRolling(length)
}

// MustParseWindow is like ParseWindow, but panics on an error. It is for
// constants in a program.
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

// parseLength parses numbers with units, each unit at most once, "1d12h".
func parseLength(text string) (time.Duration, bool) {
	var length time.Duration
	rest := text
	for _, unit := range units {
		number, after, found := strings.Cut(rest, unit.suffix)
		if !found {
			continue
		}
		if strings.Trim(number, "0123456789") != "" || number == "" {
			return 0, false
		}
		n, err := strconv.ParseUint(number, 10, 64)
		if tooLong := uint64(maxWindow/unit.length) + 1; err != nil || n > tooLong {
			n = tooLong // which no sum overflows
		}
		length += time.Duration(n) * unit.length
		rest = after
	}
	return length, rest == "" && text != ""
}

// IsValid reports whether w came from a constructor. The zero Window did not.
func (w Window) IsValid() bool { return w != Window{} }

// Equal reports whether both windows have the same length, or the same period
// in time zones of the same name.
func (w Window) Equal(v Window) bool {
	if w.rolling != v.rolling || w.calendar != v.calendar {
		return false
	}
	return !w.IsCalendar() || w.location.String() == v.location.String()
}

// IsCalendar reports whether w is a calendar window.
func (w Window) IsCalendar() bool { return w.calendar != "" }

// Period returns the period of a calendar window, and "" for a rolling one.
func (w Window) Period() Period { return w.calendar }

// Location returns the time zone of a calendar window, and nil for a rolling
// one.
func (w Window) Location() *time.Location { return w.location }

// String returns the window in the form that ParseWindow reads, "30d" or
// "month Asia/Seoul". The zero Window is "".
func (w Window) String() string {
	if w.IsCalendar() {
		if w.location.String() == "UTC" {
			return string(w.calendar)
		}
		return string(w.calendar) + " " + w.location.String()
	}
	var b strings.Builder
	rest := w.rolling
	for _, unit := range units[1:] { // in days, the customary unit: "28d"
		if n := rest / unit.length; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, unit.suffix)
			rest %= unit.length
		}
	}
	return b.String()
}

// Words returns the window in words, to be read after a target: "over 30d", "in
// each month", or "in each month, Asia/Seoul time".
func (w Window) Words() string {
	if !w.IsCalendar() {
		return "over " + w.String()
	}
	words := "in each " + string(w.calendar)
	if _, zone, found := strings.Cut(w.String(), " "); found {
		words += ", " + zone + " time"
	}
	return words
}

// MarshalText returns String.
func (w Window) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText parses a text like ParseWindow. An empty text is the zero
// Window.
func (w *Window) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*w = Window{}
		return nil
	}
	parsed, err := ParseWindow(string(text))
	if err != nil {
		return err
	}
	*w = parsed
	return nil
}
