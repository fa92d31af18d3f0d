package promrules_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo/promrules"
	"github.com/sligo-go/sligo/slo/slofile"
)

// TestKindsAndTiersAreLabels shows that the kind of an indicator and the tier
// of an objective change nothing but their own labels. The generated tests of
// one kind and tier therefore hold for all of them.
func TestKindsAndTiersAreLabels(t *testing.T) {
	plain := generate(t, nil, availability)
	for _, kind := range kinds(t) {
		for _, tier := range []string{"1", "2", "critical"} {
			o := availability
			o.Indicator.Kind, o.Tier = kind, tier
			o.Indicator.Good = sli.Condition{Within: time.Second, Rate: sli.Rate{Items: 1, Per: time.Second}}
			r := generate(t, nil, o)
			if diff := cmp.Diff(withoutLabels(plain), withoutLabels(r)); diff != "" {
				t.Errorf("kind %s, tier %s (-plain +got):\n%s", kind, tier, diff)
			}
			label := func(tier string) string { return `,tier=\"` + tier + `\"` }
			want := strings.ReplaceAll(string(plain.Tests("x")), label(availability.Tier), label(tier))
			if diff := cmp.Diff(want, string(r.Tests("x"))); diff != "" {
				t.Errorf("tests of kind %s, tier %s (-plain +got):\n%s", kind, tier, diff)
			}
		}
	}
}

// TestLabelsBreakNoRule changes everything about an objective that people may
// change at any time. Only slo:info has it, so that no recorded series ends and
// no rule reads another one than before.
func TestLabelsBreakNoRule(t *testing.T) {
	o := availability
	o.Owner, o.Tier, o.Description, o.Runbook = "other-team", "3", "Other words.", "https://example.com/other"
	o.Labels = map[string]string{"squad": "other"}
	o.Indicator.Journey = "other"
	before, after := generate(t, nil, availability), generate(t, nil, o)
	recorded := func(r *promrules.Rules) (rules []promrules.Rule) {
		for _, g := range r.Groups {
			for _, rule := range g.Rules {
				if rule.Record != "" && rule.Record != "slo:info" {
					rules = append(rules, rule)
				}
			}
		}
		return rules
	}
	if diff := cmp.Diff(recorded(before), recorded(after)); diff != "" {
		t.Errorf("recorded series (-before +after):\n%s", diff)
	}
	for i, rule := range before.Groups[0].Rules {
		if got := after.Groups[0].Rules[i].Expr; got != rule.Expr {
			t.Errorf("%s%s: got %s, before %s", rule.Record, rule.Alert, got, rule.Expr)
		}
	}
}

// withoutLabels returns the rules without the labels of kinds and tiers.
func withoutLabels(r *promrules.Rules) []promrules.Rule {
	var all []promrules.Rule
	for _, g := range r.Groups {
		for _, rule := range g.Rules {
			rule.Labels = maps.Clone(rule.Labels)
			delete(rule.Labels, "kind")
			delete(rule.Labels, "tier")
			all = append(all, rule)
		}
	}
	return all
}

// kinds returns the kinds in the schema of the file format, which has them from
// package sli.
func kinds(t *testing.T) []sli.Kind {
	t.Helper()
	var schema struct {
		Properties struct {
			Indicators struct {
				Items struct {
					Properties struct{ Kind struct{ Enum []sli.Kind } }
				}
			}
		}
	}
	if err := json.Unmarshal(slofile.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	all := schema.Properties.Indicators.Items.Properties.Kind.Enum
	if len(all) < 9 {
		t.Fatalf("the schema has the kinds %q", all)
	}
	return all
}
