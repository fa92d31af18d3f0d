package budget

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Policy is what an organisation does at which state of a budget, as data. The zero Policy is the
// default: healthy; caution from 75 % spent until it is less than 65 %, when every release is
// reviewed; and frozen from 100 % until less than 90 %, when features stop and the team works on
// reliability. The distance between from and until keeps a gate from opening and closing with every
// event.
//
// Source: The Site Reliability Workbook, appendix B, "Example Error Budget Policy", which freezes
// releases when the budget is exceeded, and asks for a postmortem of an incident that alone spent
// over 20 %.
type Policy struct {
	// Steps are the states that the policy knows, the least strict first. None means the default.
	Steps []Step
	// Postmortem is the share of the budget of which a single incident may spend all without
	// requiring a postmortem. Zero means 20 %.
	Postmortem slo.Share
	// NoData is what holds at least for releases while there is no data. Zero means Reviewed.
	NoData Release
}

// Step is a state of a budget and what follows from it.
type Step struct {
	// Name is what the state is called. It is required, and different from the others'.
	Name string
	// From is the share of the budget spent from which the step holds: 0 % in the first one, and
	// more in each that follows.
	From slo.Share
	// Until is the share spent below which the step ends; it is at most From. Zero means From.
	Until slo.Share
	// Release is what the step allows; it is required.
	Release Release
	// Action is what to do, in words.
	Action string
}

// Release is what a decision allows for changes. The stricter is the larger. The zero Release is not
// valid, so that nothing is allowed by mistake.
type Release uint8

const (
	// ReleaseFree is to release as planned.
	ReleaseFree Release = iota + 1
	// ReleaseReviewed is to review every release harder than usual.
	ReleaseReviewed
	// ReleaseFrozen is to release nothing but what repairs the service or closes a security hole.
	ReleaseFrozen
)

var releases = [...]string{ReleaseFree: "free", ReleaseReviewed: "reviewed", ReleaseFrozen: "frozen"}

func (r Release) isValid() bool { return r > 0 && int(r) < len(releases) }

// String returns "free", "reviewed" or "frozen".
func (r Release) String() string {
	if !r.isValid() {
		return fmt.Sprintf("Release(%d)", r)
	}
	return releases[r]
}

// MarshalText returns String. A value that is none of the constants is an error.
func (r Release) MarshalText() ([]byte, error) {
	if !r.isValid() {
		return nil, fmt.Errorf("budget: %v is not a release", r)
	}
	return []byte(r.String()), nil
}

// UnmarshalText parses "free", "reviewed" or "frozen".
func (r *Release) UnmarshalText(text []byte) error {
	i := slices.Index(releases[1:], string(text))
	if i < 0 {
		return fmt.Errorf("budget: release %q: want one of %q", text, releases[1:])
	}
	*r = Release(i + 1)
	return nil
}

// defaultSteps follow the Workbook's policy; that reviews begin before the freeze is the usual addition.
var defaultSteps = []Step{
	{Name: "healthy", Release: ReleaseFree, Action: "release as planned"},
	{
		Name: "caution", From: slo.MustParseShare("75%"), Until: slo.MustParseShare("65%"), Release: ReleaseReviewed,
		Action: "review every release harder, and keep changes small",
	},
	{
		Name: "frozen", From: slo.MustParseShare("100%"), Until: slo.MustParseShare("90%"), Release: ReleaseFrozen,
		Action: "stop features and work on reliability; release only repairs and security fixes",
	},
}

var defaultPostmortem = slo.MustParseShare("20%")

func (p Policy) withDefaults() Policy {
	if len(p.Steps) == 0 {
		p.Steps = defaultSteps
	}
	if p.Postmortem == (slo.Share{}) {
		p.Postmortem = defaultPostmortem
	}
	if p.NoData == 0 {
		p.NoData = ReleaseReviewed
	}
	return p
}

func (s Step) until() slo.Share {
	if s.Until == (slo.Share{}) {
		return s.From
	}
	return s.Until
}

// Validate reports every mistake in the policy at once, as joined [*sli.FieldError] values with paths
// like "steps[1].until".
func (p Policy) Validate() error {
	var errs sli.FieldErrors
	names := make(map[string]int, len(p.Steps))
	for i, s := range p.Steps {
		path := fmt.Sprintf("Steps[%d]", i)
		if same, twice := names[s.Name]; twice {
			errs.Addf(path+".Name", "%q is also the name of Steps[%d]", s.Name, same)
		} else {
			names[s.Name] = i
		}
		if strings.TrimSpace(s.Name) == "" {
			errs.Addf(path+".Name", "is required")
		}
		if i == 0 && s.From != (slo.Share{}) {
			errs.Addf(path+".From", "%v is not 0%%, and below it there is no step", s.From)
		}
		if i > 0 && s.From.PartsPerBillion() <= p.Steps[i-1].From.PartsPerBillion() {
			errs.Addf(path+".From", "%v is not more than %v of the step before", s.From, p.Steps[i-1].From)
		}
		if s.Until.PartsPerBillion() > s.From.PartsPerBillion() {
			errs.Addf(path+".Until", "%v is more than from, %v", s.Until, s.From)
		}
		if !s.Release.isValid() {
			errs.Addf(path+".Release", "is required: one of %q", releases[1:])
		}
	}
	if p.NoData != 0 && !p.NoData.isValid() {
		errs.Addf("NoData", "%v is not one of %q", p.NoData, releases[1:])
	}
	return errs.Err()
}
