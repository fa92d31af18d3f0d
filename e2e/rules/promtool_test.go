package rules_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// always are the files whose generated tests run in CI. A file takes promtool
// some seconds.
var always = map[promrules.Dialect][]string{
	promrules.Prom2: {"month Asia/Seoul", "half"},
	promrules.Prom3: {"30d", "half"},
}

// TestPromtool checks the generated rules and runs their generated tests, with
// the promtool of the Prometheus that a dialect is for.
func TestPromtool(t *testing.T) {
	tools := map[promrules.Dialect]string{
		promrules.Prom2: debian(t, "promtool", "prometheus"), promrules.Prom3: installed(t, "promtool"),
	}
	for dialect, promtool := range tools {
		for name, objectives := range files() {
			t.Run(fmt.Sprintf("%s/%s", dialect, name), func(t *testing.T) {
				t.Parallel()
				release := acquire()
				defer release()
				rules, err := promrules.Generate(objectives, &promrules.Options{
					Dialect: dialect, Matchers: []string{`env="prod"`, `cluster=~"eu-.*"`},
					ZonesFrom: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC),
				})
				if err != nil {
					t.Fatal(err)
				}
				dir := t.TempDir()
				writeFile(t, filepath.Join(dir, "slo.yml"), rules.YAML())
				writeFile(t, filepath.Join(dir, "slo_test.yml"), rules.Tests("slo.yml"))
				silent(t, dir, promtool, "check", "rules", "slo.yml")
				if *full || slices.Contains(always[dialect], name) {
					silent(t, dir, promtool, "test", "rules", "slo_test.yml")
				}
			})
		}
	}
}

// silent runs promtool, which must succeed without a warning.
func silent(t *testing.T, dir, promtool string, args ...string) {
	t.Helper()
	command := exec.Command(promtool, args...)
	command.Dir = dir
	out, err := command.CombinedOutput()
	text := strings.ToLower(string(out))
	if err != nil || strings.Contains(text, "warn") || strings.Contains(text, "fail") || strings.Contains(text, "duplicate") {
		t.Errorf("promtool %s: %v\n%.4000s", strings.Join(args, " "), err, out)
	}
}

// files returns objectives of every kind, window, tier and stage, as files of a
// few objectives each.
func files() map[string][]slo.Objective {
	files := make(map[string][]slo.Objective)
	kinds := []sli.Kind{
		sli.KindAvailability, sli.KindLatency, sli.KindErrorRate, sli.KindThroughput, sli.KindDurability,
		sli.KindEndToEndLatency, sli.KindAccuracy, sli.KindTrainingTime, sli.KindFreshness,
	}
	for _, kind := range kinds {
		files["kinds"] = append(files["kinds"], slo.Objective{
			Indicator: sli.Indicator{
				Service: "shop", Name: string(kind), Kind: kind,
				Good: good(kind),
			},
			Target: slo.MustParseTarget("99.5%"), Window: slo.MustParseWindow("28d"),
		})
	}
	windows := []string{"1d", "7d", "30d", "90d", "month", "month Asia/Seoul", "quarter Europe/London", "year America/New_York"}
	for _, window := range windows {
		files[window] = []slo.Objective{{
			Indicator: sli.Indicator{Service: "shop", Name: "availability"},
			Target:    slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow(window), Tier: "1", Owner: "shop",
			Runbook: "https://example.com/runbooks/availability",
		}}
	}
	several := objective("99.9%")
	several.Name, several.Tier = "monthly", "1"
	weekly := objective("99%")
	weekly.Name, weekly.Window, weekly.Tier, weekly.Stage = "weekly", slo.MustParseWindow("7d"), "2", slo.StageObserve
	measured := objective("99.99%")
	measured.Name, measured.Stage = "measured", slo.StageMeasure
	half := objective("50%")
	half.Window = slo.MustParseWindow("30d")
	files["half"] = []slo.Objective{half}
	files["several"] = []slo.Objective{several, weekly, measured}
	return files
}

// good returns a criterion that suits a kind.
func good(kind sli.Kind) sli.Condition {
	if kind == sli.KindThroughput {
		return sli.Condition{Rate: sli.Rate{Items: 1000, Per: time.Second}}
	}
	return sli.Condition{Within: time.Second}
}
