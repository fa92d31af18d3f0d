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
	for name, in := range map[string]period{
		"calendar":                         month(100, 100),
		"calendar, of an objective before": month(0, 100),
		"calendar, of an old objective":    month(100, 40),
		"calendar, of a new objective":     month(100, 10),
	} {
		t.Run(name, func(t *testing.T) { comparePolicy(t, budget.Policy{}, in) })
	}
}

// A period is a window of which some hours are known.
type period struct {
	window string
	hours  []int // that are known of the indicator

	// A calendar window began some minutes before the first one of the test, and
	// the objective was recorded from some minutes before it.
	began, recorded int
}

var rolling = period{window: "30d", hours: []int{1, 179, 180, 181, 359, 360, 719, 720}}

// lead returns the number of minutes before the test.
func (p period) lead() int {
	if p.window != "month" {
		return 0
	}
	return 100 * 60
}

// after returns samples behind the lead, which has none.
func (p period) after(samples string) string {
	if p.lead() > 0 {
		samples = fmt.Sprintf("_x%d %s", p.lead(), samples)
	}
	return samples
}

// month returns a month by the hours since its beginning, and since its
// objective was recorded.
func month(began, recorded int) period {
	return period{"month", []int{1, 24, 25, 26, 27, 100, 720}, 60 * began, 60 * recorded}
}

// coverage returns the known part of the window at a minute of the test, by the
// known hours of the indicator.
func (p period) coverage(minute, hours int) budget.Coverage {
	known := time.Duration(hours) * time.Hour
	if p.window != "month" {
		return budget.Coverage{Known: known, Of: 720 * time.Hour}
	}
	passed := time.Duration(p.began+minute) * time.Minute
	recorded := time.Duration(p.recorded+minute) * time.Minute
	return budget.Coverage{Known: min(known, recorded, passed), Of: passed}
}

// starts returns the samples of slo:window_start:seconds, for the lead and the
// minutes of the test. The test begins at the end of the lead, in Unix time.
func (p period) starts(minutes int) string {
	start, missing := 60*(p.lead()-p.began), p.lead()-p.recorded
	if p.window != "month" {
		return "_"
	}
	if p.began == 0 { // the month before, until the lead ends
		return fmt.Sprintf("-1000x%d %dx%d", p.lead()-1, start, minutes)
	}
	return fmt.Sprintf("_x%d %dx%d", missing, start, p.recorded+minutes)
}

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
			Coverage: in.coverage(i, m.hours),
		})
		previous = d.Step
		step := slices.IndexFunc(steps, func(s budget.Step) bool { return s.Name == d.Step })
		state := map[budget.Release]int{budget.ReleaseFree: 0, budget.ReleaseReviewed: 1, budget.ReleaseFrozen: 3}[d.Release]
		if !m.known || m.leaving {
			state = max(state, 2)
		}
		for series, value := range map[string]int{"slo:policy_step": step, "slo:release_state": state} {
			fmt.Fprintf(&expected, "  - {expr: %q, eval_time: %dm, exp_samples: [{labels: %q, value: %d}]}\n",
				series+objective, in.lead()+i, series+objective, value)
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
  - {series: 'slo:window_start:seconds%[1]s', values: %[7]q}
  - {series: 'sli:client_left:increase1h%[3]s', values: %[4]q}
  - {series: 'sli:valid:known_hours%[3]s', values: %[5]q}
  - {series: 'sli:valid:increase1h%[3]s', values: %[8]q}
  - {series: 'sli:valid:increase5m%[3]s', values: %[8]q}
  promql_expr_test:
%[6]s`, objective, in.after(strings.Join(spent, " ")), indicator, in.after(strings.Join(left, " ")), in.after(strings.Join(hours, " ")),
		expected.String(), in.starts(len(minutes)), in.after("10x300")))
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
