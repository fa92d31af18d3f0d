package budget_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/slo"
)

func TestPolicyValidate(t *testing.T) {
	step := func(name, from, until string, release budget.Release) budget.Step {
		return budget.Step{Name: name, From: slo.MustParseShare(from), Until: slo.MustParseShare(until), Release: release}
	}
	for _, tt := range []struct {
		name   string
		policy budget.Policy
		want   string
	}{
		{"the default", budget.Policy{}, ""},
		{"a custom policy",
			budget.Policy{
				Steps: []budget.Step{
					step("go", "0%", "0%", budget.ReleaseFree), step("stop", "50%", "50%", budget.ReleaseFrozen),
				},
				NoData: budget.ReleaseFrozen,
			}, ""},
		{"an empty step", budget.Policy{Steps: []budget.Step{{}}},
			"Steps[0].Name: required\nSteps[0].Release: required: want one of \"free\", \"reviewed\", \"frozen\""},
		{"a first step above 0 %", budget.Policy{Steps: []budget.Step{step("stop", "1%", "1%", budget.ReleaseFrozen)}},
			"Steps[0].From: invalid share 1%: want 0% in the first step"},
		{"the same name and From, and Until above From",
			budget.Policy{Steps: []budget.Step{
				step("go", "0%", "0%", budget.ReleaseFree), step("go", "0%", "2%", budget.ReleaseFrozen),
			}},
			"Steps[1].Until: invalid share 2%: want at most From, 0%\n" +
				"Steps[1].Name: duplicate name \"go\": Steps[0] has it\n" +
				"Steps[1].From: invalid share 0%: want more than the 0% of Steps[0]"},
		{"a step that allows more than the one before",
			budget.Policy{Steps: []budget.Step{
				step("stop", "0%", "0%", budget.ReleaseFrozen), step("go", "50%", "50%", budget.ReleaseReviewed), step("end", "99%", "99%", budget.ReleaseReviewed),
			}},
			`Steps[1].Release: invalid release "reviewed": want "frozen" as in Steps[0], or a stricter one`},
		{"invalid releases", budget.Policy{Steps: []budget.Step{step("go", "0%", "0%", 4)}, NoData: 5},
			"Steps[0].Release: invalid release 4: want one of \"free\", \"reviewed\", \"frozen\"\n" +
				"NoData: invalid release 5: want one of \"free\", \"reviewed\", \"frozen\""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := tt.policy.Validate(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
