package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// TestPolicyStepsEqualDecisions lets Prometheus record the step of a policy and
// the release state, minute by minute for a random budget that is sometimes
// unknown or known for a part of its window. They must equal the decisions of
// package budget.
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
		"one step":       {Steps: []budget.Step{{Name: "free", Release: budget.ReleaseFree}}, NoData: budget.ReleaseFree},
		"half is enough": {MinKnown: share("50%")},
		"any is enough":  {MinKnown: share("0.0000001%")},
	}
	for name, policy := range tests {
		t.Run(name, func(t *testing.T) { comparePolicy(t, policy, rolling) })
	}
	t.Run("calendar", func(t *testing.T) { comparePolicy(t, budget.Policy{}, month) })
}

// A period is a window of which some hours are known.
type period struct {
	window string
	passed func(minute int) time.Duration
	hours  []int
}

var (
	rolling = period{"30d", func(int) time.Duration { return 720 * time.Hour }, []int{1, 179, 180, 181, 359, 360, 719, 720}}
	// month began 100 hours before the first minute, at which the time is 0.
	month = period{"month", func(minute int) time.Duration { return 100*time.Hour + time.Duration(minute)*time.Minute }, []int{1, 24, 25, 26, 27, 100}}
)

// A minute is one state of the budget in the test: the percentage that is
// spent, whether it is known and clients leave, and for how many hours.
type minute struct {
	spent          uint64
	known, leaving bool
	hours          int
}

func randomMinutes(n int, hours []int) []minute {
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]minute, n)
	at := minute{known: true, hours: 1}
	for i := range all {
		all[i] = at
		at.spent = uint64(max(0, min(130, int(at.spent)+random.IntN(31)-15)))
		if random.IntN(8) == 0 {
			at.known = !at.known
		}
		if random.IntN(10) == 0 {
			at.leaving = !at.leaving
		}
		if random.IntN(5) == 0 {
			at.hours = hours[random.IntN(len(hours))]
		}
	}
	return all
}

func comparePolicy(t *testing.T, policy budget.Policy, in period) {
	const objective = `{sli="availability",sli_service="shop",slo="availability"}`
	const indicator = `{sli="availability",sli_service="shop"}`
	minutes := randomMinutes(300, in.hours)
	spent, left, hours := make([]string, len(minutes)), make([]string, len(minutes)), make([]string, len(minutes))
	var expected strings.Builder
	steps, previous := policy.WithDefaults().Steps, ""
	for i, m := range minutes {
		spent[i], left[i], hours[i] = "stale", "0", fmt.Sprint(m.hours)
		if m.known {
			spent[i] = fmt.Sprintf("%d.%02d", m.spent/100, m.spent%100)
		}
		if m.leaving {
			left[i] = "11"
		}
		d := policy.Decide(budget.State{
			Spent: budget.RatioOf(m.spent, 100), HasData: m.known, ClientsLeaving: m.leaving, Previous: previous,
			Coverage: budget.Coverage{Known: time.Duration(m.hours) * time.Hour, Of: in.passed(i)},
		})
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
	writeFile(t, filepath.Join(dir, "rules.yml"), policyRules(t, policy, in.window))
	file := filepath.Join(dir, "rules_test.yml")
	writeFile(t, file, fmt.Sprintf(`
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - {series: 'slo:budget_spent:ratio%[1]s', values: %[2]q}
  - {series: 'slo:window_start:seconds%[1]s', values: "-360000x300"}
  - {series: 'sli:client_left:increase1h%[3]s', values: %[4]q}
  - {series: 'sli:valid:known_hours%[3]s', values: %[5]q}
  - {series: 'sli:valid:increase1h%[3]s', values: "10x300"}
  - {series: 'sli:valid:increase5m%[3]s', values: "10x300"}
  promql_expr_test:
%[6]s`, objective, strings.Join(spent, " "), indicator, strings.Join(left, " "), strings.Join(hours, " "), expected.String()))
	promtool(t, "test", "rules", file)
}

// policyRules returns a file with the two rules of the policy only.
func policyRules(t *testing.T, policy budget.Policy, window string) string {
	t.Helper()
	r, err := promrules.Generate([]slo.Objective{{
		Indicator: ruleIndicator(sli.KindAvailability), Target: slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow(window),
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
