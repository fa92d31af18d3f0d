package main

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/slo/promrules"
)

// ruleFlags are the flags of the commands that make rules.
type ruleFlags struct {
	promrules.Options
	year uint16
	// These decide how rules and their tests are split.
	ruler    ruler
	maxRules int
	// rulesFile is for tests.
	rulesFile string
	// The others are for rules.
	pass     countValue
	tenants  []string
	partial  bool
	manifest promrules.Manifest
}

// ruler is a system that reads rules.
type ruler string

const (
	prometheus ruler = "prometheus"
	operator   ruler = "operator"
	mimir      ruler = "mimir"
	thanos     ruler = "thanos"
)

// mimirRules is Mimir's default maximum of the rules in a group.
const mimirRules = 20

func (p *program) rulesCommand() *cobra.Command {
	f := new(ruleFlags)
	g := &generator{program: p, noun: "rules", suffix: ".rules.yaml"}
	cmd := f.command(g, f.encode, &cobra.Command{
		Use:   "rules FILE…",
		Short: "Make the rules by which Prometheus computes budgets and alerts",
		Example: examples(
			"sligo generate rules slo.yaml --out rules.yaml",
			"sligo generate rules slo/ --out rules/ --dialect prom3",
			"sligo generate rules slo.yaml --for operator --label release=prometheus | kubectl apply --server-side -f -",
		),
		Long: `The rules are for a rule file of Prometheus, the Prometheus Operator, Mimir or
Thanos. docs/rules.md is the contract of their series and alerts.`,
	})
	f.splitFlags(cmd)
	flags := cmd.Flags()
	flags.Var(named{&f.pass, "N"}, "pass", "only the rules of this pass of a backfill, from 1")
	flags.StringVar(&f.manifest.Name, "name", "", "name of the PrometheusRule (default the service)")
	flags.StringVar(&f.manifest.Namespace, "namespace", "", "namespace of the PrometheusRule or in Mimir (default in Mimir the service)")
	flags.StringToStringVar(&f.manifest.Labels, "label", nil, "label of the PrometheusRule, such as release=prometheus")
	flags.StringSliceVar(&f.tenants, "source-tenant", nil, "tenant whose series Mimir reads")
	flags.BoolVar(&f.partial, "partial-response", false, "let Thanos count without the stores that do not answer")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error { return f.ruler.checkFlags(cmd) }
	return cmd
}

// splitFlags adds the flags that decide how the rules are split.
func (f *ruleFlags) splitFlags(cmd *cobra.Command) {
	choiceFlag(cmd, &f.ruler, "for", "", "SYSTEM", "system that reads the rules", prometheus, operator, mimir, thanos)
	cmd.Flags().IntVar(&f.maxRules, "max-rules", 0, "maximum of rules in a group (default 20 for mimir, otherwise no limit)")
}

// rulersOf has the systems that a flag is for. The other flags are for all
// systems.
var rulersOf = map[string][]ruler{
	"pass":             {prometheus},
	"name":             {operator},
	"namespace":        {operator, mimir},
	"label":            {operator},
	"source-tenant":    {mimir},
	"partial-response": {thanos},
}

// checkFlags reports the flags on the command line that are for other systems.
// The rules would ignore them.
func (r ruler) checkFlags(cmd *cobra.Command) error {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(rulersOf)) {
		if rulers := rulersOf[name]; cmd.Flags().Changed(name) && !slices.Contains(rulers, r) {
			wrong = append(wrong, fmt.Sprintf("--%s needs --for %s", name, list(rulers)))
		}
	}
	if wrong != nil {
		return usageErrorf("%s", strings.Join(wrong, "\n"))
	}
	return nil
}

func (p *program) testsCommand() *cobra.Command {
	f := new(ruleFlags)
	g := &generator{program: p, noun: "tests", suffix: ".rules.test.yaml"}
	cmd := f.command(g, f.tests, &cobra.Command{
		Use:   "tests FILE…",
		Short: "Make unit tests of the rules for promtool",
		Example: examples(
			"sligo generate tests slo.yaml --rules-file rules.yaml --out rules.test.yaml",
			"sligo generate tests slo/ --out rules/",
			"sligo generate tests slo.yaml --dialect prom3 --max-rules 20 --rules-file rules.yaml",
		),
		Long: `Every alert fires and resolves in the tests. The flags must be those of the rules.`,
	})
	f.splitFlags(cmd)
	cmd.Flags().StringVar(&f.rulesFile, "rules-file", "", "name of the rules, relative to the tests (default NAME.rules.yaml)")
	return cmd
}

func (p *program) inhibitCommand() *cobra.Command {
	g := &generator{program: p, noun: "inhibit", suffix: ".inhibit.yaml"}
	return new(ruleFlags).command(g, inhibit, &cobra.Command{
		Use:   "inhibit FILE…",
		Short: "Make the inhibit rules for Alertmanager",
		Example: examples(
			"sligo generate inhibit slo.yaml",
			"sligo generate inhibit slo/ --out inhibit.yaml",
			"sligo generate inhibit slo/ --out inhibit.yaml --check",
		),
		Long: `With these rules one incident notifies once: a page mutes the tickets of its
objective, the alerts of objectives that depend on it, and the burn-rate alerts
of later objectives of its indicator and owner.`,
	})
}

// command makes cmd read files of objectives and write a document of their
// rules. Errors of the document are about flags.
func (f *ruleFlags) command(g *generator, document func(*promrules.Rules, unit) ([]byte, error), cmd *cobra.Command) *cobra.Command {
	g.unsupported = unsupportedByRules
	g.render = func(u unit) ([]byte, error) {
		rules, err := f.rules(u)
		if err != nil {
			return nil, optionErrors(err)
		}
		data, err := document(rules, u)
		return data, optionErrors(err)
	}
	g.command(cmd)
	flags := cmd.Flags()
	choiceFlag(cmd, &f.Dialect, "dialect", "", "DIALECT", "version of Prometheus", promrules.DialectProm2, promrules.DialectProm3)
	flags.StringVar(&f.Dashboard, "dashboard", "", "URL for alerts, with {service}, {sli} and {slo}")
	flags.DurationVar(&f.ScrapeInterval, "scrape-interval", 30*time.Second, "time between two scrapes of a target")
	flags.DurationVar(&f.QueryOffset, "query-offset", 0, "age of the newest samples that rules of prom3 read (default 5s)")
	flags.Uint16Var(&f.year, "zones-from", 0, "first of ten years with known time zones (default this year)")
	flags.IntVar(&f.Scale, "scale", 1, "divisor of every duration, for tests and demonstrations")
	return cmd
}

// rules returns the rules of a unit, split for the chosen system. The files of
// the unit have the same matchers and the same policy.
func (f *ruleFlags) rules(u unit) (*promrules.Rules, error) {
	o := f.Options
	if f.year != 0 {
		o.ZonesFrom = time.Date(int(f.year), time.July, 1, 0, 0, 0, 0, time.UTC)
	}
	o.Matchers, o.Policy = u.definitions[0].Matchers, u.definitions[0].Policy
	rules, err := promrules.Generate(u.objectives, &o)
	most := f.maxRules
	if most == 0 && f.ruler == mimir {
		most = mimirRules
	}
	if err != nil || most == 0 {
		return rules, err
	}
	return rules.Split(most)
}

// encode writes the rules for the chosen system.
func (f *ruleFlags) encode(rules *promrules.Rules, u unit) ([]byte, error) {
	if f.pass.set {
		passes := rules.Passes()
		if f.pass.n < 1 || f.pass.n > uint64(len(passes)) {
			return nil, usageErrorf("--pass %d: want 1 to %d", f.pass.n, len(passes))
		}
		rules = passes[f.pass.n-1]
	}
	switch f.ruler {
	case operator:
		m := f.manifest
		m.Name = cmp.Or(m.Name, objectName(u))
		return rules.Operator(m)
	case mimir:
		return rules.Mimir(cmp.Or(f.manifest.Namespace, objectName(u)), f.tenants...)
	case thanos:
		return rules.Thanos(f.partial), nil
	}
	return rules.YAML(), nil
}

// tests returns the tests of the rules.
func (f *ruleFlags) tests(rules *promrules.Rules, u unit) ([]byte, error) {
	return rules.Tests(cmp.Or(f.rulesFile, path.Base(filepath.ToSlash(u.name))+".rules.yaml")), nil
}

func inhibit(rules *promrules.Rules, _ unit) ([]byte, error) { return rules.Inhibit(), nil }

// objectName returns the name of the service, or "sligo" if there are several.
func objectName(u unit) string {
	if services := u.services(); len(services) == 1 {
		return kubernetesName(services[0])
	}
	return "sligo"
}

// kubernetesName returns the name of a service as Kubernetes allows it.
func kubernetesName(service string) string {
	return strings.ReplaceAll(strings.ToLower(service), "_", "-")
}
