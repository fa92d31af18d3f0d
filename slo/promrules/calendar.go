package promrules

import (
	"fmt"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

// zoneYears is the number of years for which the rules know when the calendar
// windows of a time zone begin.
const zoneYears = 10

// starts returns the beginnings of the calendar windows in the ten years from
// the year of a time. The first one contains the beginning of that year.
func starts(w slo.Window, from time.Time) []time.Time {
	var all []time.Time
	year := from.UTC().Year()
	end := time.Date(year+zoneYears, time.January, 1, 0, 0, 0, 0, time.UTC)
	for at := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC); at.Before(end); {
		start, next := w.Bounds(at)
		all = append(all, start)
		at = next
	}
	return all
}

// recordCalendar records the start of the calendar window and the events since
// then.
func (w *objective) recordCalendar() {
	w.record(promtext.RecordedWindowStart, w.windowStart(), w.labels)
	for _, signal := range signals {
		all := union(
			part{"full", w.startedHours(signal, longest(w.Window.Period()), " offset "+w.text(middle))},
			part{"restored", w.restored(signal)},
			part{"running", w.started(w.level(promtext.RecordedSinceHour, signal), middle)},
		)
		w.record(w.calendarName(signal), fmt.Sprintf("%s (\n  sum by (%s, %s, %s) (\n  %s\n  )\n  and on (%s) %s\n)",
			byIndicator, promtext.LabelService, promtext.LabelSLI, startLabel, all, startLabel, w.startAgo(middle)), w.labels)
	}
}

// startAgo returns the start of the window at some time ago as a label.
func (w *objective) startAgo(age time.Duration) string {
	return fmt.Sprintf("count_values(%q, %s offset %s)", startLabel, w.own(promtext.RecordedWindowStart), w.text(age))
}

// started gives events the start of their window as a label, so that the events
// of two windows stay apart. A subquery cannot begin at a time that changes.
func (w *objective) started(events string, age time.Duration) string {
	return fmt.Sprintf("%s * on () group_left (%s) %s", events, startLabel, w.startAgo(age))
}

// startedHours returns the events of the full hours in a range, by the start of
// their windows.
func (w *objective) startedHours(signal string, length time.Duration, offset string) string {
	return fmt.Sprintf("sum_over_time((%s)[%s:%s]%s)",
		w.started(w.level(promtext.RecordedIncrease1h, signal), time.Hour/2), w.text(length), w.text(time.Hour), offset)
}

// restored returns the events of whole days that their hours lack, because
// Prometheus has missed some of the hours or all. The range of the hours is
// shorter than a day, because Prometheus 2 includes the first moment of a
// range: the last hour of the day before.
func (w *objective) restored(signal string) string {
	whole := fmt.Sprintf("%s * on () group_left (%s) %s", w.anchor(signal), startLabel, w.wholeDay())
	return fmt.Sprintf("sum_over_time((%s - %s or %s)[%s:%s] offset %s)", whole, w.startedHours(signal, day-time.Hour/2, ""), whole,
		w.text(longest(w.Window.Period())), w.text(day), w.text(dayLate+middle))
}

// recordedHours returns the number of full hours of the window in which the
// objective was recorded. The indicator may have been known for longer.
func (w *objective) recordedHours() string {
	start := fmt.Sprintf("count_values(%q, %s)", startLabel, w.own(promtext.RecordedWindowStart))
	return fmt.Sprintf("(sum(count_over_time(%s[%s:%s]) and on (%s) %s) or vector(0))",
		start, w.text(longest(w.Window.Period())), w.text(time.Hour), startLabel, start)
}

// wholeDay returns the start of the window that has the whole day before a
// midnight, with the start as a label. It asks at three times, since a server
// may be down for up to anchorOverlap. Windows begin at full hours.
func (w *objective) wholeDay() string {
	var starts []string
	for _, age := range []time.Duration{10 * time.Minute, 50 * time.Minute, anchorOverlap + 50*time.Minute} {
		starts = append(starts, w.own(promtext.RecordedWindowStart)+" offset "+w.text(age))
	}
	return fmt.Sprintf("count_values(%q, (%s) <= %s - %d)", startLabel, strings.Join(starts, " or "), w.now(), day/time.Second)
}

// longest returns a range that holds every calendar window of a period.
func longest(p slo.Period) time.Duration {
	switch p {
	case slo.PeriodMonth:
		return 32 * day
	case slo.PeriodQuarter:
		return 93 * day
	}
	return 367 * day
}

func (w *objective) calendarName(signal string) string {
	return fmt.Sprintf(promtext.RecordedCalendar, signal) + string(w.Window.Period())
}

// windowStart returns the start of the window in seconds. It is arithmetic if
// the zone's clocks never change, and otherwise a sum over the ten years'
// windows.
func (w *objective) windowStart() string {
	all := starts(w.Window, w.options.ZonesFrom)
	if ahead, constant := constantOffset(w.Window.Location(), w.options.ZonesFrom); constant {
		return w.startByArithmetic(ahead)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "vector(\n  %d", all[0].Unix())
	for i, start := range all[1:] {
		fmt.Fprintf(&b, "\n  + %d * (time() >= bool %s)", start.Unix()-all[i].Unix(),
			w.seconds(time.Duration(start.Unix())*time.Second))
	}
	return b.String() + "\n)"
}

// now is the time of the calendar. Starts of windows are not scaled.
func (w *objective) now() string {
	if w.options.Scale > 1 {
		return fmt.Sprintf("(time() * %d)", w.options.Scale)
	}
	return "time()"
}

// startByArithmetic returns the start of the window by the functions of
// Prometheus, which know the calendar in UTC.
func (w *objective) startByArithmetic(ahead time.Duration) string {
	now := w.now()
	if ahead != 0 {
		now = fmt.Sprintf("(%s + %d)", now, int64(ahead/time.Second))
	}
	const daySeconds = int64(day / time.Second)
	today := fmt.Sprintf("vector(%s - %s %% %d", now, now, daySeconds)
	if ahead != 0 {
		today += fmt.Sprintf(" - %d", int64(ahead/time.Second))
	}
	today += ")"
	local := "vector(" + now + ")"
	if w.Window.Period() == slo.PeriodYear {
		return fmt.Sprintf("%s - (day_of_year(%s) - 1) * %d", today, local, daySeconds)
	}
	month := fmt.Sprintf("%s - (day_of_month(%s) - 1) * %d", today, local, daySeconds)
	if w.Window.Period() == slo.PeriodMonth {
		return month
	}
	// The months of the quarter before the current one. The day before the first
	// of a month tells the length of the month before.
	before := func(days string) string {
		return fmt.Sprintf("%s - day_of_month(%s) * %d", local, local, daySeconds) + days
	}
	return fmt.Sprintf("%s\n  - ((month(%s) - 1) %% 3 >= bool 1) * days_in_month(%s) * %d\n  - ((month(%s) - 1) %% 3 >= bool 2) * days_in_month(%s) * %d",
		month, local, before(""), daySeconds,
		local, before(fmt.Sprintf(" - days_in_month(%s) * %d", before(""), daySeconds)), daySeconds)
}

// constantOffset returns how far the clocks of a location are ahead of UTC, and
// whether this holds for all ten years.
func constantOffset(location *time.Location, from time.Time) (time.Duration, bool) {
	at := time.Date(from.UTC().Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	_, first := at.In(location).Zone()
	for range zoneYears * 366 {
		at = at.Add(day)
		if _, seconds := at.In(location).Zone(); seconds != first {
			return 0, false
		}
	}
	return time.Duration(first) * time.Second, true
}
