package budget

import (
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/internal/quotelist"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Policy is an organization's error budget policy as data: the actions that
// follow from the state of a budget. The zero Policy is the default policy:
// healthy; caution from 75 % spent until less than 65 %, with stricter
// reviews; and frozen from 100 % until less than 90 %, when feature work
// stops and the team works on reliability. The distance between From and
// Until keeps a gate from opening and closing with every event.
//
// Source: The Site Reliability Workbook, appendix B, "Example Error Budget
// Policy". It freezes releases if the budget is exceeded, and requires a
// postmortem of an incident that alone spent over 20 %.
type Policy struct {
	// Steps are the states that the policy knows, the least strict first. Empty
	// means the default steps.
	Steps []Step `json:"steps,omitempty"`
	// Postmortem is the share of the budget above which a single incident requires
	// a postmortem. Zero means 20 %.
	Postmortem slo.Share `json:"postmortem,omitzero"`
	// NoData is the least strict Release without data. Zero means ReleaseReviewed.
	NoData Release `json:"no_data,omitzero"`
	// MinKnown is the share of the window that must be known before a budget
	// frees releases. Below it, they are at least reviewed, and at least as strict
	// as NoData. Zero means 25 %. The smallest share, 0.0000001 %, switches the
	// rule off, since it is known within seconds.
	MinKnown slo.Share `json:"min_known,omitzero"`
}

// Step is a state of a budget and its consequences.
type Step struct {
	// Name is the name of the state. It is required, and unique in the policy.
	Name string `json:"name"`
	// From is the share spent at which the step begins: 0 % in the first step, and
	// more in each step than in the one before.
	From slo.Share `json:"from"`
	// Until is the share spent below which the step ends. It is at most From. Zero
	// means From.
	Until slo.Share `json:"until,omitzero"`
	// Release tells which changes the step allows. It is required, and at least as
	// strict as in the step before.
	Release Release `json:"release,omitzero"`
	// Action describes in words the work to do. It is optional.
	Action string `json:"action,omitempty"`
}

// defaultSteps follow the Workbook's policy. Many teams add reviews before the
// freeze, as the second step does.
var defaultSteps = []Step{
	{Name: "healthy", Release: ReleaseFree, Action: "release as planned"},
	{
		Name: "caution", From: slo.MustParseShare("75%"), Until: slo.MustParseShare("65%"), Release: ReleaseReviewed,
		Action: "review every release more strictly, and keep changes small",
	},
	{
		Name: "frozen", From: slo.MustParseShare("100%"), Until: slo.MustParseShare("90%"), Release: ReleaseFrozen,
		Action: "work on reliability only; release only repairs and security fixes",
	},
}

var defaultPostmortem = slo.MustParseShare("20%")

// defaultMinKnown is a week of the customary four. Traffic and changes follow
// the days of the week, so less than a week leaves out hours that the window
// always has.
var defaultMinKnown = slo.MustParseShare("25%")

// WithDefaults returns the policy with all defaults filled in, for a tool that
// shows or translates its steps.
func (p Policy) WithDefaults() Policy {
	if len(p.Steps) == 0 {
		p.Steps = defaultSteps
	}
	if p.Postmortem == (slo.Share{}) {
		p.Postmortem = defaultPostmortem
	}
	if p.NoData == 0 {
		p.NoData = ReleaseReviewed
	}
	if p.MinKnown == (slo.Share{}) {
		p.MinKnown = defaultMinKnown
	}
	return p
}

// Knows reports whether the known share of a window reaches MinKnown, so that
// its budget can free releases.
func (p Policy) Knows(c Coverage) bool {
	return c.Share().Compare(ratioOfShare(p.WithDefaults().MinKnown)) >= 0
}

// belowMinKnown returns the least strict Release below MinKnown. The policy
// must have its defaults.
func (p Policy) belowMinKnown() Release { return max(p.NoData, ReleaseReviewed) }

func (s Step) until() slo.Share {
	if s.Until == (slo.Share{}) {
		return s.From
	}
	return s.Until
}

// Validate reports all mistakes in the policy at once, as joined
// [*sli.FieldError] values with paths such as "Steps[1].Until".
func (p Policy) Validate() error {
	var errs sli.FieldErrors
	names := make(map[string]int, len(p.Steps))
	for i, s := range p.Steps {
		path := fmt.Sprintf("Steps[%d]", i)
		errs.Add(path, s.validate())
		if same, twice := names[s.Name]; twice && s.Name != "" {
			errs.Addf(path+".Name", "duplicate name %q: Steps[%d] has it", s.Name, same)
		} else {
			names[s.Name] = i
		}
		switch {
		case i == 0 && s.From != (slo.Share{}):
			errs.Addf(path+".From", "invalid share %v: want 0%% in the first step", s.From)
		case i > 0 && s.From.PartsPerBillion() <= p.Steps[i-1].From.PartsPerBillion():
			errs.Addf(path+".From", "invalid share %v: want more than the %v of Steps[%d]", s.From, p.Steps[i-1].From, i-1)
		}
		if i > 0 && s.Release.isValid() && s.Release < p.Steps[i-1].Release && p.Steps[i-1].Release.isValid() {
			errs.Addf(path+".Release", "invalid release %q: want %q as in Steps[%d], or a stricter one", s.Release, p.Steps[i-1].Release, i-1)
		}
	}
	if p.NoData != 0 && !p.NoData.isValid() {
		errs.Addf("NoData", "invalid release %d: want one of %s", uint8(p.NoData), quotelist.Of(releases[1:]))
	}
	return errs.Err()
}

func (s Step) validate() error {
	var errs sli.FieldErrors
	if strings.TrimSpace(s.Name) == "" {
		errs.Addf("Name", "required")
	}
	if s.Until.PartsPerBillion() > s.From.PartsPerBillion() {
		errs.Addf("Until", "invalid share %v: want at most From, %v", s.Until, s.From)
	}
	switch {
	case s.Release == 0:
		errs.Addf("Release", "required: want one of %s", quotelist.Of(releases[1:]))
	case !s.Release.isValid():
		errs.Addf("Release", "invalid release %d: want one of %s", uint8(s.Release), quotelist.Of(releases[1:]))
	}
	return errs.Err()
}

// String returns the policy on one line: "healthy from 0%: free; caution from
// 75% until 65%: reviewed; no data: reviewed; known below 25%: reviewed;
// postmortem above 20%".
func (p Policy) String() string {
	p = p.WithDefaults()
	var text strings.Builder
	for _, s := range p.Steps {
		fmt.Fprintf(&text, "%v; ", s)
	}
	return text.String() + fmt.Sprintf("no data: %v; known below %v: %v; postmortem above %v",
		p.NoData, p.MinKnown, p.belowMinKnown(), p.Postmortem)
}

// String returns the step without its action: "caution from 75% until 65%:
// reviewed".
func (s Step) String() string {
	text := fmt.Sprintf("%s from %v", s.Name, s.From)
	if s.until() != s.From {
		text += fmt.Sprintf(" until %v", s.Until)
	}
	return text + ": " + s.Release.String()
}

// UnmarshalJSON reads a policy and refuses unknown fields. It does not
// validate.
func (p *Policy) UnmarshalJSON(text []byte) error {
	type plain Policy
	return strictjson.Unmarshal(text, (*plain)(p))
}

// UnmarshalJSON reads a step and refuses unknown fields. It does not validate.
func (s *Step) UnmarshalJSON(text []byte) error {
	type plain Step
	return strictjson.Unmarshal(text, (*plain)(s))
}
