package promrules

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

// Tests returns unit tests of the rules for "promtool test rules". Each alert
// fires and resolves in one of them. The parameter is the name of the rule file
// that YAML fills, relative to the file of the tests.
func (r *Rules) Tests(ruleFile string) []byte {
	var w writer
	w.line(0, "rule_files:")
	w.line(0, "- %s", quote(path.Clean(ruleFile)))
	if len(r.indicators) == 0 {
		return w.Bytes()
	}
	s := r.indicators[0].scale
	w.line(0, "evaluation_interval: %s", s.text(interval))
	w.line(0, "tests:")
	for _, t := range inParallel(r.indicators) {
		t.write(&w, s)
	}
	return w.Bytes()
}

// inParallel returns tests that each tell one story of every indicator, long
// stories together. Promtool evaluates all rules of the file in each test, so
// that a test of its own for each story would take quadratic time.
func inParallel(indicators []*indicator) []test {
	var all []test
	for _, n := range indicators {
		stories := n.tests()
		slices.SortStableFunc(stories, func(a, b test) int { return b.end() - a.end() })
		for i, t := range stories {
			if i == len(all) {
				all = append(all, test{})
			}
			all[i].name = strings.TrimPrefix(all[i].name+"; "+t.name, "; ")
			all[i].series = append(all[i].series, t.series...)
			all[i].alerts = append(all[i].alerts, t.alerts...)
		}
	}
	return all
}

// end returns the minute of the last check.
func (t test) end() int {
	last := 0
	for _, a := range t.alerts {
		last = max(last, a.minute)
	}
	return last
}

// A test is one story of an indicator, told minute by minute.
type test struct {
	name   string
	series []testSeries
	alerts []alertTest
}

// A testSeries has the samples of one series, in the notation of promtool.
type testSeries struct{ selector, values string }

// An alertTest says at which minute an alert fires.
type alertTest struct {
	minute int
	alert  string // the selector of its ALERTS
	firing bool
	labels map[string]string
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
	for _, a := range t.alerts {
		w.line(0, "  - expr: %s", quote(a.alert))
		w.line(0, "    eval_time: %s", s.text(time.Duration(a.minute)*interval))
		if !a.firing {
			w.line(0, "    exp_samples: []")
			continue
		}
		w.line(0, "    exp_samples:")
		w.line(0, "    - labels: %s", quote("ALERTS"+labelSet(a.labels)))
		w.line(0, "      value: 1")
	}
}

// labelSet returns labels in the notation of a series.
func labelSet(labels map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, name+"="+strconv.Quote(labels[name]))
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

// A phase is a span of minutes in which a counter has one rate per minute. A
// negative rate means that the series is absent.
type phase struct{ minutes, rate int }

const absent = -1

// counter returns the samples of a counter in phases.
func counter(phases ...phase) string {
	values := []string{"0"}
	value := 0
	for _, p := range phases {
		switch {
		case p.minutes == 0:
		case p.rate == absent:
			values = append(values, "stale", fmt.Sprintf("_x%d", p.minutes-1))
		default:
			value += p.rate
			values = append(values, fmt.Sprintf("%d+%dx%d", value, p.rate, p.minutes-1))
			value += p.rate * (p.minutes - 1)
		}
	}
	return strings.Join(values, " ")
}

// slack is how many minutes the levels and the alerts may lag behind.
const slack = 15

func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }

// usualRate is the traffic of the tests in events per minute. It is enough for
// every minimum of bad events in use.
func (w *objective) usualRate() int {
	return 600 * int(1+min(w.minBad, 1_000_000)/100)
}

// tests returns the tests of all alerts of an indicator and its objectives.
func (n *indicator) tests() []test {
	var tests []test
	for _, o := range n.objectives {
		if !alerting(o) {
			continue
		}
		w := n.newObjective(o)
		for _, a := range w.alerts {
			tests = append(tests, w.burnTest(a))
		}
		tests = append(tests, w.spentTest())
	}
	if w := n.reporter(); w != nil {
		tests = append(tests, w.trafficTest(), w.seriesTest(), w.leavingTest(), w.overdueTest())
	}
	return tests
}

// events returns the series of the two counters.
func (w *objective) series(good, valid string, more ...matcher) []testSeries {
	return []testSeries{
		{w.example(promtext.MetricGoodEvents, more...), good},
		{w.example(promtext.MetricValidEvents, more...), valid},
	}
}

// example returns a series that the selectors select.
func (w *objective) example(metric string, more ...matcher) string {
	labels := make(map[string]string)
	for _, m := range append(slices.Clone(w.matchers), more...) {
		labels[m.label] = m.example
	}
	return metric + labelSet(labels)
}

// rule returns the alerting rule with these labels.
func (w *objective) rule(alert string, labels map[string]string) Rule {
	i := slices.IndexFunc(w.rules, func(r Rule) bool {
		for label, value := range labels {
			if r.Labels[label] != value {
				return false
			}
		}
		return r.Alert == alert && r.Labels[promtext.LabelSLO] == w.SLO()
	})
	return w.rules[i]
}

// expect returns a check of an alert at a minute.
func (w *objective) expect(r Rule, minute int, firing bool) alertTest {
	labels := make(map[string]string)
	for label, value := range r.Labels {
		labels[label] = unescape(value)
	}
	labels["alertname"], labels["alertstate"] = r.Alert, "firing"
	chosen := []matcher{equals("alertname", r.Alert), equals("alertstate", "firing")}
	if long := r.Labels[promtext.LabelLong]; long != "" {
		chosen = append(chosen, equals(promtext.LabelLong, long))
	}
	return alertTest{minute, "ALERTS" + selector(append(chosen, w.id...)...), firing, labels}
}

func unescape(text string) string { return strings.ReplaceAll(text, "{{`{{`}}", "{{") }

// firesAndResolves returns the checks of an alert before, in and after an
// incident.
func (w *objective) firesAndResolves(r Rule, before, in, after int) []alertTest {
	return []alertTest{w.expect(r, before, false), w.expect(r, in, true), w.expect(r, after, false)}
}

// An outage is a time without a good event, after a time without a bad one.
type outage struct{ before, length int } // in minutes

// surge is the traffic during an outage in the tests, as a multiple of the
// usual: an alert that needs nearly all events of its window fires, too.
const surge = 4

// lost returns the share of the bad events that the budget of a window allows,
// which the outage has caused after some minutes. The budget of the window is
// scaled up from the time that is known.
func (o outage) lost(after, window, length int, budget float64) float64 {
	known := float64(o.before + after)
	events := float64(o.before + surge*after)
	whole := events / known * float64(length)
	return surge * float64(min(after, window)) / (budget * whole)
}

// burnTest has an outage that is long enough for the alert.
func (w *objective) burnTest(a slo.Alert) test {
	budget, _ := w.Target.Rat().Float64()
	share, _ := a.Budget.Rat().Float64()
	long, short, length := minutes(a.Long), minutes(a.Short), minutes(w.length)
	enough := func(o outage, after int) bool {
		return o.lost(after, long, length, 1-budget) > 1.2*share &&
			o.lost(after, short, length, 1-budget) > 1.2*share*float64(short)/float64(long)
	}
	o := outage{before: 2 * 60}
	for ; ; o.before += max(60, long/4) {
		for o.length = 1; o.length < long && !enough(o, o.length); {
			o.length++
		}
		if enough(o, o.length) {
			break
		}
	}
	o.length += slack
	r := w.rule(promtext.AlertBurn, map[string]string{promtext.LabelLong: scale(1).text(a.Long)})
	// The hour in which the outage began leaves the short window as a whole.
	after := o.before + o.length + short + minutes(keepTicket) + 60 + 3*slack
	rate := w.usualRate()
	return test{
		name: fmt.Sprintf("%s burns its budget in %s", w.ID(), scale(1).text(a.Long)),
		series: w.series(
			counter(phase{o.before, rate}, phase{o.length, 0}, phase{after - o.before - o.length, rate}),
			counter(phase{o.before, rate}, phase{o.length, surge * rate}, phase{after - o.before - o.length, rate})),
		alerts: w.firesAndResolves(r, o.before, o.before+o.length, after),
	}
}

// spentTest has an outage that spends the budget, and then so much traffic that
// the budget grows again.
func (w *objective) spentTest() test {
	target, _ := w.Target.Rat().Float64()
	length := minutes(w.length)
	if days := calendarDays(w.Window); days != 0 {
		length = minutes(days * day)
	}
	o := outage{before: 60}
	for o.length = 1; o.lost(o.length, length, length, 1-target) < 1.2; {
		o.length++
	}
	o.length += slack
	known := o.before + o.length
	rate := w.usualRate()
	recovery := rate * (surge*known/60 + 20)
	const recover = 2 * 60
	r := w.rule(promtext.AlertSpent, nil)
	after := known + recover + minutes(keepTicket) + 2*slack
	return test{
		name: w.ID() + " spends its budget",
		series: w.series(
			counter(phase{o.before, rate}, phase{o.length, 0}, phase{after - known, recovery}),
			counter(phase{o.before, rate}, phase{o.length, surge * rate}, phase{after - known, recovery})),
		alerts: w.firesAndResolves(r, o.before, known, after),
	}
}

func (w *objective) trafficTest() test {
	r := w.rule(promtext.AlertTraffic, nil)
	const quiet = 25 * 60 // the hour that ends here had events yesterday
	phases := counter(phase{quiet, 600}, phase{60 + slack, 0}, phase{3 * slack, 600})
	return test{
		name:   w.ID() + " has no traffic",
		series: w.series(phases, phases),
		alerts: w.firesAndResolves(r, quiet, quiet+60+slack, quiet+60+3*slack),
	}
}

func (w *objective) seriesTest() test {
	r := w.rule(promtext.AlertSeries, nil)
	phases := counter(phase{60, 600}, phase{2 * slack, absent}, phase{2 * slack, 600})
	return test{
		name:   w.ID() + " has no series",
		series: w.series(phases, phases),
		alerts: w.firesAndResolves(r, 60, 60+2*slack, 60+4*slack),
	}
}

func (w *objective) leavingTest() test {
	r := w.rule(promtext.AlertLeaving, nil)
	rate := w.usualRate()
	const after = 60 + 90
	end := after + 60 + minutes(keepPage) + 2*slack
	events := counter(phase{60, rate}, phase{90, 0}, phase{end - after, surge * rate})
	left := counter(phase{60, 0}, phase{90, rate}, phase{end - after, 0})
	return test{
		name: "the clients of " + w.ID() + " leave",
		series: append(w.series(events, events),
			testSeries{w.example(promtext.MetricIgnoredEvents, equals(promtext.LabelReason, "client_left")), left}),
		alerts: w.firesAndResolves(r, 60, after, end),
	}
}

// overdueTest has two targets, and requests hang in one of them.
func (w *objective) overdueTest() test {
	r := w.rule(promtext.AlertOverdue, nil)
	hung, healthy := equals("test_target", "hung"), equals("test_target", "healthy")
	const end = 60 + 2*slack
	after := end + minutes(keepPage) + 2*slack
	events := counter(phase{60, 600}, phase{2 * slack, 0}, phase{after - end, 600})
	always := counter(phase{after, 600})
	count := max(w.minBad, leastOverdue) + 1
	series := append(w.series(events, events, hung), w.series(always, always, healthy)...)
	series = append(series,
		testSeries{w.example(promtext.MetricOverdueEvents, hung), fmt.Sprintf("0x60 %dx%d 0x%d", count, 2*slack-1, after-end-1)},
		testSeries{w.example(promtext.MetricOverdueEvents, healthy), fmt.Sprintf("0x%d", after)})
	return test{name: "requests of " + w.ID() + " hang", series: series, alerts: w.firesAndResolves(r, 60, end, after)}
}
