package budget_test

import (
	"encoding/json"
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
		{"one's own", budget.Policy{Steps: []budget.Step{step("go", "0%", "0%", budget.ReleaseFree), step("stop", "50%", "50%", budget.ReleaseFrozen)}, NoData: budget.ReleaseFrozen}, ""},
		{"nothing given", budget.Policy{Steps: []budget.Step{{}}},
			"Steps[0].Name: is required\nSteps[0].Release: is required: one of [\"free\" \"reviewed\" \"frozen\"]"},
		{"a gap below", budget.Policy{Steps: []budget.Step{step("stop", "1%", "1%", budget.ReleaseFrozen)}},
			"Steps[0].From: 1% is not 0%, and below it there is no step"},
		{"the same name, the same from, and until after it", budget.Policy{Steps: []budget.Step{step("go", "0%", "0%", budget.ReleaseFree), step("go", "0%", "2%", budget.ReleaseFrozen)}},
			"Steps[1].Name: \"go\" is also the name of Steps[0]\nSteps[1].From: 0% is not more than 0% of the step before\nSteps[1].Until: 2% is more than from, 0%"},
		{"releases that are none", budget.Policy{Steps: []budget.Step{step("go", "0%", "0%", 4)}, NoData: 5},
			"Steps[0].Release: is required: one of [\"free\" \"reviewed\" \"frozen\"]\nNoData: Release(5) is not one of [\"free\" \"reviewed\" \"frozen\"]"},
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

func TestReleaseText(t *testing.T) {
	all := []budget.Release{budget.ReleaseFree, budget.ReleaseReviewed, budget.ReleaseFrozen}
	text, err := json.Marshal(all)
	if want := `["free","reviewed","frozen"]`; err != nil || string(text) != want {
		t.Fatalf("got %s, %v, want %s", text, err, want)
	}
	var back []budget.Release
	if err := json.Unmarshal(text, &back); err != nil || !cmp.Equal(back, all) {
		t.Errorf("came back as %v, %v", back, err)
	}
	for _, r := range []budget.Release{0, 4} {
		if text, err := r.MarshalText(); err == nil {
			t.Errorf("%v has text %s", r, text)
		}
	}
	for _, text := range []string{"", "Free", "thawed"} {
		var r budget.Release
		if err := r.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q became %v", text, r)
		}
	}
}
