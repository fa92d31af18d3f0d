package slo

import (
	"fmt"
	"math/big"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// Severity is what an alert asks for.
type Severity string

const (
	// SeverityPage is for what needs a person at once.
	SeverityPage Severity = "page"
	// SeverityTicket is for what needs a person, but not now.
	SeverityTicket Severity = "ticket"
)

// Alert is a condition on how fast an error budget burns: that a share of it is gone within a long
// window, and that it still burns as fast in a short one, so that the alert ends soon after the cause.
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs", section "Multiwindow,
// Multi-Burn-Rate Alerts".
type Alert struct {
	// Severity is what the alert asks for; it is required.
	Severity Severity
	// Budget is the share of the whole window's error budget that must be spent within Long. It is
	// required.
	Budget Share
	// Long is the window in which that share must be spent, in whole seconds, at least a minute. It is
	// required.
	Long time.Duration
	// Short is the window in which the budget must still burn as fast, in whole seconds, shorter than
	// Long. Zero means Long/12.
	Short time.Duration
}

// AlertPolicy is the alerts of an objective. The zero AlertPolicy is the default policy;
// [AlertPolicy.For] says what that is for an objective.
type AlertPolicy struct {
	// Disabled turns all alerts off.
	Disabled bool
	// Rules are the alerts. None means the defaults.
	Rules []Alert
	// MinBad is the least number of bad events in an alert's long window for it to fire. At low
	// traffic one failed request can be any share of them, and must not page anybody. Zero means 4;
	// 1 turns the minimum off.
	MinBad uint64
}

// The defaults are the parameters that The Site Reliability Workbook recommends for 30 days, in chapter
// 5, "Alerting on SLOs": what spends 2 % of the budget in an hour would spend it all in 50 hours, so somebody
// must act at once, and what spends 10 % in three days just spends it all in the window.
var defaultAlerts = [...]Alert{
	{Severity: SeverityPage, Budget: Share{billion / 100 * 2}, Long: time.Hour},
	{Severity: SeverityPage, Budget: Share{billion / 100 * 5}, Long: 6 * time.Hour},
	{Severity: SeverityTicket, Budget: Share{billion / 100 * 10}, Long: 3 * day},
}

const (
	// defaultMinBad is the least minimum at which single failures of a service with a request every
	// 100 seconds no longer page: in a simulated month of it, the default alerts paged 14 times for
	// one real incident, and with this minimum once.
	defaultMinBad = 4

	// shortParts is how many times longer the long window is than the short one by default.
	shortParts = 12

	minLong = time.Minute
)

// For returns the policy for a target over a window of the given length, with nothing left to default:
// each alert has its short window, and MinBad is set. A disabled policy has no alerts.
//
// The default alerts are 2 % of the budget in an hour and 5 % in six hours for a page, and 10 % in
// three days for a ticket. Those that make no sense for the target and length are changed:
//
//   - An alert is left out that even a total outage would not fire, as 2 % in an hour for a target of
//     90 % over 30 days; and one whose long window is longer than the objective's.
//   - Over less than four weeks, a share is raised to the least whole percentage that would not last
//     for the window, as 43 % in three days of seven: else a service that keeps its objective would
//     have alerts.
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

// defaultsFor returns the default alerts that make sense for a target over a window.
func defaultsFor(target Target, length time.Duration) []Alert {
	var alerts []Alert
	for _, a := range defaultAlerts {
		if length < 4*week && length > 0 {
			a.Budget.ppb = max(a.Budget.ppb, wholePercent(a.Long, length))
		}
		if a.Long <= length && a.reachable(target, length) {
			alerts = append(alerts, a)
		}
	}
	return alerts
}

// wholePercent returns part/whole rounded up to a percentage without decimals, at most 100 %.
func wholePercent(part, whole time.Duration) uint32 {
	percent := (100*part + whole - 1) / whole
	return uint32(min(percent, 100)) * (billion / 100)
}

func (a Alert) withDefaults() Alert {
	if a.Short == 0 {
		a.Short = max(a.Long/shortParts, time.Second).Truncate(time.Second)
	}
	return a
}

// Factor returns the burn rate from which the alert fires, exactly: Budget times the objective's window
// over Long, 14.4 for 2 % in an hour of 30 days. It panics if Long is zero.
func (a Alert) Factor(length time.Duration) *big.Rat {
	factor := big.NewRat(int64(length), int64(a.Long))
	return factor.Mul(factor, a.Budget.Rat())
}

// Threshold returns the share of bad events in Long from which the alert fires at steady traffic,
// exactly: Factor times the error budget, 0.0144 for 2 % in an hour of 30 days at 99.9 %. No service
// reaches more than 1. It panics if Long is zero.
func (a Alert) Threshold(target Target, length time.Duration) *big.Rat {
	threshold := a.Factor(length)
	return threshold.Mul(threshold, big.NewRat(target.BudgetPartsPerBillion(), billion))
}

// reachable reports whether the alert fires in a total outage.
func (a Alert) reachable(target Target, length time.Duration) bool {
	return a.Threshold(target, length).Cmp(big.NewRat(1, 1)) <= 0
}

// Validate reports every mistake in the policy at once, as joined [*FieldError] values with paths like
// "rules[1].long". What depends on the objective is checked by [Objective.Validate].
func (p AlertPolicy) Validate() error {
	var errs sli.FieldErrors
	for i, a := range p.Rules {
		errs.Add(fmt.Sprintf("Rules[%d]", i), a.validate())
	}
	return errs.Err()
}

func (a Alert) validate() error {
	var errs sli.FieldErrors
	if a.Severity != SeverityPage && a.Severity != SeverityTicket {
		errs.Addf("Severity", "%q is not a severity: want %q or %q", a.Severity, SeverityPage, SeverityTicket)
	}
	if a.Budget == (Share{}) {
		errs.Addf("Budget", `is required, like "2%%"`)
	}
	switch {
	case a.Long < minLong:
		errs.Addf("Long", "%v is shorter than %v", a.Long, minLong)
	case a.Long%time.Second != 0:
		errs.Addf("Long", "%v is not in whole seconds", a.Long)
	}
	switch {
	case a.Short < 0:
		errs.Addf("Short", "%v is negative", a.Short)
	case a.Short%time.Second != 0:
		errs.Addf("Short", "%v is not in whole seconds", a.Short)
	case a.Short > 0 && a.Short >= a.Long:
		errs.Addf("Short", "%v is not shorter than the long window of %v", a.Short, a.Long)
	}
	return errs.Err()
}

// suits reports alerts that can never fire for a target over a window, at whatever length the window has:
// a long month asks for more bad events than a short one, and a short one is the sooner over.
func (p AlertPolicy) suits(target Target, window Window) error {
	shortest, longest := window.shortest(), window.longest()
	var errs sli.FieldErrors
	for i, a := range p.Rules {
		path := fmt.Sprintf("Rules[%d]", i)
		switch {
		case a.Long <= 0:
		case a.Long > shortest:
			errs.Addf(path+".Long", "%v is longer than the objective's window of %v", Window{rolling: a.Long}, Window{rolling: shortest})
		case !a.reachable(target, longest):
			errs.Addf(path+".Budget", "%v in %v can never be spent: at %v a total outage spends less, as the alert needs %s times as many bad events as there are events",
				a.Budget, Window{rolling: a.Long}, target, a.Threshold(target, longest).FloatString(2))
		}
	}
	return errs.Err()
}
