package promrules

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

// A story is a test of one indicator, told minute by minute.
type story struct {
	*objective
	name    string
	minutes int // so far

	good, valid, left counterText
	target            []promtext.Matcher // labels of the exposing target
	more              []testSeries       // of other targets and metrics
	checks            []expectation
}

// A testSeries has the samples of one series, in the notation of promtool.
type testSeries struct{ selector, values string }

// An expectation is the value of an expression at a minute.
type expectation struct {
	minute int
	expr   string
	sample string // the name and labels, or empty if there is no sample
	value  int
}

// A traffic is a number of events in each minute.
type traffic struct{ valid, bad, left int64 }

func (w *objective) story(format string, args ...any) *story {
	return &story{objective: w, name: fmt.Sprintf(format, args...)}
}

// pass adds minutes with some traffic.
func (s *story) pass(minutes int, t traffic) {
	s.minutes += minutes
	s.valid.add(minutes, t.valid)
	s.good.add(minutes, t.valid-t.bad)
	s.left.add(minutes, t.left)
}

// vanish adds minutes without any series.
func (s *story) vanish(minutes int) {
	s.minutes += minutes
	for _, c := range []*counterText{&s.valid, &s.good, &s.left} {
		c.phases = append(c.phases, "stale", fmt.Sprintf("_x%d", minutes-1))
	}
}

// A counterText has the samples of a counter, one a minute after the first.
type counterText struct {
	value  int64
	phases []string
}

func (c *counterText) add(minutes int, rate int64) {
	if minutes > 0 {
		c.phases = append(c.phases, fmt.Sprintf("%d+%dx%d", c.value+rate, rate, minutes-1))
		c.value += rate * int64(minutes)
	}
}

func (c *counterText) String() string { return strings.Join(append([]string{"0"}, c.phases...), " ") }

// level adds minutes in which a gauge has a value.
func (c *counterText) level(minutes int, value float64) {
	c.phases = append(c.phases, fmt.Sprintf("%sx%d", strconv.FormatFloat(value, 'f', -1, 64), minutes-1))
}

// given adds a recorded series to a story without counters, with a value in
// each of some phases.
func (s *story) given(name string, labels map[string]string, phase int, values ...float64) {
	var c counterText
	for _, value := range values {
		c.level(phase, value)
	}
	s.more = append(s.more, testSeries{name + labelSet(labels), c.String()})
}

// series returns all series.
func (s *story) series() []testSeries {
	if len(s.valid.phases) == 0 {
		return s.more
	}
	leaving := append(slices.Clone(s.target), equals(promtext.LabelReason, "client_left"))
	return append([]testSeries{
		{s.example(promtext.MetricGoodEvents, s.target...), s.good.String()},
		{s.example(promtext.MetricValidEvents, s.target...), s.valid.String()},
		{s.example(promtext.MetricIgnoredEvents, leaving...), s.left.String()},
	}, s.more...)
}

// example returns a series that the selectors select.
func (n *indicator) example(metric string, more ...promtext.Matcher) string {
	labels := make(map[string]string)
	for _, m := range append(slices.Clone(n.matchers), more...) {
		labels[m.Label] = m.Example
	}
	return metric + labelSet(labels)
}

// labelSet returns labels in the notation of a series.
func labelSet(labels map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, name+"="+strconv.Quote(labels[name]))
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

// rule returns the alerting rule of the objective with some labels.
func (w *objective) rule(alert string, labels ...promtext.Matcher) Rule {
	labels = append(slices.Clone(labels), equals(promtext.LabelSLO, w.SLO()))
	i := slices.IndexFunc(w.rules, func(r Rule) bool {
		return r.Alert == alert && !slices.ContainsFunc(labels, func(m promtext.Matcher) bool { return r.Labels[m.Label] != m.Value })
	})
	return w.rules[i]
}

// burnRule returns the rule of an alert on the speed at which the budget burns.
func (w *objective) burnRule(a slo.Alert) Rule {
	return w.rule(promtext.AlertBurn, append(w.severity(a.Severity), w.windowLabels(a)...)...)
}

// burnLabels are the labels that tell the burn-rate alerts of an objective
// apart.
var burnLabels = []string{promtext.LabelSeverity, promtext.LabelIntended, promtext.LabelLong, promtext.LabelShort}

// expect checks whether an alert fires now.
func (s *story) expect(r Rule, firing bool) {
	labels := make(map[string]string)
	for label, value := range r.Labels {
		labels[label] = strings.ReplaceAll(value, "{{`{{`}}", "{{")
	}
	labels["alertname"], labels["alertstate"] = r.Alert, "firing"
	chosen := []promtext.Matcher{equals("alertname", r.Alert), equals("alertstate", "firing")}
	if r.Alert == promtext.AlertBurn {
		for _, label := range burnLabels {
			if value := r.Labels[label]; value != "" {
				chosen = append(chosen, equals(label, value))
			}
		}
	}
	check := expectation{minute: s.minutes, expr: "ALERTS" + selector(append(chosen, s.id...)...)}
	if firing {
		check.sample, check.value = "ALERTS"+labelSet(labels), 1
	}
	s.checks = append(s.checks, check)
}

// expectValue checks a recorded series of the objective now.
func (s *story) expectValue(name string, value int) {
	s.checks = append(s.checks, expectation{s.minutes, s.own(name), name + labelSet(s.labels), value})
}

func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }
