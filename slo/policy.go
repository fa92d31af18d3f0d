package slo

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
)

// AlertPolicy has the alerts of an objective. The zero AlertPolicy is the
// default policy; [AlertPolicy.For] returns its alerts for an objective.
type AlertPolicy struct {
	// Disabled turns all alerts off.
	Disabled bool `json:"disabled,omitempty"`
	// Rules are the alerts. No two have the same severity and windows. Empty means
	// the default alerts.
	Rules []Alert `json:"rules,omitempty"`
	// MinBad is the minimum number of bad events in an alert's long window for it
	// to fire. At low traffic, one failed request can be a large share of all
	// requests, and must not page anybody. Zero means 4, and 1 turns the minimum
	// off. It is at most a billion.
	MinBad uint64 `json:"min_bad,omitempty"`
}

// The default alerts have the parameters that The Site Reliability Workbook
// recommends for 30 days, in chapter 5, "Alerting on SLOs". At 2 % in an hour
// the whole budget is spent in 50 hours, so somebody must act at once. At
// 10 % in three days it is spent exactly at the end of the window.
var defaultAlerts = [...]Alert{
	{Severity: SeverityPage, Budget: Share{billion / 100 * 2}, Long: time.Hour},
	{Severity: SeverityPage, Budget: Share{billion / 100 * 5}, Long: 6 * time.Hour},
	{Severity: SeverityTicket, Budget: Share{billion / 100 * 10}, Long: 3 * day},
}

// defaultMinBad is the least minimum at which single failures of a service
// with one request every 100 seconds do not page. In a simulated month of
// such a service, the default alerts paged 14 times for one real incident,
// and once with this minimum.
const defaultMinBad = 4

// maxMinBad is more than any service fails in a window of an alert.
const maxMinBad = 1_000_000_000

// For returns the policy for a target over a window of the given length, which
// [Window.AlertLength] returns, with all defaults filled in: MinBad is set, and
// each alert has its short window. A disabled policy has no alerts.
//
// The default alerts are 2 % of the budget in an hour and 5 % in six hours
// for a page, and 10 % in three days for a ticket. For removes or changes
// alerts that make no sense for the target and the length:
//
//   - It removes an alert whose long window is longer than the objective's,
//     and an alert that even a total outage would not fire. For a target of
//     90 % over 30 days, 2 % in an hour is such an alert.
//   - Over less than four weeks, it raises a share to the least whole
//     percentage that would not last for the window, such as 43 % in three
//     days of seven. Otherwise a service that keeps its objective would have
//     alerts.
//   - It removes the ticket if its burn is not slower than every page's by a
//     tenth, as over five days. A page would come first.
func (p AlertPolicy) For(target Target, length time.Duration) AlertPolicy {
	if p.MinBad == 0 {
		p.MinBad = defaultMinBad
	}
	from := p.Rules
	if len(from) == 0 {
		from = defaultsFor(target, length)
	}
	p.Rules = nil
	if p.Disabled {
		return p
	}
	p.Rules = make([]Alert, len(from))
	for i, a := range from {
		p.Rules[i] = a.withDefaults()
	}
	return p
}

// defaultsFor returns the default alerts that make sense for a target over a
// window.
func defaultsFor(target Target, length time.Duration) []Alert {
	var alerts []Alert
	for _, a := range defaultAlerts {
		if length < 4*week && length > 0 {
			a.Budget.ppb = max(a.Budget.ppb, wholePercent(a.Long, length))
		}
		if a.Long <= length && a.reachable(target, length) && !a.follows(slowestPage(alerts)) {
			alerts = append(alerts, a)
		}
	}
	return alerts
}

// slowestPage returns the lowest burn rate of the valid pages, over any length,
// and nil without one.
func slowestPage(alerts []Alert) *big.Rat {
	var slowest *big.Rat
	for _, a := range alerts {
		if a.Severity != SeverityPage || a.Budget == (Share{}) || a.Long <= 0 {
			continue
		}
		if speed := a.Factor(day); slowest == nil || speed.Cmp(slowest) < 0 {
			slowest = speed
		}
	}
	return slowest
}

// follows reports whether an alert is a ticket whose burn is not slower than a
// page's by a tenth, so that the page comes first. Over five days, 60 % in
// three days and 5 % in six hours are the same speed.
func (a Alert) follows(page *big.Rat) bool {
	if a.Severity != SeverityTicket || page == nil {
		return false
	}
	speed := a.Factor(day)
	return speed.Mul(speed, big.NewRat(11, 10)).Cmp(page) > 0
}

// wholePercent returns part/whole rounded up to a percentage without
// decimals, at most 100 %, in parts per billion.
func wholePercent(part, whole time.Duration) uint32 {
	percent := (100*part + whole - 1) / whole
	return uint32(min(percent, 100)) * (billion / 100)
}

// Validate reports every mistake in the policy at once, as joined
// [*sli.FieldError] values. [Objective.Validate] checks that the alerts suit
// the objective.
func (p AlertPolicy) Validate() error {
	var errs sli.FieldErrors
	rules, page := make(map[Alert]int, len(p.Rules)), slowestPage(p.Rules)
	for i, a := range p.Rules {
		path := fmt.Sprintf("Rules[%d]", i)
		err := a.validate()
		key := a.withDefaults()
		key.Budget = Share{} // of two shares, only the smaller one has an effect
		same, twice := rules[key]
		switch {
		case err != nil:
			errs.Add(path, err)
		case twice:
			errs.Addf(path, "duplicate alert %q: Rules[%d] has the same severity and windows", a, same)
		default:
			rules[key] = i
			if a.follows(page) {
				errs.Addf(path+".Budget", "invalid share %v in %v: want a slower burn than every page's by a tenth, because a page comes first", a.Budget, durationText(a.Long))
			}
		}
	}
	if p.MinBad > maxMinBad {
		errs.Addf("MinBad", "invalid number %d: want at most %d", p.MinBad, maxMinBad)
	}
	return errs.Err()
}

// suits reports alerts that cannot fire for a target over a window.
func (p AlertPolicy) suits(target Target, window Window) error {
	length, whole := window.AlertLength(), "the objective's window"
	if window.IsCalendar() {
		whole = "whose budget the alerts of a calendar window weigh"
	}
	var errs sli.FieldErrors
	for i, a := range p.Rules {
		path := fmt.Sprintf("Rules[%d]", i)
		switch {
		case a.Long <= 0:
		case a.Long > length:
			errs.Addf(path+".Long", "invalid window %v: want at most %v, %s", durationText(a.Long), durationText(length), whole)
		case !a.reachable(target, length):
			errs.Addf(path+".Budget", "invalid share %v in %v: at %v a total outage spends less, since the alert needs %s times as many bad events as there are events",
				a.Budget, durationText(a.Long), target, a.Threshold(target, length).FloatString(2))
		}
	}
	return errs.Err()
}

// String returns the policy on one line: "default alerts", "no alerts", or the
// alerts.
func (p AlertPolicy) String() string {
	if p.Disabled {
		return "no alerts"
	}
	parts := []string{"default alerts"}
	if len(p.Rules) > 0 {
		parts = nil
	}
	for _, a := range p.Rules {
		parts = append(parts, a.String())
	}
	if p.MinBad != 0 {
		parts = append(parts, fmt.Sprintf("from %d bad events", p.MinBad))
	}
	return strings.Join(parts, ", ")
}

// UnmarshalJSON reads the JSON form of a policy, and refuses unknown fields.
func (p *AlertPolicy) UnmarshalJSON(text []byte) error {
	type plain AlertPolicy // without methods
	return strictjson.Unmarshal(text, (*plain)(p))
}
