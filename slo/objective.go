package slo

import (
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
)

// Objective is an SLO: an indicator, the target that it must reach, and the
// window in which it must reach it.
type Objective struct {
	// Indicator is the measured SLI. Its Service and Name identify the objective.
	Indicator sli.Indicator `json:"indicator,omitzero"`
	// Target is the share of valid events that must be good. It is required.
	Target Target `json:"target,omitzero"`
	// Window is the period over which the objective holds. It is required.
	Window Window `json:"window,omitzero"`
	// Alerts are the alerts on the error budget. The zero AlertPolicy is the
	// default policy.
	Alerts AlertPolicy `json:"alerts,omitzero"`
	// Slices says how slices of time are judged. The zero Slices judges events
	// one by one.
	Slices Slices `json:"slices,omitzero"`
	// Description states the promise in words. It is optional.
	Description string `json:"description,omitempty"`
	// Labels are the team's own labels, for routing and grouping. They never
	// become labels of the SLI's own series, so that a change of one breaks no
	// rule.
	Labels map[string]string `json:"labels,omitempty"`
}

// ID returns the objective's identity, its service and the indicator's name:
// "users/availability".
func (o Objective) ID() string { return o.Indicator.Service + "/" + o.Indicator.Name }

// String returns the objective on one line, "users/availability: 99.95% over
// 30d".
func (o Objective) String() string { return fmt.Sprintf("%s: %v over %v", o.ID(), o.Target, o.Window) }

// UnmarshalJSON reads the JSON form of an objective, and refuses unknown
// fields. It does not validate the objective.
func (o *Objective) UnmarshalJSON(text []byte) error {
	type plain Objective // without methods
	return strictjson.Unmarshal(text, (*plain)(o))
}

// Validate reports every mistake in the objective at once, as joined
// [*sli.FieldError] values with paths such as "Indicator.Good.Within".
func (o Objective) Validate() error {
	var errs sli.FieldErrors
	errs.Add("Indicator", o.Indicator.Validate())
	if !o.Target.IsValid() {
		errs.Addf("Target", `required, such as "99.9%%"`)
	}
	if !o.Window.IsValid() {
		errs.Addf("Window", `required, such as "30d"`)
	}
	errs.Add("Alerts", o.Alerts.Validate())
	errs.Add("Alerts", o.validateAlerts())
	errs.Add("Slices", o.Slices.Validate())
	return errs.Err()
}

// validateAlerts reports alerts that do not suit the objective's target and
// window.
func (o Objective) validateAlerts() error {
	if !o.Target.IsValid() || !o.Window.IsValid() {
		return nil
	}
	return o.Alerts.suits(o.Target, o.Window)
}

// Validate reports every mistake in the objectives at once, as joined
// [*sli.FieldError] values with paths such as "objectives[2].Window": the
// mistakes that [Objective.Validate] reports, and objectives of the same ID.
func Validate(objectives []Objective) error {
	var errs sli.FieldErrors
	first := make(map[string]int, len(objectives))
	for i, o := range objectives {
		path := fmt.Sprintf("objectives[%d]", i)
		errs.Add(path, o.Validate())
		same, duplicate := first[o.ID()]
		switch {
		case o.Indicator.Service == "" || o.Indicator.Name == "": // reported above
		case duplicate:
			errs.Addf(path+".Indicator.Name", "duplicate ID %q of objectives[%d]", o.ID(), same)
		default:
			first[o.ID()] = i
		}
	}
	return errs.Err()
}
