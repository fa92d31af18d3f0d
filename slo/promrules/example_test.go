package promrules_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// availability is the objective of the online shop: 99.95 % of the calls of a
// profile are answered with 2xx, 3xx or 4xx.
var availability = slo.Objective{
	Indicator: sli.Indicator{
		Service: "users", Name: "availability", Kind: sli.KindAvailability,
		Requests: []string{"GET /users/{userid}"},
		Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	},
	Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
	Owner: "users-team", Tier: "1", Runbook: "https://example.com/runbooks/users",
}

func ExampleGenerate() {
	rules, err := promrules.Generate([]slo.Objective{availability}, &promrules.Options{
		Matchers: []string{`env="prod"`},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, group := range rules.Groups {
		fmt.Println(group.Name, "every", group.Interval)
		for _, rule := range group.Rules {
			if rule.Alert != "" {
				fmt.Println("-", rule.Labels["severity"], rule.Alert)
			}
		}
	}
	fmt.Println(rules.Groups[0].Rules[0].Record)
	fmt.Println(rules.Groups[0].Rules[0].Expr)
	// Output:
	// sligo:users:availability every 1m0s
	// - page SloErrorBudgetBurn
	// - page SloErrorBudgetBurn
	// - ticket SloErrorBudgetBurn
	// - ticket SloErrorBudgetSpent
	// - ticket SloNoTraffic
	// - ticket SloNoSeries
	// - page SloClientsLeaving
	// - page SloOverdueRequests
	// sligo:users:availability:day every 1h0m0s
	// sli:good:increase5m
	// sum by (sli_service, sli) (increase(sli_good_events_total{sli_service="users",sli="availability",env="prod"}[5m] offset 5s))
}

// An alert that could never fire is an error.
func ExampleGenerate_errors() {
	o := availability
	o.Alerts.Rules = []slo.Alert{{
		Severity: slo.SeverityPage, Budget: slo.MustParseShare("2%"), Long: 10 * time.Minute,
	}}
	_, err := promrules.Generate([]slo.Objective{o}, &promrules.Options{
		Dialect: "prom1", Matchers: []string{"env=prod"},
	})
	fmt.Println(err)
	// Output:
	// Options.Dialect: unknown dialect "prom1": want one of "prom2", "prom3"
	// Options.Matchers[0]: invalid matcher "env=prod": want a label, one of = != =~ !~, and a quoted value without spaces between them, such as env="prod"
	// objectives[0].Alerts.Rules[0].Short: invalid window 50s: want at least 2m, which is 4 scrapes, or the alert cannot fire
}

func ExampleRules_YAML() {
	rules, err := promrules.Generate([]slo.Objective{availability}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	first, _, _ := strings.Cut(string(rules.YAML()), "\n  - record: sli:valid:increase5m")
	fmt.Println(first)
	// Output:
	// groups:
	// - name: "sligo:users:availability"
	//   interval: 1m
	//   rules:
	//   - record: sli:good:increase5m
	//     expr: |-
	//       sum by (sli_service, sli) (increase(sli_good_events_total{sli_service="users",sli="availability"}[5m] offset 5s))
	//     labels:
	//       sli: "availability"
	//       sli_service: "users"
}

// Each alert has a test in which it fires and resolves. The tests need the name
// of the rule file.
func ExampleRules_Tests() {
	rules, err := promrules.Generate([]slo.Objective{availability}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(string(rules.Tests("rules.yml"))) {
		if strings.HasPrefix(line, "-") {
			fmt.Print(line)
		}
	}
	// Output:
	// - "rules.yml"
	// - name: "users/availability burns its budget in 3d, and then has no traffic"
	// - name: "users/availability has no series"
	// - name: "the clients of users/availability leave in an outage"
	// - name: "users/availability spends its budget"
	// - name: "users/availability burns its budget in 6h"
	// - name: "users/availability burns its budget in 1h"
	// - name: "the clients of users/availability leave"
	// - name: "requests of users/availability hang"
}

// The objectives of the shop fail with the database. Only the database's page
// notifies.
func ExampleRules_Inhibit() {
	database := availability
	database.Indicator.Service = "database"
	dependent := availability
	dependent.DependsOn = []string{"database/availability"}
	rules, err := promrules.Generate([]slo.Objective{dependent, database}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	text := string(rules.Inhibit())
	fmt.Print(text[strings.LastIndex(text, "- source_matchers"):])
	// Output:
	// - source_matchers:
	//   - "alertname=~\"Slo.+\""
	//   - "sli_service=\"database\""
	//   - "slo=\"availability\""
	//   - "severity=\"page\""
	//   target_matchers:
	//   - "alertname=~\"Slo.+\""
	//   - "sli_service=\"users\""
	//   - "slo=\"availability\""
	//   equal: []
}

func ExampleRules_Operator() {
	rules, err := promrules.Generate([]slo.Objective{availability}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	manifest, err := rules.Operator(promrules.Manifest{
		Name: "users", Namespace: "shop", Labels: map[string]string{"release": "prometheus"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	head, _, _ := strings.Cut(string(manifest), "    interval:")
	fmt.Print(head)
	// Output:
	// apiVersion: monitoring.coreos.com/v1
	// kind: PrometheusRule
	// metadata:
	//   name: "users"
	//   namespace: "shop"
	//   labels:
	//     release: "prometheus"
	// spec:
	//   groups:
	//   - name: "sligo:users:availability"
}

func ExampleMonitor_Operator() {
	monitor, err := promrules.Monitor{
		Manifest: promrules.Manifest{Name: "users", Labels: map[string]string{"release": "prometheus"}},
		Selector: map[string]string{"app": "users"}, Port: "metrics",
	}.Operator()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(monitor))
	// Output:
	// apiVersion: monitoring.coreos.com/v1
	// kind: ServiceMonitor
	// metadata:
	//   name: "users"
	//   labels:
	//     release: "prometheus"
	// spec:
	//   selector:
	//     matchLabels:
	//       app: "users"
	//   endpoints:
	//   - port: "metrics"
	//     path: "/metrics"
	//     interval: 30s
}

// A ruler of Mimir takes 20 rules in a group.
func ExampleRules_Split() {
	rules, err := promrules.Generate([]slo.Objective{availability}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	split, err := rules.Split(20)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, group := range split.Groups {
		fmt.Println(group.Name, len(group.Rules))
	}
	file, err := split.Mimir("slo", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	head, _, _ := strings.Cut(string(file), "  rules:")
	fmt.Print(head)
	// Output:
	// sligo:users:availability:1 19
	// sligo:users:availability:2 18
	// sligo:users:availability:day 2
	// namespace: "slo"
	// groups:
	// - name: "sligo:users:availability:1:sources"
	//   interval: 1m
	//   source_tenants: ["shop"]
}
