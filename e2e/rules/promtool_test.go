package rules_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
	"github.com/sligo-go/sligo/slo/slofile"
)

// TestPromtool checks the generated rules of every kind in every window and
// tier, with the promtool of the Prometheus that a dialect is for. It runs the
// generated tests of every window, with kinds and tiers in turn, because these
// change labels only, and with the rule files of all rulers in turn. The tests
// of an objective take promtool some seconds.
func TestPromtool(t *testing.T) {
	kinds, windows := known(t)
	for dialect, promtool := range promtools(t) {
		run := func(name string, file ruleFile, runTests bool, objectives ...slo.Objective) {
			t.Run(fmt.Sprintf("%s/%s", dialect, name), func(t *testing.T) {
				t.Parallel()
				release := acquire()
				defer release()
				runPromtool(t, promtool, dialect, file, runTests, objectives)
			})
		}
		run("all kinds, windows and tiers", whole, false, product(kinds, windows)...)
		files := ruleFiles[dialect]
		for i, o := range eachOnce(kinds, windows) {
			file := files[i%len(files)]
			run(o.ID()+" in "+file.name, file, true, o)
		}
		run("half", whole, true, objective("50%"))
		run("stages", whole, true, stages()...)
		run("long windows that are equal", whole, true, equalWindows())
	}
}

// promtools returns the promtool of the Prometheus that a dialect is for.
func promtools(t *testing.T) map[promrules.Dialect]string {
	t.Helper()
	return map[promrules.Dialect]string{
		promrules.DialectProm2: debian(t, "promtool", "prometheus"), promrules.DialectProm3: installed(t, "promtool"),
	}
}

// A ruleFile is a form of the rule file. Promtool needs the arguments to read
// it.
type ruleFile struct {
	name     string
	maxRules int // in a group, or 0
	encode   func(*promrules.Rules) ([]byte, error)
	args     []string
}

var (
	whole = ruleFile{name: "whole groups", encode: plain}
	// Alerts are many parts away from the counters.
	divided = ruleFile{name: "parts", maxRules: 4, encode: plain}
	// The promtool of prom2 refuses the fields of other rulers.
	unknown   = []string{"--ignore-unknown-fields"}
	federated = ruleFile{"groups of Mimir", 5, func(r *promrules.Rules) ([]byte, error) { return r.Mimir("slo", "eu", "us") }, unknown}
	abort     = ruleFile{"groups of Thanos", 20, func(r *promrules.Rules) ([]byte, error) { return r.Thanos(false), nil }, unknown}
)

func plain(r *promrules.Rules) ([]byte, error) { return r.YAML(), nil }

var ruleFiles = map[promrules.Dialect][]ruleFile{
	promrules.DialectProm2: {whole, divided},
	promrules.DialectProm3: {whole, divided, federated, abort},
}

func runPromtool(t *testing.T, promtool string, dialect promrules.Dialect, file ruleFile, runTests bool, objectives []slo.Objective) {
	rules, err := promrules.Generate(objectives, &promrules.Options{
		Dialect: dialect, Matchers: []string{`env="prod"`, `cluster=~"eu-.*"`},
		ZonesFrom: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	if file.maxRules != 0 {
		if rules, err = rules.Split(file.maxRules); err != nil {
			t.Fatal(err)
		}
	}
	text, err := file.encode(rules)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "slo.yml"), text)
	silent(t, dir, promtool, slices.Concat([]string{"check", "rules"}, file.args, []string{"slo.yml"})...)
	if runTests {
		writeFile(t, filepath.Join(dir, "slo_test.yml"), rules.Tests("slo.yml"))
		silent(t, dir, promtool, slices.Concat([]string{"test", "rules"}, file.args, []string{"slo_test.yml"})...)
	}
}

// TestSteadyMonth has a calendar window of two days with steady traffic. The
// dialects differ in the first moment of a range, which an hour or a day may
// end at, and each event must count once in both.
func TestSteadyMonth(t *testing.T) {
	const test = `rule_files: [slo.yml]
evaluation_interval: 4m
tests:
- interval: 1m
  input_series:
  - {series: 'sli_valid_events_total{sli_service="shop",sli="availability"}', values: "0+60x3600"}
  - {series: 'sli_good_events_total{sli_service="shop",sli="availability"}', values: "0+60x3600"}
  promql_expr_test:
  - {expr: "count(abs(slo:valid:month - 50 * 60 * 60) < 600)", eval_time: 50h, exp_samples: [{value: 1}]}
  - {expr: "count(abs(slo:good:month - 50 * 60 * 60) < 600)", eval_time: 50h, exp_samples: [{value: 1}]}
`
	o := objective("99.9%")
	o.Window, o.Stage = slo.MustParseWindow("month"), slo.StageMeasure
	for dialect, promtool := range promtools(t) {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			release := acquire()
			defer release()
			rules, err := promrules.Generate([]slo.Objective{o}, &promrules.Options{Dialect: dialect})
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "slo.yml"), rules.YAML())
			writeFile(t, filepath.Join(dir, "slo_test.yml"), []byte(test))
			silent(t, dir, promtool, "test", "rules", "slo_test.yml")
		})
	}
}

// silent runs promtool, which must succeed without a warning.
func silent(t *testing.T, dir, promtool string, args ...string) {
	t.Helper()
	command := exec.Command(promtool, args...)
	command.Dir = dir
	// promtool holds little memory and allocates much.
	command.Env = append(os.Environ(), "GOGC=400")
	out, err := command.CombinedOutput()
	text := strings.ToLower(string(out))
	if err != nil || strings.Contains(text, "warn") || strings.Contains(text, "fail") || strings.Contains(text, "duplicate") {
		t.Errorf("promtool %s: %v\n%.4000s", strings.Join(args, " "), err, out)
	}
}

// tiers are values of the label, which is any name.
var tiers = []string{"", "1", "critical"}

// product returns an objective of every kind in every window and tier.
func product(kinds []sli.Kind, windows []string) []slo.Objective {
	var all []slo.Objective
	for _, window := range windows {
		for _, kind := range kinds {
			for _, tier := range tiers {
				all = append(all, of(kind, window, tier))
			}
		}
	}
	return all
}

// eachOnce returns objectives that together have every kind, window and tier.
func eachOnce(kinds []sli.Kind, windows []string) []slo.Objective {
	var some []slo.Objective
	for i := range max(len(kinds), len(windows), len(tiers)) {
		some = append(some, of(kinds[i%len(kinds)], windows[i%len(windows)], tiers[i%len(tiers)]))
	}
	return some
}

func of(kind sli.Kind, window, tier string) slo.Objective {
	return slo.Objective{
		Name:      string(kind) + "-" + strings.NewReplacer(" ", "-", "/", "-").Replace(window) + "-tier" + tier,
		Indicator: sli.Indicator{Service: "shop", Name: string(kind), Kind: kind, Good: good(kind)},
		Target:    slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow(window), Tier: tier, Owner: "shop",
		Runbook: "https://example.com/runbooks/" + string(kind),
	}
}

// known returns the kinds and the windows of the file format, which takes them
// from the packages. A calendar window is in UTC and in a zone that changes its
// clocks.
func known(t *testing.T) (kinds []sli.Kind, windows []string) {
	t.Helper()
	var schema struct {
		Properties struct {
			Indicators, Objectives struct {
				Items struct {
					Properties struct {
						Kind   struct{ Enum []sli.Kind }
						Window struct{ Pattern string }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(slofile.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	kinds = schema.Properties.Indicators.Items.Properties.Kind.Enum
	pattern := schema.Properties.Objectives.Items.Properties.Window.Pattern
	periods := regexp.MustCompile(`^\^\(\(([a-z|]+)\)`).FindStringSubmatch(pattern)
	if len(kinds) == 0 || periods == nil {
		t.Fatalf("kinds %q and the pattern of windows %q in the schema", kinds, pattern)
	}
	windows = []string{"1d", "7d", "30d", "90d"}
	for _, period := range strings.Split(periods[1], "|") {
		windows = append(windows, period, period+" America/New_York")
	}
	return kinds, windows
}

// stages returns objectives of one indicator in every stage.
func stages() []slo.Objective {
	paging := objective("99.9%")
	paging.Name, paging.Tier = "monthly", "1"
	observed := objective("99%")
	observed.Name, observed.Window, observed.Tier, observed.Stage = "weekly", slo.MustParseWindow("7d"), "2", slo.StageObserve
	measured := objective("99.99%")
	measured.Name, measured.Stage = "measured", slo.StageMeasure
	return []slo.Objective{paging, observed, measured}
}

// equalWindows returns an objective whose alerts differ by their severities and
// short windows only.
func equalWindows() slo.Objective {
	o := objective("99.9%")
	o.Alerts.Rules = []slo.Alert{
		{Severity: slo.SeverityPage, Budget: slo.MustParseShare("5%"), Long: 6 * time.Hour, Short: 30 * time.Minute},
		{Severity: slo.SeverityPage, Budget: slo.MustParseShare("8%"), Long: 6 * time.Hour, Short: 2 * time.Hour},
		{Severity: slo.SeverityTicket, Budget: slo.MustParseShare("2%"), Long: 6 * time.Hour, Short: 30 * time.Minute},
	}
	return o
}

// good returns a criterion that suits a kind.
func good(kind sli.Kind) sli.Condition {
	if kind == sli.KindThroughput {
		return sli.Condition{Rate: sli.Rate{Items: 1000, Per: time.Second}}
	}
	return sli.Condition{Within: time.Second}
}
