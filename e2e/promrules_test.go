package e2e_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// kinds are all kinds of indicators.
var kinds = []sli.Kind{
	sli.KindAvailability, sli.KindLatency, sli.KindErrorRate, sli.KindThroughput, sli.KindDurability,
	sli.KindEndToEndLatency, sli.KindAccuracy, sli.KindTrainingTime, sli.KindFreshness,
}

// ruleIndicator returns an indicator of a kind, with the criterion it needs.
func ruleIndicator(kind sli.Kind) sli.Indicator {
	ind := sli.Indicator{Service: "shop", Name: string(kind), Kind: kind}
	switch kind {
	case sli.KindLatency, sli.KindEndToEndLatency, sli.KindTrainingTime, sli.KindFreshness:
		ind.Good.Within = 100 * time.Millisecond
	case sli.KindThroughput:
		ind.Good.Rate = sli.Rate{Items: 10, Per: time.Second}
	}
	return ind
}

// writeRules writes a rule file and its tests, and returns their names.
func writeRules(t *testing.T, objectives []slo.Objective, o *promrules.Options) (rules, tests string) {
	t.Helper()
	r, err := promrules.Generate(objectives, o)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	rules, tests = filepath.Join(folder, "rules.yml"), filepath.Join(folder, "rules_test.yml")
	writeFile(t, rules, string(r.YAML()))
	writeFile(t, tests, string(r.Tests("rules.yml")))
	return rules, tests
}

// promtool runs promtool, which must succeed without a warning.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.Command("promtool", args...).CombinedOutput()
	text := string(out)
	if err != nil || strings.Contains(strings.ToLower(text), "warn") || strings.Contains(text, "duplicate") {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, text)
	}
}

// TestRulesAreValid checks rules of every kind, window, stage and severity in
// one file, as Prometheus loads it.
func TestRulesAreValid(t *testing.T) {
	windows := []string{
		"1h", "90m", "1d", "1d12h", "7d", "28d", "30d", "90d", "366d", "month", "month Asia/Seoul", "month Europe/London",
		"quarter", "quarter Asia/Seoul", "quarter America/New_York", "year", "year Australia/Sydney",
	}
	stages := []slo.Stage{"", slo.StageMeasure, slo.StageObserve, slo.StagePage}
	var objectives []slo.Objective
	for i, kind := range kinds {
		for j, window := range windows {
			objectives = append(objectives, slo.Objective{
				Name: fmt.Sprintf("%s-%d", kind, j), Indicator: ruleIndicator(kind), Stage: stages[(i+j)%len(stages)],
				Target: slo.MustParseTarget([]string{"99.9%", "95%", "99.999%"}[(i+j)%3]), Window: slo.MustParseWindow(window),
				Tier: fmt.Sprint(j), Owner: `a "{{ team }}" \ of one`, Runbook: "https://example.com/{{x}}",
				Description: "line\nbreaks, \u2028, \u0085 and {{ braces }}", Labels: map[string]string{"squad": "{{ $value }}", "y": "\"\x00\n"},
			})
		}
	}
	matchers := []string{`env="prod \"{{ x }}\" \\ \u0085"`, `cluster=~"eu-.*|us-[0-9]+"`, `zone!="x"`}
	for _, scale := range []int{1, 60} {
		rules, _ := writeRules(t, objectives, &promrules.Options{Matchers: matchers, Scale: scale})
		promtool(t, "check", "rules", rules)
	}
}

// TestRulesFireAndResolve runs the generated tests.
func TestRulesFireAndResolve(t *testing.T) {
	availability := ruleIndicator(sli.KindAvailability)
	objectives := []slo.Objective{
		{Indicator: availability, Target: slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow("30d"), Runbook: "https://example.com/{{x}}"},
		{
			Name: "contract", Indicator: availability, Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("month Asia/Seoul"),
			Stage: slo.StageObserve, Labels: map[string]string{"squad": "{{ $value }} \"x\""},
		},
		{Indicator: ruleIndicator(sli.KindLatency), Target: slo.MustParseTarget("95%"), Window: slo.MustParseWindow("1d12h"), Tier: "1"},
	}
	_, tests := writeRules(t, objectives, &promrules.Options{Matchers: []string{`env="prod \"{{ x }}\""`, `cluster=~"eu-.*|us-[0-9]+"`}})
	promtool(t, "test", "rules", tests)
}

// TestAlertsReadWell checks the labels and texts of an alert, after Prometheus
// has expanded their templates.
func TestAlertsReadWell(t *testing.T) {
	rules, _ := writeRules(t, []slo.Objective{{
		Indicator: ruleIndicator(sli.KindAvailability), Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
		Owner: "{{ team }}", Tier: "1", Runbook: "https://example.com/{{x}}", Description: "99.95 % of {{ all }} calls succeed.",
	}}, &promrules.Options{
		Matchers:  []string{"env=\"100% `prod` \\\"{{ x }}\\\"\""},
		Dashboard: "https://grafana.example.com/d/slo?var-slo={slo}",
	})
	file := filepath.Join(filepath.Dir(rules), "texts_test.yml")
	writeFile(t, file, `
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - series: 'sli_good_events_total{sli="availability",sli_service="shop",env="100% `+"`prod`"+` \"{{ x }}\""}'
    values: "0+600x120 72000+0x30"
  - series: 'sli_valid_events_total{sli="availability",sli_service="shop",env="100% `+"`prod`"+` \"{{ x }}\""}'
    values: "0+600x150"
  alert_rule_test:
  - alertname: SloErrorBudgetBurn
    eval_time: 2h4m
    exp_alerts:
    - exp_labels:
        env: "100% `+"`prod`"+` \"{{ x }}\""
        long: 1h
        owner: "{{ team }}"
        severity: page
        short: 5m
        sli: availability
        sli_service: shop
        slo: availability
        tier: "1"
      exp_annotations:
        summary: shop/availability lost more than 2% of its error budget in 1h.
        description: >-
          14.03% of the error budget of shop/availability (99.95% over 30d) was lost in the last 1h.
          At the speed of the last 5m the rest is gone in 27m 19s. Objective: 99.95 % of {{ all }} calls succeed.
        runbook_url: https://example.com/{{x}}
        dashboard_url: https://grafana.example.com/d/slo?var-slo=availability
`)
	promtool(t, "test", "rules", file)
}
