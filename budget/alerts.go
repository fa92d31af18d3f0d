package budget

import (
	"fmt"
	"math/big"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Alerts evaluates the burn-rate alerts of an objective: a [slo.AlertPolicy] with its defaults,
// target and window settled. The zero Alerts has no alerts.
type Alerts struct {
	target  slo.Target
	seconds uint64 // of the objective's window
	minBad  uint64
	rules   []rule
}

// rule is an alert with what its evaluations have in common.
type rule struct {
	alert  slo.Alert
	factor Ratio
}

// NewAlerts returns the alerts of a policy for a target over a window of the given length, which
// [slo.Window.Length] says. The policy must be valid, as [slo.Objective.Validate] says.
func NewAlerts(policy slo.AlertPolicy, target slo.Target, length time.Duration) Alerts {
	policy = policy.For(target, length)
	alerts := Alerts{target: target, seconds: inSeconds(length), minBad: policy.MinBad}
	for _, a := range policy.Rules {
		alerts.rules = append(alerts.rules, rule{alert: a, factor: Ratio{
			num: product(uint64(a.Budget.PartsPerBillion()), alerts.seconds),
			den: product(billion, inSeconds(a.Long)),
		}})
	}
	return alerts
}

func inSeconds(d time.Duration) uint64 { return uint64(max(d, 0) / time.Second) }

// Alarm is what one alert makes of the counts in its two windows.
type Alarm struct {
	// Alert is the alert, with its short window.
	Alert slo.Alert
	// Firing is whether it fires.
	Firing bool
	// Factor is the burn rate that both windows must reach.
	Factor Ratio
	// MinBad is the number of bad events that the long window must reach.
	MinBad uint64
	// Long and Short are the counts of the two windows.
	Long, Short sli.Counts
	// LongBurn and ShortBurn are their burn rates, 0 where there is no data.
	LongBurn, ShortBurn Ratio
}

// Evaluate appends to dst what each alert makes of the present counts, which it asks for by the length
// of the window that ends now. An alert fires if
//
//   - the burn rate of its long window reaches the alert's factor,
//   - so does that of its short window, and
//   - the long window has the least number of bad events.
//
// The burn rate of a window is its bad events over those that the budget allows it. With expected, the
// number of valid events that the objective's whole window brings, each window is allowed its share by
// time, so that what counts is the share of the budget that an incident costs: one at night costs little
// of it, and one at peak is seen sooner. With expected 0, for unknown, each window is allowed the budget
// of its own valid events, which is the usual burn rate and the same at steady traffic.
//
// A window without valid events is no data, and its alert does not fire. Evaluate does not allocate
// if dst has room.
func (a Alerts) Evaluate(dst []Alarm, counts func(time.Duration) sli.Counts, expected uint64) []Alarm {
	for _, r := range a.rules {
		alarm := Alarm{
			Alert: r.alert, Factor: r.factor, MinBad: a.minBad,
			Long: counts(r.alert.Long), Short: counts(r.alert.Short),
		}
		var long, short bool
		alarm.LongBurn, long = a.burn(alarm.Long, r.alert.Long, expected)
		alarm.ShortBurn, short = a.burn(alarm.Short, r.alert.Short, expected)
		alarm.Firing = long && short && alarm.enough() && alarm.burns(alarm.LongBurn) && alarm.burns(alarm.ShortBurn)
		dst = append(dst, alarm)
	}
	return dst
}

// burn returns the burn rate of a window of the given length.
func (a Alerts) burn(c sli.Counts, length time.Duration, expected uint64) (Ratio, bool) {
	r, ok := BurnRate(a.target, c)
	if !ok || expected == 0 {
		return r, ok
	}
	// The window's part of the expected traffic takes the place of its own valid events.
	return Ratio{
		num: r.num.times(a.seconds),
		den: product(expected, uint64(a.target.BudgetPartsPerBillion())).times(inSeconds(length)),
	}, true
}

func (a Alarm) enough() bool          { return a.Long.Bad() >= a.MinBad }
func (a Alarm) burns(rate Ratio) bool { return rate.Compare(a.Factor) >= 0 }

// String says whether the alert fires and why, with the figures: "page fires: the budget burns at 20
// over 1 hour and 25 over 5 minutes, 14.4 is the limit, 40 bad events".
func (a Alarm) String() string {
	long, short := FormatDuration(a.Alert.Long), FormatDuration(a.Alert.Short)
	verdict := string(a.Alert.Severity) + " does not fire: "
	switch {
	case a.Firing:
		return fmt.Sprintf("%s fires: the budget burns at %v over %s and %v over %s, %v is the limit, %d bad events",
			a.Alert.Severity, a.LongBurn, long, a.ShortBurn, short, a.Factor, a.Long.Bad())
	case a.Long.Valid == 0:
		return verdict + "no data in " + long
	case !a.burns(a.LongBurn):
		return verdict + fmt.Sprintf("the budget burns at %v over %s, %v is the limit", a.LongBurn, long, a.Factor)
	case !a.enough():
		return verdict + fmt.Sprintf("%d bad events in %s, at least %d are needed", a.Long.Bad(), long, a.MinBad)
	case a.Short.Valid == 0:
		return verdict + "no data in " + short
	}
	return verdict + fmt.Sprintf("it is over, the budget burns at %v over %s, %v is the limit", a.ShortBurn, short, a.Factor)
}

// DetectionTime returns how long after the beginning of an incident the alert fires, at steady
// traffic of which the given share is bad from then on and none was before: the time in which the
// incident burns the alert's share of the budget. It is rounded up to the nanosecond. It returns
// false if the alert does not fire, the share being below its threshold. The traffic is taken to bring
// the least number of bad events in that time; with less, the alert comes later, see [LeastTraffic].
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs", section "Alert on Burn Rate":
// (1 - SLO) / error ratio * alerting window size * burn rate.
func DetectionTime(a slo.Alert, target slo.Target, length time.Duration, bad slo.Share) (time.Duration, bool) {
	level, ok := relativeThreshold(a, target, length, bad)
	if !ok {
		return 0, false
	}
	return portion(level, a.Long), true
}

// ResetTime returns how long after the end of an incident the alert ends, at steady traffic of which
// the given share was bad for at least the short window and none is after: until the short window has
// forgotten so much that its burn rate is below the factor. The alert is one of
// [slo.AlertPolicy.For], with its short window. The time is rounded up to the nanosecond. ResetTime
// returns false if the alert did not fire, the share being below its threshold.
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs", section "Multiwindow,
// Multi-Burn-Rate Alerts"; with Short for the window, r the share and t the threshold, r (Short - x)
// / Short < t from x = Short (1 - t/r).
func ResetTime(a slo.Alert, target slo.Target, length time.Duration, bad slo.Share) (time.Duration, bool) {
	level, ok := relativeThreshold(a, target, length, bad)
	if !ok {
		return 0, false
	}
	return portion(level.Sub(big.NewRat(1, 1), level), a.Short), true
}

// relativeThreshold returns the alert's threshold over the share of bad events, and whether that is at
// most 1, so that the alert fires.
func relativeThreshold(a slo.Alert, target slo.Target, length time.Duration, bad slo.Share) (*big.Rat, bool) {
	if bad == (slo.Share{}) {
		return nil, false
	}
	level := a.Threshold(target, length)
	level.Quo(level, bad.Rat())
	return level, level.Cmp(big.NewRat(1, 1)) <= 0
}

// portion returns r times d, rounded up, for r up to 1.
func portion(r *big.Rat, d time.Duration) time.Duration {
	r = new(big.Rat).Mul(r, new(big.Rat).SetInt64(int64(d)))
	return time.Duration(ceil(r).Int64())
}

func ceil(r *big.Rat) *big.Int {
	n := new(big.Int).Add(r.Num(), r.Denom())
	return n.Sub(n, big.NewInt(1)).Quo(n, r.Denom()) // r is not negative
}

// LeastTraffic returns the number of valid events in the alert's long window from which the alert means
// what it says: a share of bad events just at its threshold then is minBad of them. With less traffic,
// minBad bad events are more than the alert's share of the budget, so that the alert comes late; and
// without a minimum, a single one can be. It is 0 for an alert without a threshold.
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs", section "Low-Traffic Services
// and Error Budget Alerting"; minBad / threshold, rounded up.
func LeastTraffic(a slo.Alert, target slo.Target, length time.Duration, minBad uint64) uint64 {
	threshold := a.Threshold(target, length)
	if threshold.Sign() <= 0 {
		return 0
	}
	events := new(big.Rat).SetFrac(new(big.Int).SetUint64(minBad), big.NewInt(1))
	if n := ceil(events.Quo(events, threshold)); n.IsUint64() {
		return n.Uint64()
	}
	return ^uint64(0)
}
