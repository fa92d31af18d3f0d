package promrules

import (
	"path"
	"slices"
	"strings"
	"time"
)

// testInterval is the time between two evaluations in the tests. Promtool takes
// it for every group. It is shorter than the five minutes for which an instant
// finds the last sample, and a quarter of the work of every minute.
const testInterval = 4 * time.Minute

// Tests returns unit tests of the rules for "promtool test rules". Each alert
// fires and resolves in one of them. The parameter is the name of the rule file
// that YAML fills, relative to the file of the tests. Promtool evaluates groups
// in any order, so the tests of rules that are split name the order of the
// parts: split the rules in the same way for both files.
func (r *Rules) Tests(ruleFile string) []byte {
	var w writer
	w.line(0, "rule_files:")
	w.line(0, "- %s", quote(path.Clean(ruleFile)))
	if len(r.indicators) == 0 {
		return w.Bytes()
	}
	s := r.indicators[0].scale
	w.line(0, "evaluation_interval: %s", s.text(testInterval))
	if r.split {
		w.line(0, "group_eval_order:")
		for _, g := range r.inOrder() {
			w.line(0, "- %s", quote(g.Name))
		}
	}
	w.line(0, "tests:")
	for _, t := range inParallel(r.indicators) {
		t.write(&w, s)
	}
	return w.Bytes()
}

// inOrder returns the groups in an order in which each reads the samples that
// others have just recorded. Groups that read only raw series come first.
// Promtool also begins with groups that have no place in the order, such as the
// groups of source tenants.
func (r *Rules) inOrder() []Group {
	var first, others []Group
	for _, g := range r.Groups {
		if slices.ContainsFunc(g.Rules, func(rule Rule) bool { return !rawSeries.MatchString(rule.Expr) }) {
			others = append(others, g)
		} else {
			first = append(first, g)
		}
	}
	return append(first, others...)
}

// inParallel returns tests that each tell one story of every indicator, long
// stories together. Promtool evaluates all rules of the file in each test, so
// that a test of its own for each story would take quadratic time.
func inParallel(indicators []*indicator) []test {
	var all []test
	for _, n := range indicators {
		stories := n.stories()
		slices.SortStableFunc(stories, func(a, b *story) int { return b.minutes - a.minutes })
		for i, s := range stories {
			if i == len(all) {
				all = append(all, test{})
			}
			all[i].name = strings.TrimPrefix(all[i].name+"; "+s.name, "; ")
			all[i].series = append(all[i].series, s.series()...)
			all[i].checks = append(all[i].checks, s.checks...)
		}
	}
	return all
}

// A test tells one story of each indicator.
type test struct {
	name   string
	series []testSeries
	checks []expectation
}

func (t test) write(w *writer, s scale) {
	w.line(0, "- name: %s", quote(t.name))
	w.line(0, "  interval: %s", s.text(interval))
	w.line(0, "  input_series:")
	for _, series := range t.series {
		w.line(0, "  - series: %s", quote(series.selector))
		w.line(0, "    values: %s", quote(series.values))
	}
	w.line(0, "  promql_expr_test:")
	for _, c := range t.checks {
		w.line(0, "  - expr: %s", quote(c.expr))
		w.line(0, "    eval_time: %s", s.text(time.Duration(c.minute)*interval))
		if c.sample == "" {
			w.line(0, "    exp_samples: []")
			continue
		}
		w.line(0, "    exp_samples:")
		w.line(0, "    - labels: %s", quote(c.sample))
		w.line(0, "      value: %d", c.value)
	}
}
