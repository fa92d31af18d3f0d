package rules_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"github.com/sligo-go/sligo/e2e/rules/lab"
	"github.com/sligo-go/sligo/slo/promrules"
)

// TestAccuracy compares the remaining budget of 5 pods over 7 days with the
// truth. The program in folder table does so for more pods and 30 days.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	all, err := lab.Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	options := map[string]*promrules.Options{"missed": {Dialect: promrules.DialectProm3}, "outages": {Dialect: promrules.DialectProm3}}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name].Long && !*full {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			release := acquire()
			defer release()
			trial := lab.Trial{Scenario: all[name], Pods: 5, Window: "7d", Rules: lab.Availability("7d", all[name].Late, options[name]), Peers: name == "night"}
			r, err := trial.Do(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for text, at := range r.Errors {
				t.Errorf("%s (first at %v)", text, at)
			}
			checkGauge(t, &r.Ours)
			if trial.Peers {
				checkPeers(t, r)
			}
		})
	}
}

// TestAvailability checks that rules wait for late samples, unless the options
// say otherwise.
func TestAvailability(t *testing.T) {
	late := model.Duration(90 * time.Second)
	for want, options := range map[string]*promrules.Options{
		"query_offset: 1m35s": nil, "query_offset: 5s": {Dialect: promrules.DialectProm3, QueryOffset: 5 * time.Second},
	} {
		rules, err := lab.Availability("7d", late, options)("99.9")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(rules), want+"\n") {
			t.Errorf("the rules with the options %+v lack %q:\n%s", options, want, rules)
		}
	}
}

func checkGauge(t *testing.T, g *lab.Gauge) {
	t.Helper()
	if g.Evaluations < 7000 {
		t.Errorf("the remaining budget was evaluated %d times only", g.Evaluations)
	}
	if g.NotFinite > 0 {
		t.Errorf("%d of %d values are not finite", g.NotFinite, g.Evaluations)
	}
	if g.NoData > 0 {
		t.Errorf("%d of %d evaluations have no value", g.NoData, g.Evaluations)
	}
	summary := fmt.Sprintf("remaining budget %.5f, true %.5f; mean error %.5f, worst %.5f at %v; %.1f %% of the time outside the tolerance",
		g.Last, g.LastTruth, g.Mean(), g.Worst, g.WorstAt, 100*g.Outside())
	if !g.Accurate() {
		t.Errorf("%s: want at most 1 %% or 0.002 at the end", summary)
		return
	}
	t.Log(summary)
}

// checkPeers keeps the comparison honest: raw increases must be right, and
// averages of ratios must be off.
func checkPeers(t *testing.T, r *lab.Result) {
	t.Helper()
	if r.Pyrra.LastAt.IsZero() || r.Sloth.LastAt.IsZero() {
		t.Fatal("the other tools' rules recorded nothing")
	}
	if !r.Pyrra.Accurate() {
		t.Errorf("raw increases leave %v, true is %v: the laboratory itself is wrong", r.Pyrra.Last, r.Pyrra.LastTruth)
	}
	if got, want := r.Sloth.Last, r.Sloth.LastTruth; math.Abs(got-want) < 0.1 {
		t.Errorf("averages of ratios leave %v, true is %v: the scenario shows no difference", got, want)
	}
	t.Logf("true %.4f: sligo %.4f, Sloth %.4f, Pyrra %.4f", r.Ours.LastTruth, r.Ours.Last, r.Sloth.Last, r.Pyrra.Last)
}
