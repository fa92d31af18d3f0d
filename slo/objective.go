package slo

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/sligo-go/sligo/internal/identifier"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
)

// Objective is an SLO: an indicator, the target that it must reach, and the
// window in which it must reach it.
//
// Several objectives can hold for one indicator: over a rolling and a calendar
// window, or with an inner and a contractual target. Name tells them apart. The
// indicator is counted once: see [Indicators].
type Objective struct {
	// Name is the objective's name within the indicator's Service, such as
	// "availability-contract", and has the syntax of an indicator's Name. It is
	// the value of the label slo. Empty means the indicator's Name.
	Name string `json:"name,omitempty"`
	// Indicator is the measured SLI. Objectives of one indicator repeat it
	// unchanged.
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
	// Stage says whether the alerts are evaluated and whether they notify
	// people. Empty means StagePage.
	Stage Stage `json:"stage,omitempty"`
	// Description states the promise in words. It is optional.
	Description string `json:"description,omitempty"`
	// Tier is how critical the objective is, such as "1" or "critical", and has
	// the syntax of Name. It is the value of the label tier. It is optional.
	Tier string `json:"tier,omitempty"`
	// Owner is the team that keeps the promise, such as "users-team": one line of
	// printable characters. It is the value of the label owner. It is optional.
	Owner string `json:"owner,omitempty"`
	// Runbook is the http or https URL of the page that tells how to act on an
	// alert. It is optional.
	Runbook string `json:"runbook,omitempty"`
	// DependsOn lists the IDs of the objectives that this one cannot hold
	// without, such as "database/availability". While an alert of such an
	// objective fires, the alerts of this one need not notify anybody. An ID need
	// not be in the same list or file. A cycle is an error.
	DependsOn []string `json:"depends_on,omitempty"`
	// Labels are the team's own labels, for routing and grouping. They never
	// become labels of the SLI's own series, so changing one breaks no rule. A
	// name has letters a-z and A-Z, digits and "_", and does not begin with a
	// digit or "__". The names of the library's own labels, such as owner, are
	// reserved.
	Labels map[string]string `json:"labels,omitempty"`
}

// SLO returns the objective's name: Name or, if it is empty, the indicator's.
func (o Objective) SLO() string { return cmp.Or(o.Name, o.Indicator.Name) }

// ID returns the objective's identity, its service and name:
// "users/availability".
func (o Objective) ID() string { return o.Indicator.Service + "/" + o.SLO() }

// String returns the objective on one line, "users/availability: 99.95% over
// 30d" or "users/contract: 99.9% in each month, Asia/Seoul time".
func (o Objective) String() string {
	return fmt.Sprintf("%s: %v %s", o.ID(), o.Target, o.Window.Words())
}

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
	errs.Add("Name", identifier.Check(o.Name))
	errs.Add("Indicator", o.Indicator.Validate())
	errs.Add("Indicator", checkConstant(o.Indicator))
	if !o.Target.IsValid() {
		errs.Addf("Target", `required, such as "99.9%%"`)
	}
	if !o.Window.IsValid() {
		errs.Addf("Window", `required, such as "30d"`)
	}
	errs.Add("Alerts", o.Alerts.Validate())
	errs.Add("Alerts", o.validateAlerts())
	errs.Add("Slices", o.Slices.Validate())
	errs.Add("Stage", o.Stage.check())
	errs.Add("Tier", identifier.Check(o.Tier))
	errs.Add("Owner", checkOwner(o.Owner))
	errs.Add("Runbook", checkRunbook(o.Runbook))
	errs.Add("DependsOn", o.validateDependsOn())
	errs.Add("Labels", validateLabels(o.Labels))
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
// mistakes that [Objective.Validate] reports, objectives of the same ID,
// different indicators of the same service and name, and cycles of DependsOn.
// An ID in DependsOn that no objective of the list has is not a mistake.
func Validate(objectives []Objective) error {
	var errs sli.FieldErrors
	ids, indicators := make(map[string]int), make(map[string]int)
	for i, o := range objectives {
		path := fmt.Sprintf("objectives[%d]", i)
		errs.Add(path, o.Validate())
		if o.Indicator.Service == "" || o.Indicator.Name == "" {
			continue // reported above
		}
		if same := first(ids, o.ID(), i); same < i {
			errs.Addf(path+".Name", "duplicate ID %q of objectives[%d]: want another name", o.ID(), same)
		}
		same := first(indicators, indicatorID(o.Indicator), i)
		if !equal(o.Indicator, objectives[same].Indicator) {
			errs.Addf(path+".Indicator", "different from the indicator %q of objectives[%d]: want the same definition, or another name",
				indicatorID(o.Indicator), same)
		}
	}
	c := newCycles(objectives, ids, &errs)
	for i := range objectives {
		c.visit(i)
	}
	return errs.Err()
}

// first returns the index of the first objective with the key, which is i if
// there was no other.
func first(indices map[string]int, key string, i int) int {
	if _, seen := indices[key]; !seen {
		indices[key] = i
	}
	return indices[key]
}

// equal reports whether two indicators have the same definition. Functions are
// equal if their names are.
func equal(a, b sli.Indicator) bool {
	textA, errA := json.Marshal(a)
	textB, errB := json.Marshal(b)
	return bytes.Equal(textA, textB) && errA == nil && errB == nil
}

func indicatorID(ind sli.Indicator) string { return ind.Service + "/" + ind.Name }

// Indicators returns the indicators of the objectives, each once and in order
// of their first objective, for [sli.NewRecorder]. An indicator is known by its
// service and name.
func Indicators(objectives []Objective) []sli.Indicator {
	var indicators []sli.Indicator
	seen := make(map[string]int, len(objectives))
	for i, o := range objectives {
		if first(seen, indicatorID(o.Indicator), i) == i {
			indicators = append(indicators, o.Indicator)
		}
	}
	return indicators
}
