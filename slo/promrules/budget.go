package promrules

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

// recordBudget records the budget of the whole window, the spent share of it,
// and the remaining share of the budget of the window's events so far.
func (w *objective) recordBudget() {
	allowed := w.Target.BudgetDecimal()
	valid, _ := w.events(promtext.SignalValid, w.length)
	hours := ratio(big.NewRat(int64(w.length), int64(time.Hour)))
	w.record(promtext.RecordedBudgetEvents, fmt.Sprintf("%s * %s * %s group_left () clamp_min(%s / %s, 1) > 0",
		allowed, valid, onIndicator, hours, w.at(promtext.RecordedKnownHours)), w.labels)

	good, valid := w.promised(promtext.SignalGood), w.promised(promtext.SignalValid)
	whole := w.own(promtext.RecordedBudgetEvents)
	if length := w.promisedLength(); length != w.length {
		whole = fmt.Sprintf("(%s * %d / %d)", whole, length/day, w.length/day)
	}
	w.record(promtext.RecordedBudgetSpent, fmt.Sprintf("(%s - %s) / %s %s", valid, good, onIndicator, whole), w.labels)
	w.record(promtext.RecordedBudgetRemaining, fmt.Sprintf("1 - (%s - %s) / (%s >= 1 / %s) / %s", valid, good, valid, allowed, allowed), w.labels)
}

// calendarDays returns the usual number of days of a calendar window, and 0 for
// a rolling one.
func calendarDays(w slo.Window) time.Duration {
	switch w.Period() {
	case slo.PeriodMonth:
		return 30
	case slo.PeriodQuarter:
		return 91
	case slo.PeriodYear:
		return 365
	}
	return 0
}

// promised selects the recorded events of the objective's window.
func (w *objective) promised(signal string) string {
	if w.Window.IsCalendar() {
		return w.own(w.calendarName(signal))
	}
	series, _ := w.events(signal, w.length)
	return series
}

// clientsLeave holds while more clients leave than have a verdict.
func (n *indicator) clientsLeave() string {
	return n.level(promtext.RecordedIncrease1h, promtext.SignalClientLeft) + " > " + n.level(promtext.RecordedIncrease1h, promtext.SignalValid)
}

// unknown holds while nobody knows the budget.
func (w *objective) unknown() string {
	return fmt.Sprintf("(absent(%s) or absent(%s) or %s)", w.own(promtext.RecordedBudgetSpent),
		w.level(promtext.RecordedIncrease5m, promtext.SignalValid), w.clientsLeave())
}

// recordPolicy records the step of the policy and its consequence, as
// [budget.Policy.Decide] decides. Both always have a value.
func (w *objective) recordPolicy() {
	steps := w.options.Policy.Steps
	step, spent := w.own(promtext.RecordedPolicyStep), w.own(promtext.RecordedBudgetSpent)
	previous := fmt.Sprintf("last_over_time(%s[%s])", step, w.text(time.Hour))
	parts := []part{{"0", "0 * " + spent}}
	for i, s := range steps[1:] {
		from, until := fraction(s.From.PartsPerBillion()), fraction(cmp.Or(s.Until, s.From).PartsPerBillion())
		reached := fmt.Sprintf("(%s >= bool %s)", spent, from)
		if from != until {
			reached = fmt.Sprintf("clamp_max(%s + (%s >= bool %s) * (scalar(%s) >= bool %d), 1)", reached, spent, until, previous, i+1)
		}
		parts = append(parts, part{fmt.Sprint(i + 1), fmt.Sprintf("%d * %s", i+1, reached)})
	}
	w.record(promtext.RecordedPolicyStep, fmt.Sprintf("max without (%s) (\n  %s\n)\nunless on () %s\nor on () %s\nor on () vector(0)",
		partLabel, union(parts...), w.unknown(), previous), w.labels)

	unknown := fmt.Sprintf("vector(%d) and on () (%s or absent(%s))", w.releaseWithoutData(), w.unknown(), step)
	w.record(promtext.RecordedReleaseState, fmt.Sprintf("max (\n  %s\n)",
		union(part{"step", releases(steps, step)}, part{"no_data", unknown}, part{"barely_known", w.barelyKnown()})), w.labels)
}

// barelyKnown is the release state while less of the window is known than the
// policy asks for, and empty otherwise. A calendar window has at most as many
// known hours as its alerts.
func (w *objective) barelyKnown() string {
	least, release := w.options.Policy.MinKnown, releaseValues[w.barelyKnownRelease()]
	below := func(limit string) string {
		return fmt.Sprintf("vector(%d) and on () (%s < %s)", release, w.at(promtext.RecordedKnownHours), limit)
	}
	if !w.Window.IsCalendar() {
		return below(ratio(new(big.Rat).Mul(least.Rat(), big.NewRat(int64(w.length), int64(time.Hour)))))
	}
	limit := fmt.Sprintf("%s * (%s - %s) / %d", fraction(least.PartsPerBillion()),
		w.now(), w.own(promtext.RecordedWindowStart), time.Hour/time.Second)
	return below(fmt.Sprintf("%s clamp_max(%s, %d)", onIndicator, limit, w.length/time.Hour)) +
		fmt.Sprintf("\n  or\n  vector(%d) unless on () (%s + 1 >= on () %s)", release, w.recordedHours(), limit)
}

// barelyKnownRelease is the least strict release of such a window.
func (w *objective) barelyKnownRelease() budget.Release {
	return max(w.options.Policy.NoData, budget.ReleaseReviewed)
}

// The values of slo:release_state. The larger is the stricter.
const (
	releaseFree = iota
	releaseReviewed
	releaseUnknown
	releaseFrozen
)

var releaseValues = map[budget.Release]int{
	budget.ReleaseFree: releaseFree, budget.ReleaseReviewed: releaseReviewed, budget.ReleaseFrozen: releaseFrozen,
}

// releaseWithoutData is the value of an objective in the first step of which
// nobody knows the budget.
func (w *objective) releaseWithoutData() int {
	if w.options.Policy.NoData == budget.ReleaseFrozen {
		return releaseFrozen
	}
	return releaseUnknown
}

// releases returns the value of the current step's Release, as a sum over the
// steps that have begun.
func releases(steps []budget.Step, step string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", releaseValues[steps[0].Release])
	for i, s := range steps[1:] {
		if more := releaseValues[s.Release] - releaseValues[steps[i].Release]; more != 0 {
			fmt.Fprintf(&b, " + %d * (%s >= bool %d)", more, step, i+1)
		}
	}
	if !strings.Contains(b.String(), "+") {
		fmt.Fprintf(&b, " + 0 * %s", step)
	}
	return b.String()
}

// recordInfo records the definition of the objective. Only this series has the
// team's labels, so that a change of one breaks no rule.
func (w *objective) recordInfo() {
	labels := maps.Clone(w.Labels)
	if labels == nil {
		labels = make(map[string]string)
	}
	maps.Copy(labels, w.labels)
	for label, value := range map[string]string{
		promtext.LabelWindow: w.Window.String(), promtext.LabelTarget: w.Target.String(),
		promtext.LabelKind: string(w.Indicator.Kind), promtext.LabelJourney: w.Indicator.Journey,
		promtext.LabelOwner: w.Owner, promtext.LabelTier: w.Tier, promtext.LabelStage: string(w.stage()),
	} {
		if value != "" {
			labels[label] = value
		}
	}
	w.record(promtext.RecordedInfo, "vector(1)", labels)
}
