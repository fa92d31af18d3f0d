package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// TestPolicyStepsEqualDecisions lets Prometheus record the step of a policy and
// the release state, minute by minute for a random budget that is sometimes
// unknown. They must equal the decisions of package budget.
func TestPolicyStepsEqualDecisions(t *testing.T) {
	share := slo.MustParseShare
	tests := map[string]budget.Policy{
		"default": {},
		"steps that end in another order": {Steps: []budget.Step{
			{Name: "healthy", Release: budget.ReleaseFree},
			{Name: "caution", From: share("20%"), Until: share("18%"), Release: budget.ReleaseReviewed},
			{Name: "warning", From: share("40%"), Until: share("5%"), Release: budget.ReleaseReviewed},
			{Name: "frozen", From: share("80%"), Release: budget.ReleaseFrozen},
		}, NoData: budget.ReleaseFrozen},
		"one step": {Steps: []budget.Step{{Name: "free", Release: budget.ReleaseFree}}, NoData: budget.ReleaseFree},
	}
	for name, policy := range tests {
		t.Run(name, func(t *testing.T) { comparePolicy(t, policy) })
	}
}

// A minute is one state of the budget in the test: the percentage that is
// spent, and whether it is known and clients leave.
type minute struct {
	spent          uint64
	known, leaving bool
}

func randomMinutes(n int) []minute {
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]minute, n)
	at := minute{known: true}
	for i := range all {
		all[i] = at
		at.spent = uint64(max(0, min(130, int(at.spent)+random.IntN(31)-15)))
		if random.IntN(8) == 0 {
			at.known = !at.known
		}
		if random.IntN(10) == 0 {
			at.leaving = !at.leaving
		}
	}
	return all
}

func comparePolicy(t *testing.T, policy budget.Policy) {
	const objective = `{sli="availability",sli_service="shop",slo="availability"}`
	const indicator = `{sli="availability",sli_service="shop"}`
	minutes := randomMinutes(300)
	spent, left := make([]string, len(minutes)), make([]string, len(minutes))
	var expected strings.Builder
	steps, previous := policy.WithDefaults().Steps, ""
	for i, m := range minutes {
		spent[i], left[i] = "stale", "0"
		if m.known {
			spent[i] = fmt.Sprintf("%d.%02d", m.spent/100, m.spent%100)
		}
		if m.leaving {
			left[i] = "11"
		}
		d := policy.Decide(budget.State{Spent: budget.RatioOf(m.spent, 100), HasData: m.known, ClientsLeaving: m.leaving, Previous: previous})
		previous = d.Step
		step := slices.IndexFunc(steps, func(s budget.Step) bool { return s.Name == d.Step })
		state := map[budget.Release]int{budget.ReleaseFree: 0, budget.ReleaseReviewed: 1, budget.ReleaseFrozen: 3}[d.Release]
		if !m.known || m.leaving {
			state = max(state, 2)
		}
		for series, value := range map[string]int{"slo:policy_step": step, "slo:release_state": state} {
			fmt.Fprintf(&expected, "  - {expr: %q, eval_time: %dm, exp_samples: [{labels: %q, value: %d}]}\n",
				series+objective, i, series+objective, value)
		}
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "rules.yml"), policyRules(t, policy))
	file := filepath.Join(dir, "rules_test.yml")
	writeFile(t, file, fmt.Sprintf(`
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - {series: 'slo:budget_spent:ratio%s', values: %q}
  - {series: 'sli:client_left:increase1h%s', values: %q}
  - {series: 'sli:valid:increase1h%[3]s', values: "10x300"}
  - {series: 'sli:valid:increase5m%[3]s', values: "10x300"}
  promql_expr_test:
%[5]s`, objective, strings.Join(spent, " "), indicator, strings.Join(left, " "), expected.String()))
	promtool(t, "test", "rules", file)
}

// policyRules returns a file with the two rules of the policy only.
func policyRules(t *testing.T, policy budget.Policy) string {
	t.Helper()
	r, err := promrules.Generate([]slo.Objective{{
		Indicator: ruleIndicator(sli.KindAvailability), Target: slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow("30d"),
	}}, &promrules.Options{Policy: policy})
	if err != nil {
		t.Fatal(err)
	}
	group := &r.Groups[0]
	group.Rules = slices.DeleteFunc(group.Rules, func(rule promrules.Rule) bool {
		return rule.Record != "slo:policy_step" && rule.Record != "slo:release_state"
	})
	r.Groups = r.Groups[:1]
	return string(r.YAML())
}
