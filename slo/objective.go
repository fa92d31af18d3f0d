package slo

import (
	"fmt"

	"github.com/sligo-go/sligo/sli"
)

// Objective is an SLO: an indicator, the target that it must reach, and the window in which it must.
type Objective struct {
	// Indicator is what is measured. Its Service and Name also name the objective.
	Indicator sli.Indicator
	// Target is the share of valid events that must be good.
	Target Target
	// Window is the period over which they must.
	Window Window
	// Alerts are the alerts on the error budget; the zero AlertPolicy is the default policy.
	Alerts AlertPolicy
	// Slices says how events are judged by slices of time; the zero Slices judges them one by one.
	Slices Slices
	// Description says in words what is promised to whom; empty is allowed.
	Description string
	// Labels are the team's own, for routing and grouping. They never become part of the SLI's
	// own series, so changing one breaks no rule.
	Labels map[string]string
}

// ID returns the objective's identity, "users/availability": the service and the indicator's name.
func (o Objective) ID() string { return o.Indicator.Service + "/" + o.Indicator.Name }

// Validate reports every mistake in the objective at once, as joined [*FieldError] values with paths
// like "indicator.good.within".
func (o Objective) Validate() error {
	var errs sli.FieldErrors
	errs.Add("Indicator", o.Indicator.Validate())
	if !o.Target.IsValid() {
		errs.Addf("Target", `is required, like "99.9%%"`)
	}
	if !o.Window.IsValid() {
		errs.Addf("Window", `is required, like "30d"`)
	}
	errs.Add("Alerts", o.Alerts.Validate())
	errs.Add("Alerts", o.validateAlerts())
	errs.Add("Slices", o.Slices.Validate())
	return errs.Err()
}

// validateAlerts reports alerts that do not suit the objective's target and window.
func (o Objective) validateAlerts() error {
	if !o.Target.IsValid() || !o.Window.IsValid() {
		return nil
	}
	return o.Alerts.suits(o.Target, o.Window)
}

// Validate reports every mistake in the objectives at once, as joined [*FieldError] values with paths
// like "objectives[2].window": those of [Objective.Validate], and objectives of the same ID.
func Validate(objectives []Objective) error {
	var errs sli.FieldErrors
	first := make(map[string]int, len(objectives))
	for i, o := range objectives {
		path := fmt.Sprintf("objectives[%d]", i)
		errs.Add(path, o.Validate())
		same, twice := first[o.ID()]
		switch {
		case o.Indicator.Service == "" || o.Indicator.Name == "": // which is said already
		case twice:
			errs.Addf(path+".Indicator.Name", "%q is also the service and name of objectives[%d]", o.ID(), same)
		default:
			first[o.ID()] = i
		}
	}
	return errs.Err()
}
