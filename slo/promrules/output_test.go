package promrules_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// A ruleFile is the common form of all outputs.
type ruleFile struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct {
		Name, Namespace string
		Labels          map[string]string
	}
	Namespace string
	Groups    []ruleGroup
	Spec      struct{ Groups []ruleGroup }
}

type ruleGroup struct {
	Name            string
	Interval        string
	QueryOffset     string   `yaml:"query_offset"`
	SourceTenants   []string `yaml:"source_tenants"`
	PartialResponse string   `yaml:"partial_response_strategy"`
	Rules           []map[string]any
}

func parse(t *testing.T, text []byte) ruleFile {
	t.Helper()
	var f ruleFile
	if err := yaml.Unmarshal(text, &f); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return f
}

// TestHostileTexts reads back labels with every kind of character.
func TestHostileTexts(t *testing.T) {
	hostile := "\x00\a\n\r\t \"'`\\ {{ $value }} {{{{ %d #: - &*!|>%@ \u007f\u0085\u00a0\u2028\ufeff\ufffe\U0001F600 ü"
	o := availability
	o.Labels = map[string]string{"squad": hostile, "yes": "no", "n": "~"}
	o.Description = hostile
	matcher := "env=" + fmt.Sprintf("%q", hostile)
	f := parse(t, generate(t, &promrules.Options{Matchers: []string{matcher}}, o).YAML())
	escaped := strings.ReplaceAll(hostile, "{{", "{{`{{`}}")
	checked := 0
	for _, rule := range f.Groups[0].Rules {
		labels := rule["labels"].(map[string]any)
		want := hostile
		if rule["alert"] != nil {
			want = escaped
			if labels["squad"] != want || labels["yes"] != "no" || labels["n"] != "~" {
				t.Errorf("%v: got labels %q", rule["alert"], labels)
			}
			checked++
		}
		if labels["env"] != want {
			t.Errorf("%v: got env %q, want %q", rule["record"], labels["env"], want)
		}
	}
	if checked == 0 {
		t.Error("no alert was checked")
	}
}

func TestOperator(t *testing.T) {
	r := generate(t, &promrules.Options{Dialect: promrules.DialectProm3}, availability)
	text, err := r.Operator(promrules.Manifest{Name: "users", Namespace: "shop", Labels: map[string]string{"app.kubernetes.io/name": "users"}})
	if err != nil {
		t.Fatal(err)
	}
	got, plain := parse(t, text), parse(t, r.YAML())
	if diff := cmp.Diff(plain.Groups, got.Spec.Groups); diff != "" || len(plain.Groups) != 2 {
		t.Errorf("%d groups (-rule file +manifest):\n%s", len(plain.Groups), diff)
	}
	if got.APIVersion != "monitoring.coreos.com/v1" || got.Kind != "PrometheusRule" || got.Metadata.Name != "users" ||
		got.Metadata.Namespace != "shop" || got.Metadata.Labels["app.kubernetes.io/name"] != "users" {
		t.Errorf("got %s %s %+v", got.APIVersion, got.Kind, got.Metadata)
	}
	if got.Spec.Groups[0].QueryOffset != "5s" {
		t.Errorf("got query_offset %q", got.Spec.Groups[0].QueryOffset)
	}
}

func TestManifestErrors(t *testing.T) {
	r := generate(t, nil, availability)
	for name, m := range map[string]promrules.Manifest{
		"Name: required":                {},
		`Name: invalid name "Users"`:    {Name: "Users"},
		`Name: invalid name "a\nb"`:     {Name: "a\nb"},
		`Namespace: invalid name "a.b"`: {Name: "a", Namespace: "a.b"},
		`Labels["a/b/c"]: invalid`:      {Name: "a", Labels: map[string]string{"a/b/c": "x"}},
		`Labels["/b"]: required`:        {Name: "a", Labels: map[string]string{"/b": "x"}},
		`Labels["b"]: invalid name "{"`: {Name: "a", Labels: map[string]string{"b": "{"}},
	} {
		if text, err := r.Operator(m); err == nil || text != nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
	_, err := promrules.Monitor{Path: "x", Interval: time.Hour}.Operator()
	want := []string{"Name: required", "Selector: required", "Port: required", "Path: invalid", "Interval: invalid"}
	if err == nil {
		t.Fatal("the zero Monitor is accepted")
	}
	lines := strings.Split(err.Error(), "\n")
	for i, prefix := range want {
		if i >= len(lines) || !strings.HasPrefix(lines[i], prefix) {
			t.Errorf("got %q, want %s", lines, prefix)
		}
	}
}

// TestSplit checks that parts keep the order and the pairs of rules.
func TestSplit(t *testing.T) {
	r := generate(t, nil, availability, calendar("month"))
	for _, most := range []int{2, 3, 7, 20, 1000} {
		split, err := r.Split(most)
		if err != nil {
			t.Fatal(err)
		}
		var before, after []promrules.Rule
		names := make(map[string]bool)
		for _, g := range r.Groups {
			before = append(before, g.Rules...)
		}
		for _, g := range split.Groups {
			if len(g.Rules) > most || len(g.Rules) == 0 || names[g.Name] {
				t.Errorf("at most %d: group %s has %d rules", most, g.Name, len(g.Rules))
			}
			names[g.Name] = true
			after = append(after, g.Rules...)
			if last := g.Rules[len(g.Rules)-1].Record; strings.Contains(last, ":good:") {
				t.Errorf("at most %d: group %s ends with %s, without its pair", most, g.Name, last)
			}
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("at most %d: the rules changed:\n%s", most, diff)
		}
	}
	if _, err := r.Split(1); err == nil {
		t.Error("groups of one rule are accepted")
	}
}

func TestMimir(t *testing.T) {
	r := generate(t, nil, availability)
	text, err := r.Mimir("slo", "shop", "users-2")
	if err != nil {
		t.Fatal(err)
	}
	f := parse(t, text)
	var names []string
	rules := 0
	for _, g := range f.Groups {
		names = append(names, g.Name)
		rules += len(g.Rules)
		checkSources(t, g, []string{"shop", "users-2"})
	}
	want := []string{"sligo:users:availability:sources", "sligo:users:availability", "sligo:users:availability:day:sources"}
	if f.Namespace != "slo" || !slices.Equal(names, want) || rules != len(r.Groups[0].Rules)+len(r.Groups[1].Rules) {
		t.Errorf("got namespace %q, groups %q, %d rules", f.Namespace, names, rules)
	}
	_, err = r.Mimir("", "a|b", "", "..")
	want = []string{"namespace: invalid", "sourceTenants[0]: invalid", "sourceTenants[1]: name is empty", "sourceTenants[2]: invalid"}
	for i, line := range strings.Split(fmt.Sprint(err), "\n") {
		if !strings.HasPrefix(line, want[min(i, len(want)-1)]) {
			t.Errorf("got %s", line)
		}
	}
}

// TestGroupsOfMimir compares docs/rules.md with the number of groups of an
// indicator, in parts of 20 rules. Mimir limits the groups of a tenant.
func TestGroupsOfMimir(t *testing.T) {
	page, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"has 3 groups", "hold 23 such", "there are 5 groups", "hold 14 indicators"} {
		if !strings.Contains(string(page), words) {
			t.Errorf("no %q in the document", words)
		}
	}
	split, err := generate(t, nil, availability).Split(20)
	if err != nil {
		t.Fatal(err)
	}
	for groups, tenants := range map[int][]string{3: nil, 5: {"shop"}} {
		text, err := split.Mimir("slo", tenants...)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(parse(t, text).Groups); got != groups {
			t.Errorf("tenants %q: got %d groups, want %d as documented", tenants, got, groups)
		}
	}
}

// checkSources checks that a federated group reads no recorded series, and
// another group no counter: both would find nothing.
func checkSources(t *testing.T, g ruleGroup, tenants []string) {
	t.Helper()
	federated := len(g.SourceTenants) > 0
	if federated && !slices.Equal(g.SourceTenants, tenants) {
		t.Errorf("%s: got tenants %q, want %q", g.Name, g.SourceTenants, tenants)
	}
	for _, rule := range g.Rules {
		expr := rule["expr"].(string)
		recorded := strings.Contains(expr, "sli:") || strings.Contains(expr, "slo:") || strings.Contains(expr, "ALERTS{")
		if raw := strings.Contains(expr, "sli_") && strings.Contains(expr, "_events"); raw != federated && rule["record"] != "slo:info" || recorded && federated {
			t.Errorf("%s: federated %t, but got %v %v: %s", g.Name, federated, rule["record"], rule["alert"], expr)
		}
	}
}

func TestThanos(t *testing.T) {
	r := generate(t, nil, availability)
	for partial, want := range map[bool]string{false: "abort", true: "warn"} {
		for _, g := range parse(t, r.Thanos(partial)).Groups {
			if g.PartialResponse != want || len(g.Rules) == 0 {
				t.Errorf("%s: got %q, want %q", g.Name, g.PartialResponse, want)
			}
		}
	}
}

// TestInhibitOfDependencies checks that a chain of dependencies ends at its
// source, though the objectives between fire as well.
func TestInhibitOfDependencies(t *testing.T) {
	objective := func(service string, on ...string) slo.Objective {
		o := availability
		o.Indicator.Service, o.DependsOn = service, on
		return o
	}
	r := generate(t, &promrules.Options{Matchers: []string{`env="prod"`}},
		objective("shop", "orders/availability"), objective("orders", "db/availability", "queue/lag"), objective("db"))
	got := inhibitions(t, r)
	chain := func(source, target string) string {
		s, n, _ := strings.Cut(source, "/")
		return fmt.Sprintf(`[alertname=~"Slo.+" sli_service=%q slo=%q severity="page"] [alertname=~"Slo.+" sli_service=%q slo="availability"] [env]`, s, n, target)
	}
	want := []string{
		`[alertname=~"Slo.+" severity="page"] [alertname=~"Slo.+" severity="ticket"] [env sli sli_service slo]`,
		`[alertname="SloErrorBudgetBurn" severity="page" long="1h"] [alertname="SloErrorBudgetBurn" severity="page" long=~"6h"] [env sli sli_service slo]`,
		chain("db/availability", "orders"), chain("queue/lag", "orders"),
		chain("orders/availability", "shop"), chain("db/availability", "shop"), chain("queue/lag", "shop"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := string(generate(t, nil).Inhibit()); got != "inhibit_rules: []\n" {
		t.Errorf("without objectives: got %q", got)
	}
}

// TestInhibitOfOneIndicator checks that an earlier objective mutes the later
// ones of its indicator, and never another team's, and that nothing observed
// mutes. A pair that would close a cycle with a dependency is left out.
func TestInhibitOfOneIndicator(t *testing.T) {
	objective := func(name string, change func(*slo.Objective)) slo.Objective {
		o := availability
		o.Name = name
		if change != nil {
			change(&o)
		}
		return o
	}
	same := func(name string) slo.Objective { return objective(name, nil) }
	dependsOn := func(name, id string) slo.Objective {
		return objective(name, func(o *slo.Objective) { o.DependsOn = []string{id} })
	}
	front := dependsOn("", "users/b")
	front.Indicator.Service = "front"
	tickets := func(o *slo.Objective) {
		o.Alerts.Rules = []slo.Alert{{Severity: slo.SeverityTicket, Budget: slo.MustParseShare("10%"), Long: 72 * time.Hour, Short: 6 * time.Hour}}
	}
	for _, test := range []struct {
		name       string
		objectives []slo.Objective
		want       []string
	}{
		{"three", []slo.Objective{same("a"), same("b"), same("c")}, []string{"a b|c", "b c"}},
		{"dots", []slo.Objective{same("a"), same("b.1"), same("c")}, []string{`a b\.1|c`, "b.1 c"}},
		{"another team", []slo.Objective{same("a"), objective("b", func(o *slo.Objective) { o.Owner = "sales" }), same("c")}, []string{"a c"}},
		{"observed", []slo.Objective{objective("a", func(o *slo.Objective) { o.Stage = slo.StageObserve }), same("b")}, nil},
		{"observed later", []slo.Objective{same("a"), objective("b", func(o *slo.Objective) { o.Stage = slo.StageObserve })}, nil},
		{"measured", []slo.Objective{objective("a", func(o *slo.Objective) { o.Stage = slo.StageMeasure }), same("b")}, nil},
		{"disabled", []slo.Objective{same("a"), objective("b", func(o *slo.Objective) { o.Alerts.Disabled = true })}, nil},
		{"only tickets", []slo.Objective{objective("a", tickets), same("b")}, nil},
		{"the later one is the cause", []slo.Objective{dependsOn("a", "users/b"), same("b"), same("c")}, []string{"a c", "b c"}},
		{"a cycle through another service", []slo.Objective{dependsOn("a", "front/availability"), same("b"), front}, nil},
	} {
		var got []string
		for _, rule := range inhibitions(t, generate(t, &promrules.Options{Matchers: []string{`env="prod"`}}, test.objectives...)) {
			var source, target string
			_, err := fmt.Sscanf(strings.Replace(rule, "slo=~", "slo=", 1), `[alertname="SloErrorBudgetBurn" sli_service="users" slo=%q severity="page"]`+
				` [alertname="SloErrorBudgetBurn" sli_service="users" slo=%q] [env]`, &source, &target)
			if err == nil {
				got = append(got, source+" "+target)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// inhibitions returns the inhibit rules, each as a text.
func inhibitions(t *testing.T, r *promrules.Rules) []string {
	t.Helper()
	var parsed struct {
		Rules []struct {
			Source []string `yaml:"source_matchers"`
			Target []string `yaml:"target_matchers"`
			Equal  []string
		} `yaml:"inhibit_rules"`
	}
	if err := yaml.Unmarshal(r.Inhibit(), &parsed); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, rule := range parsed.Rules {
		got = append(got, fmt.Sprint(rule.Source, rule.Target, rule.Equal))
	}
	return got
}

// TestWordsOfWindows reads the texts of alerts as sentences.
func TestWordsOfWindows(t *testing.T) {
	for window, want := range map[string]string{
		"28d":                "users/availability (99.95% over 28d)",
		"month":              "users/availability (99.95% in each month)",
		"quarter Asia/Seoul": "users/availability (99.95% in each quarter, Asia/Seoul time)",
	} {
		o := availability
		o.Target, o.Window = slo.MustParseTarget("99.95%"), slo.MustParseWindow(window)
		found := 0
		for _, rule := range generate(t, nil, o).Groups[0].Rules {
			if strings.Contains(rule.Annotations["description"], want) {
				found++
			}
		}
		if found < 4 { // two pages, a ticket and the spent budget
			t.Errorf("%s: got %q in %d alerts", window, want, found)
		}
	}
}

// TestTextsOfCalendarWindows reads the texts of alerts that weigh 30 days of a
// longer window's budget. The rest of the whole budget lasts longer.
func TestTextsOfCalendarWindows(t *testing.T) {
	for window, want := range map[string][3]string{
		"30d":     {"2% of its error budget in 1h.", `, 0) * 300 / on`, "At the speed of the last 5m the rest is gone in"},
		"month":   {"2% of its error budget in 1h.", `, 0) * 300 / on`, "At the speed of the last 5m the rest is gone in"},
		"quarter": {"2% of its error budget of 30 days in 1h.", `, 0) * 300 * 91 / 30 / on`, "At the speed of the last 5m the rest of the quarter's budget is gone in"},
		"year":    {"2% of its error budget of 30 days in 1h.", `, 0) * 300 * 365 / 30 / on`, "At the speed of the last 5m the rest of the year's budget is gone in"},
	} {
		o := availability
		o.Window = slo.MustParseWindow(window)
		for _, rule := range generate(t, nil, o).Groups[0].Rules {
			if rule.Alert != "SloErrorBudgetBurn" || rule.Labels["long"] != "1h" {
				continue
			}
			text := rule.Annotations["summary"] + "\n" + rule.Annotations["description"]
			for _, part := range want {
				if !strings.Contains(text, part) {
					t.Errorf("%s: got %s, want %q", window, text, part)
				}
			}
		}
	}
}

// TestScaledCalendar checks that rules in scaled time compare the start of a
// window, which is not scaled, with the time of the calendar.
func TestScaledCalendar(t *testing.T) {
	found := all(generate(t, &promrules.Options{Scale: 60}, calendar("month")))
	i := slices.IndexFunc(found, func(r promrules.Rule) bool { return r.Record == "slo:release_state" })
	if want := "(time() * 60) - slo:window_start:seconds{"; i < 0 || !strings.Contains(found[i].Expr, want) {
		t.Errorf("rule %d of %d: want slo:release_state with %q", i, len(found), want)
	}
}

// TestTextsOfLastingPages renders the texts of a page that clients who leave
// keep alive when nothing burns, and of one that burns.
func TestTextsOfLastingPages(t *testing.T) {
	functions := template.FuncMap{
		"humanizePercentage": func(v float64) string { return fmt.Sprintf("%.4g%%", 100*v) },
		"humanizeDuration":   func(v float64) string { return fmt.Sprintf("%gs", v) },
		"query":              func(string) []float64 { return []float64{60} },
		"first":              func(v []float64) float64 { return v[0] },
		"value":              func(v float64) float64 { return v },
	}
	for _, rule := range generate(t, nil, availability).Groups[0].Rules {
		if rule.Alert != "SloErrorBudgetBurn" || rule.Labels["severity"] != "page" {
			continue
		}
		text := template.Must(template.New("").Funcs(functions).Parse("{{ $value := . }}" + rule.Annotations["description"]))
		for value, want := range map[float64]string{0: "The page stays while clients leave", 0.5: "the rest is gone in 60s."} {
			var b strings.Builder
			if err := text.Execute(&b, value); err != nil || !strings.Contains(b.String(), want) {
				t.Errorf("at %g: got %q, %v, want %q", value, b.String(), err, want)
			}
		}
	}
}

// TestTextOfOverdueRequests renders the text of a page on overdue requests. It
// names the targets that hang.
func TestTextOfOverdueRequests(t *testing.T) {
	type sample struct{ Labels map[string]string }
	functions := template.FuncMap{"query": func(text string) []sample {
		if !strings.HasPrefix(text, "topk(5, (min_over_time(sli_overdue_events{") {
			t.Errorf("the text queries %s", text)
		}
		return []sample{{map[string]string{"instance": "a:9464"}}, {map[string]string{"instance": "b:9464"}}}
	}}
	const want = "no valid event: 2. The worst: a:9464, b:9464. "
	if got := render(t, "SloOverdueRequests", functions, 2); !strings.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTextOfClientsLeaving checks that the text has a whole number of clients.
// Prometheus extrapolates, so that an increase is rarely one.
func TestTextOfClientsLeaving(t *testing.T) {
	const want = "In the last hour 12 clients of users/availability left"
	if got := render(t, "SloClientsLeaving", template.FuncMap{"humanize": fmt.Sprint}, 12.345); !strings.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// render returns the description of an alert of the objective availability for
// a value of its expression.
func render(t *testing.T, alert string, functions template.FuncMap, value float64) string {
	t.Helper()
	for _, rule := range generate(t, nil, availability).Groups[0].Rules {
		if rule.Alert != alert {
			continue
		}
		text := template.Must(template.New("").Funcs(functions).Parse("{{ $value := . }}" + rule.Annotations["description"]))
		var b strings.Builder
		if err := text.Execute(&b, value); err != nil {
			t.Error(err)
		}
		return b.String()
	}
	t.Fatalf("no alert %s", alert)
	return ""
}

// TestObjectSize compares docs/prometheus.md with the size of a PrometheusRule,
// without and with a matcher. Kubernetes and the Operator limit it.
func TestObjectSize(t *testing.T) {
	text, err := os.ReadFile("../../docs/prometheus.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "25 to 36 kB for each objective") {
		t.Fatal("no size of an objective in the document")
	}
	for _, matchers := range [][]string{nil, {`env="prod"`}} {
		object, err := generate(t, &promrules.Options{Matchers: matchers}, availability).Operator(promrules.Manifest{Name: "users"})
		if err != nil {
			t.Fatal(err)
		}
		if size := len(object); size < 25_000 || size > 36_000 {
			t.Errorf("with the matchers %v, an objective has %d bytes, and 25 to 36 kB are documented", matchers, size)
		}
	}
}
