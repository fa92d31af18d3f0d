package promrules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

func ExampleRules_Passes() {
	rules, err := promrules.Generate([]slo.Objective{availability}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, pass := range rules.Passes() {
		rule := pass.Groups[0].Rules[0]
		fmt.Println(i+1, rule.Record)
	}
	// Output:
	// 1 sli:good:increase5m
	// 2 sli:good:since_hour
	// 3 sli:good:since_day
	// 4 sli:valid:known_hours
	// 5 slo:budget:events
	// 6 slo:budget_spent:ratio
}

// TestPasses checks that a pass reads only earlier ones, and that each recorded
// series is in one pass, except the two that depend on their past.
func TestPasses(t *testing.T) {
	monthly, weekly := availability, availability
	monthly.Name, monthly.Window = "monthly", slo.MustParseWindow("month Europe/London")
	weekly.Name, weekly.Window = "weekly", slo.MustParseWindow("7d")
	for _, dialect := range []promrules.Dialect{promrules.DialectProm2, promrules.DialectProm3} {
		rules, err := promrules.Generate([]slo.Objective{availability, monthly, weekly}, &promrules.Options{
			Dialect: dialect, ZonesFrom: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC),
		})
		if err != nil {
			t.Fatal(err)
		}
		missing := make(map[string]int)
		for _, rule := range all(rules) {
			if rule.Record != "" {
				missing[rule.Record]++
			}
		}
		for i, pass := range rules.Passes() {
			for _, rule := range all(pass) {
				for name := range missing {
					if strings.Contains(rule.Expr, name+"{") {
						t.Errorf("%s: %s in pass %d reads %s, which is in no earlier pass", dialect, rule.Record, i+1, name)
					}
				}
			}
			for _, rule := range all(pass) {
				if missing[rule.Record]--; missing[rule.Record] == 0 {
					delete(missing, rule.Record)
				}
			}
		}
		delete(missing, "slo:policy_step")
		delete(missing, "slo:release_state")
		if len(missing) > 0 {
			t.Errorf("%s: in no pass, or in several: %v", dialect, missing)
		}
	}
}

func all(rules *promrules.Rules) []promrules.Rule {
	var found []promrules.Rule
	for _, g := range rules.Groups {
		found = append(found, g.Rules...)
	}
	return found
}

// TestNumberOfPasses checks the number that docs/prometheus.md says.
func TestNumberOfPasses(t *testing.T) {
	for _, window := range []string{"1h", "12h", "1d", "30d", "month", "year Europe/London"} {
		o := availability
		o.Window = slo.MustParseWindow(window)
		if got := len(generate(t, nil, o).Passes()); got != 6 {
			t.Errorf("%s: got %d passes, want 6", window, got)
		}
	}
}
