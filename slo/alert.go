package slo

import (
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
)

// Severity is the reaction that an alert requires.
type Severity string

const (
	// SeverityPage means that a person must act at once.
	SeverityPage Severity = "page"
	// SeverityTicket means that a person must act, but not now.
	SeverityTicket Severity = "ticket"
)

// Alert is a condition on the speed at which an error budget burns. It fires if
// a share of the budget is spent within a long window while a short window
// still burns as fast. The short window lets the alert end soon after its
// cause.
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs",
// section "Multiwindow, Multi-Burn-Rate Alerts".
type Alert struct {
	// Severity is the required reaction. It must be set.
	Severity Severity
	// Budget is the share of the whole window's error budget whose spending
	// within Long fires the alert. For a calendar window it is a share of the
	// budget of 30 days; see [Window.AlertLength]. It must not be zero.
	Budget Share
	// Long is the window in which the share is spent, in whole seconds, at least
	// a minute.
	Long time.Duration
	// Short is the window in which the budget must still burn as fast, in whole
	// seconds, less than Long. Zero means Long/12.
	Short time.Duration
}

const (
	// shortParts is the number of short windows in a long one by default.
	shortParts = 12

	minLong = time.Minute
)

func (a Alert) withDefaults() Alert {
	if a.Short == 0 {
		a.Short = max(a.Long/shortParts, time.Second).Truncate(time.Second)
	}
	return a
}

// Factor returns the burn rate from which the alert fires, exactly: Budget
// times the length that [Window.AlertLength] returns, divided by Long. For 2 %
// in an hour of 30 days it is 14.4. It is 0 if Long is zero, which is not
// valid.
func (a Alert) Factor(length time.Duration) *big.Rat {
	if a.Long == 0 {
		return new(big.Rat)
	}
	factor := big.NewRat(int64(length), int64(a.Long))
	return factor.Mul(factor, a.Budget.Rat())
}

// Threshold returns the share of bad events in Long from which the alert
// fires at constant traffic, exactly: Factor times the error budget. For 2 %
// in an hour of 30 days at 99.9 % it is 0.0144. An alert with a threshold
// above 1 cannot fire.
func (a Alert) Threshold(target Target, length time.Duration) *big.Rat {
	threshold := a.Factor(length)
	return threshold.Mul(threshold, big.NewRat(target.BudgetPartsPerBillion(), billion))
}

// reachable reports whether the alert fires in a total outage.
func (a Alert) reachable(target Target, length time.Duration) bool {
	return a.Threshold(target, length).Cmp(big.NewRat(1, 1)) <= 0
}

func (a Alert) validate() error {
	var errs sli.FieldErrors
	switch a.Severity {
	case SeverityPage, SeverityTicket:
	case "":
		errs.Addf("Severity", "required: want one of %q, %q", SeverityPage, SeverityTicket)
	default:
		errs.Addf("Severity", "unknown severity %q: want one of %q, %q", a.Severity, SeverityPage, SeverityTicket)
	}
	if a.Budget == (Share{}) {
		errs.Addf("Budget", `required, such as "2%%"`)
	}
	switch {
	case a.Long == 0:
		errs.Addf("Long", `required, such as "1h"`)
	case a.Long < minLong:
		errs.Addf("Long", "invalid window %v: want at least %v", durationText(a.Long), durationText(minLong))
	case a.Long%time.Second != 0:
		errs.Addf("Long", "invalid window %v: %w", durationText(a.Long), errWholeSeconds)
	}
	switch {
	case a.Short < 0:
		errs.Addf("Short", "invalid window %v: want zero or more", durationText(a.Short))
	case a.Short%time.Second != 0:
		errs.Addf("Short", "invalid window %v: %w", durationText(a.Short), errWholeSeconds)
	case a.Short >= a.Long && a.Short > 0 && a.Long >= minLong:
		errs.Addf("Short", "invalid window %v: want less than the long window of %v", durationText(a.Short), durationText(a.Long))
	}
	return errs.Err()
}

// durationText returns a duration as text, in days if it is long: "3d" or
// "1h30m".
func durationText(d time.Duration) string {
	if d < day || d%time.Second != 0 {
		return strictjson.Duration(d).String()
	}
	return Window{rolling: d}.String()
}

// String returns the alert on one line, "page: 2% of the budget in 1h (and
// 5m)".
func (a Alert) String() string {
	s := fmt.Sprintf("%s: %v of the budget in %v", a.Severity, a.Budget, durationText(a.Long))
	if a.Short != 0 {
		s += fmt.Sprintf(" (and %v)", durationText(a.Short))
	}
	return s
}

// alertJSON is the JSON form of an Alert.
type alertJSON struct {
	Severity Severity            `json:"severity,omitempty"`
	Budget   Share               `json:"budget,omitzero"`
	Long     strictjson.Duration `json:"long,omitempty"`
	Short    strictjson.Duration `json:"short,omitempty"`
}

// MarshalJSON returns an object with the fields that are not zero.
func (a Alert) MarshalJSON() ([]byte, error) {
	return json.Marshal(alertJSON{a.Severity, a.Budget, strictjson.Duration(a.Long), strictjson.Duration(a.Short)})
}

// UnmarshalJSON reads the form that MarshalJSON writes, and refuses unknown
// fields.
func (a *Alert) UnmarshalJSON(text []byte) error {
	wire := alertJSON{a.Severity, a.Budget, strictjson.Duration(a.Long), strictjson.Duration(a.Short)}
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return err
	}
	*a = Alert{wire.Severity, wire.Budget, time.Duration(wire.Long), time.Duration(wire.Short)}
	return nil
}
