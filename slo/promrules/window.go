package promrules

import (
	"fmt"
	"slices"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
)

// promisedLength returns the usual length of the objective's window.
func (w *objective) promisedLength() time.Duration {
	if days := calendarDays(w.Window); days != 0 {
		return days * day
	}
	return w.length
}

// usualWindows are recorded for every objective with a longer window, for
// dashboards. The ranges of 5 minutes and of an hour are levels.
var usualWindows = []time.Duration{30 * time.Minute, 2 * time.Hour, 6 * time.Hour, day, 3 * day}

// lengths returns the windows to record, without the two levels.
func (w *objective) lengths() []time.Duration {
	lengths := []time.Duration{w.length}
	for _, a := range w.alerts {
		lengths = append(lengths, a.Long, a.Short)
	}
	for _, usual := range usualWindows {
		if usual < w.length {
			lengths = append(lengths, usual)
		}
	}
	slices.Sort(lengths)
	lengths = slices.Compact(lengths)
	return slices.DeleteFunc(lengths, isLevel)
}

func isLevel(length time.Duration) bool { return length == level0 || length == level1 }

// recordWindow records the events of a window.
func (w *objective) recordWindow(length time.Duration) {
	for _, signal := range signals {
		w.record(w.windowName(signal, length), w.window(signal, length), w.labels)
	}
}

func (w *objective) windowName(signal string, length time.Duration) string {
	return fmt.Sprintf(promtext.RecordedWindow, signal) + scale(1).text(length)
}

func (w *objective) window(signal string, length time.Duration) string {
	switch {
	case length < level1 && length%level0 == 0:
		return fmt.Sprintf("sum_over_time(%s[%s:%s])",
			w.level(promtext.RecordedIncrease5m, signal), w.text(length), w.text(level0))
	case length < level1:
		return fmt.Sprintf("%s (increase(%s[%s]%s))", byIndicator, w.raw(counters[signal]), w.text(length), w.settled())
	case length >= day && length == w.length, length > 3*day:
		return w.ofDays(signal, length)
	}
	return w.ofHours(signal, length)
}

// ofHours returns the events of a window from the full hours in it. Its ends
// are between full hours: the running hour is added, and the part of the first
// hour before the window is subtracted. This holds for windows of any length.
func (w *objective) ofHours(signal string, length time.Duration) string {
	running := w.level(promtext.RecordedSinceHour, signal)
	return sum(
		part{"full", fmt.Sprintf("sum_over_time(%s[%s:%s] offset %s)",
			w.level(promtext.RecordedIncrease1h, signal), w.text(length), w.text(time.Hour), w.text(middle))},
		part{"running", running},
		part{"before", fmt.Sprintf("-(%s offset %s)", running, w.text(length))},
	)
}

// ofDays is like ofHours, with the anchors of full days. A day without an
// anchor is the sum of its hours.
func (w *objective) ofDays(signal string, length time.Duration) string {
	running := w.level(promtext.RecordedSinceDay, signal)
	days := fmt.Sprintf("%s or 1 * %s offset -%s", w.anchor(signal), running, w.text(dayEnd))
	return sum(
		part{"full", fmt.Sprintf("sum_over_time((%s)[%s:%s] offset %s)", days, w.text(length), w.text(day), w.text(dayLate+middle))},
		part{"running", running},
		part{"before", fmt.Sprintf("-(%s offset %s)", running, w.text(length))},
	)
}

// anchor returns the events of the day before a midnight, if they are recorded.
// The name of the series is multiplied away, because Prometheus 2 keeps it in
// last_over_time.
func (w *objective) anchor(signal string) string {
	return fmt.Sprintf("1 * last_over_time(%s[%s] offset -%s)",
		w.level(promtext.RecordedDay, signal), w.text(day), w.text(day+anchorGrace))
}

// events selects the recorded events of a window. A level has no label slo.
func (w *objective) events(signal string, length time.Duration) (series string, isOfIndicator bool) {
	switch length {
	case level0:
		return w.level(promtext.RecordedIncrease5m, signal), true
	case level1:
		return w.level(promtext.RecordedIncrease1h, signal), true
	}
	return w.own(w.windowName(signal, length)), false
}
