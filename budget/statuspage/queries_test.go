package statuspage_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

var (
	queryTexts   = regexp.MustCompile(`(?s)<pre[^>]*><code>(.*?)</code></pre>`)
	seriesInText = regexp.MustCompile(`([a-z_]+:[a-z0-9_:]+)\{([^}]*)\}`)
)

// queriesOf returns the queries on the sheet of an objective, and its text.
func queriesOf(t *testing.T, o slo.Objective) (queries []string, text string) {
	t.Helper()
	r := reading(shopPromises[:1])
	r.Objectives[0].Objective = o
	page := open(t, source(r), statuspage.Options{Lang: "en"})
	text = get(t, page, "/"+o.Indicator.Service+"/"+o.SLO()).Body.String()
	for _, m := range queryTexts.FindAllStringSubmatch(text, -1) {
		queries = append(queries, html.UnescapeString(m[1]))
	}
	return queries, text
}

// TestQueries checks that the rules record each series that a sheet names, with
// its labels.
func TestQueries(t *testing.T) {
	for window, want := range map[string][]string{
		"30d":     {"slo:good:increase30d", "slo:valid:increase30d", "slo:budget_spent:ratio", "sli:good:increase1h", "sli:valid:increase1h", "slo:release_state"},
		"7d":      {"slo:good:increase7d", "slo:valid:increase7d", "slo:budget_spent:ratio", "sli:good:increase1h", "sli:valid:increase1h", "slo:release_state"},
		"1h":      {"sli:good:increase1h", "sli:valid:increase1h", "slo:budget_spent:ratio", "slo:release_state"},
		"month":   {"slo:good:month", "slo:valid:month", "slo:budget_spent:ratio", "sli:good:increase1h", "sli:valid:increase1h", "slo:release_state"},
		"quarter": {"slo:good:quarter", "slo:valid:quarter", "slo:budget_spent:ratio", "sli:good:increase1h", "sli:valid:increase1h", "slo:release_state"},
	} {
		o := reading(shopPromises[:1]).Objectives[0].Objective
		o.Window, o.Name = slo.MustParseWindow(window), "promise"
		o.Alerts = slo.AlertPolicy{Disabled: true}
		rules, err := promrules.Generate([]slo.Objective{o}, nil)
		if err != nil {
			t.Fatalf("%s: %v", window, err)
		}
		recorded := map[string]map[string]string{}
		for _, g := range rules.Groups {
			for _, r := range g.Rules {
				recorded[r.Record] = r.Labels
			}
		}
		queries, _ := queriesOf(t, o)
		var got []string
		for _, m := range seriesInText.FindAllStringSubmatch(strings.Join(queries, "\n"), -1) {
			name, labels := m[1], m[2]
			if !slices.Contains(got, name) {
				got = append(got, name)
			}
			wantLabels := `sli_service="` + o.Indicator.Service + `",sli="` + o.Indicator.Name + `"`
			if strings.HasPrefix(name, "slo:") {
				wantLabels += `,slo="promise"`
			}
			if _, ok := recorded[name]; !ok || labels != wantLabels {
				t.Errorf("%s: %s{%s}: recorded is %v, want the labels %s", window, name, labels, ok, wantLabels)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", window, got, want)
		}
		if raw := strings.Join(queries, "\n"); !strings.Contains(raw, "sli_good_events_total{") {
			t.Errorf("%s: no query of the counters: %s", window, raw)
		}
	}
}

// TestNoQueries checks that a sheet says for which objectives the rules have no
// series, as the rules do.
func TestNoQueries(t *testing.T) {
	sliced := reading(shopPromises[:1]).Objectives[0].Objective
	sliced.Slices = slo.Slices{Length: time.Minute}
	zone := reading(shopPromises[:1]).Objectives[0].Objective
	zone.Window = slo.MustParseWindow("month Asia/Kolkata")
	for _, test := range []struct {
		objective slo.Objective
		text      string
		queries   int
	}{
		{sliced, "There is no PromQL for slices of time: the rules judge events one by one.", 0},
		{zone, "There are no rules for this window: they need a time zone with full hours.", 1},
	} {
		if _, err := promrules.Generate([]slo.Objective{test.objective}, nil); err == nil {
			t.Errorf("%v: the rules know it", test.objective)
		}
		queries, text := queriesOf(t, test.objective)
		if !strings.Contains(text, test.text) || len(queries) != test.queries || strings.Contains(strings.Join(queries, ""), "slo:") {
			t.Errorf("%v: %d queries: %q", test.objective, len(queries), queries)
		}
	}
}
