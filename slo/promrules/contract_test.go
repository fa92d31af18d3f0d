package promrules_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// TestContract compares docs/rules.md with the generated series and alerts.
func TestContract(t *testing.T) {
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	ticket := availability
	ticket.Name = "ticket"
	r := generate(t, &promrules.Options{Dialect: promrules.DialectProm2}, ticket,
		calendar("month"), calendar("quarter Asia/Seoul"), calendar("year Europe/London"))
	series, alerts := make(map[string]bool), make(map[string]bool)
	for _, g := range r.Groups {
		for _, rule := range g.Rules {
			if rule.Record != "" {
				series[general(rule.Record)] = true
				continue
			}
			row := strings.Join([]string{rule.Alert, rule.Labels["severity"], duration(rule.For), duration(rule.KeepFiringFor)}, " ")
			alerts[row] = true
		}
	}
	var documentedSeries, documentedAlerts []string
	for _, m := range regexp.MustCompile("(?m)^\\| `(sl[io]:[^`]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		documentedSeries = append(documentedSeries, m[1])
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `(Slo\\w+)` \\| `(\\w+)` \\| (\\w*) ?\\| (\\w*) ?\\|").FindAllStringSubmatch(string(text), -1) {
		documentedAlerts = append(documentedAlerts, strings.Join(m[1:], " "))
	}
	slices.Sort(documentedSeries)
	slices.Sort(documentedAlerts)
	if diff := cmp.Diff(documentedSeries, slices.Sorted(maps.Keys(series))); diff != "" {
		t.Errorf("series (-documented +generated):\n%s", diff)
	}
	if diff := cmp.Diff(documentedAlerts, slices.Sorted(maps.Keys(alerts))); diff != "" {
		t.Errorf("alerts (-documented +generated):\n%s", diff)
	}
}

// TestRawData compares the time for which docs/rules.md asks Prometheus to keep
// raw data with the age of the oldest sample that a rule reads. The last
// evaluation of a day is a day after its end.
func TestRawData(t *testing.T) {
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`must keep (\d+) hours of raw data`).FindSubmatch(text)
	if m == nil {
		t.Fatal("no hours of raw data in the document")
	}
	documented, err := time.ParseDuration(string(m[1]) + "h")
	if err != nil {
		t.Fatal(err)
	}
	var oldest time.Duration
	for _, g := range generate(t, nil, availability).Groups {
		for _, rule := range g.Rules {
			for _, m := range regexp.MustCompile(`_total\{[^}]*\}\[(\w+)\]`).FindAllStringSubmatch(rule.Expr, -1) {
				length, err := time.ParseDuration(m[1])
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(rule.Record, "sli:") && strings.HasSuffix(rule.Record, ":day") {
					length += 24 * time.Hour
				}
				oldest = max(oldest, length)
			}
		}
	}
	if want := oldest.Truncate(time.Hour) + time.Hour; documented != want {
		t.Errorf("%v of raw data are documented, and rules read %v", documented, oldest)
	}
}

var (
	window = regexp.MustCompile(`^(slo:\w+:increase)\d\w*$`)
	period = regexp.MustCompile(`^(slo:\w+:)(month|quarter|year)$`)
)

// general returns the name of a series as the document has it.
func general(name string) string {
	return period.ReplaceAllString(window.ReplaceAllString(name, "${1}WINDOW"), "${1}PERIOD")
}

func duration(d time.Duration) string {
	if d == 0 {
		return ""
	}
	text := strings.TrimSuffix(d.String(), "0s")
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// calendar returns the objective with a calendar window, which is also its
// name.
func calendar(window string) slo.Objective {
	o := availability
	o.Name = strings.NewReplacer(" ", "-", "/", "-").Replace(window)
	o.Window = slo.MustParseWindow(window)
	return o
}

func generate(t *testing.T, o *promrules.Options, objectives ...slo.Objective) *promrules.Rules {
	t.Helper()
	r, err := promrules.Generate(objectives, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestLabels checks that every rule carries the identity of its objective, so
// that no rule of two objectives has the same name and labels.
func TestLabels(t *testing.T) {
	latency := availability
	latency.Indicator.Name, latency.Indicator.Good.Within = "latency", time.Second
	r := generate(t, &promrules.Options{Matchers: []string{`env="prod"`, `cluster=~"eu-.*"`}}, availability, calendar("month"), latency)
	seen := make(map[string]bool)
	for _, g := range r.Groups {
		for _, rule := range g.Rules {
			id := []string{rule.Record + rule.Alert}
			for _, label := range slices.Sorted(maps.Keys(rule.Labels)) {
				id = append(id, label+"="+rule.Labels[label])
			}
			key := strings.Join(id, ",")
			if seen[key] {
				t.Errorf("duplicate rule %s", key)
			}
			seen[key] = true
			if rule.Labels["sli_service"] != "users" || rule.Labels["sli"] == "" || rule.Labels["env"] != "prod" || rule.Labels["cluster"] != "" {
				t.Errorf("%s: labels without identity", key)
			}
			ofObjective := strings.HasPrefix(rule.Record, "slo:") || rule.Alert != ""
			if got := rule.Labels["slo"] != ""; got != ofObjective {
				t.Errorf("%s: label slo is %q", key, rule.Labels["slo"])
			}
		}
	}
}
