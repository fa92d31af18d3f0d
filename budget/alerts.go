package budget

import (
	"fmt"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Alerts evaluates the burn-rate alerts of an objective: an [slo.AlertPolicy]
// applied to a target and a window. The zero Alerts has no alerts.
type Alerts struct {
	target  slo.Target
	length  time.Duration // of the objective's window
	seconds uint64        // the length in whole seconds
	minBad  uint64
	rules   []rule
}

// rule is an alert with the values that all its evaluations share.
type rule struct {
	alert  slo.Alert
	factor Ratio
}

// NewAlerts returns the alerts of a policy for a target over a window with
// the given length; [slo.Window.AlertLength] returns it. The policy must be
// valid for the objective; [slo.Objective.Validate] checks it.
func NewAlerts(policy slo.AlertPolicy, target slo.Target, length time.Duration) Alerts {
	policy = policy.For(target, length)
	alerts := Alerts{target: target, length: length, seconds: inSeconds(length), minBad: policy.MinBad}
	for _, a := range policy.Rules {
		alerts.rules = append(alerts.rules, rule{alert: a, factor: Ratio{
			num: product(uint64(a.Budget.PartsPerBillion()), alerts.seconds),
			den: product(billion, inSeconds(a.Long)),
		}})
	}
	return alerts
}

func inSeconds(d time.Duration) uint64 { return uint64(max(d, 0) / time.Second) }

// Rules returns the alerts, each with its short window, in a new slice.
func (a Alerts) Rules() []slo.Alert {
	rules := make([]slo.Alert, len(a.rules))
	for i, r := range a.rules {
		rules[i] = r.alert
	}
	return rules
}

// Evaluate appends one Alarm for each alert to dst. It calls counts with the
// length of a window that ends now, twice for each alert. An alert fires if
//
//   - the burn rate of its long window reaches the alert's factor,
//   - the burn rate of its short window reaches it too, and
//   - the long window has the minimum number of bad events.
//
// The burn rate of a window is its bad events divided by the number that the
// budget allows in it. If expected is the number of valid events in the
// objective's whole window, each window is allowed its share by time. An
// alert then measures the share of the budget that an incident costs: an
// incident at night costs little, and one at peak is detected sooner. If
// expected is 0, for unknown, each window is allowed the budget of its own
// valid events, the usual burn rate. At steady traffic both are the same.
//
// A window without valid events has no data, and its alert does not fire.
// Evaluate does not allocate if dst has room.
func (a Alerts) Evaluate(dst []Alarm, counts func(time.Duration) sli.Counts, expected uint64) []Alarm {
	for _, r := range a.rules {
		alarm := Alarm{
			Alert: r.alert, Factor: r.factor, MinBad: a.minBad,
			Long: counts(r.alert.Long), Short: counts(r.alert.Short),
		}
		var long, short bool
		alarm.LongBurn, long = a.burn(alarm.Long, r.alert.Long, expected)
		alarm.ShortBurn, short = a.burn(alarm.Short, r.alert.Short, expected)
		burning := long && short && alarm.burns(alarm.LongBurn) && alarm.burns(alarm.ShortBurn)
		alarm.Firing = burning && alarm.enough()
		dst = append(dst, alarm)
	}
	return dst
}

// burn returns the burn rate of a window with the given length.
func (a Alerts) burn(c sli.Counts, length time.Duration, expected uint64) (Ratio, bool) {
	r, ok := BurnRate(a.target, c)
	if !ok || expected == 0 {
		return r, ok
	}
	// The window's share of the expected traffic replaces its own valid events.
	return Ratio{
		num: r.num.times(a.seconds),
		den: product(expected, uint64(a.target.BudgetPartsPerBillion())).times(inSeconds(length)),
	}, true
}

// String returns the alerts and the burn rates at which they fire: "page at
// 14.4 over 1h and 5m; ticket at 1 over 72h and 6h".
func (a Alerts) String() string {
	texts := make([]string, len(a.rules))
	for i, r := range a.rules {
		texts[i] = fmt.Sprintf("%s at %v over %v and %v", r.alert.Severity, r.factor,
			strictjson.Duration(r.alert.Long), strictjson.Duration(r.alert.Short))
	}
	if len(texts) == 0 {
		return "no alerts"
	}
	return strings.Join(texts, "; ")
}
