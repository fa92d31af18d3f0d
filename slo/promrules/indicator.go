package promrules

import (
	"cmp"
	"fmt"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

// signals are the two counters of an indicator.
var signals = []string{promtext.SignalGood, promtext.SignalValid}

var counters = map[string]string{
	promtext.SignalGood:  promtext.MetricGoodEvents,
	promtext.SignalValid: promtext.MetricValidEvents,
}

// An indicator writes the rules of an indicator and of its objectives.
type indicator struct {
	scale
	options    Options
	objectives []slo.Objective

	matchers []promtext.Matcher // of the environment, in selectors of raw series
	id       []promtext.Matcher // of recorded series
	selector string             // with id
	labels   map[string]string  // of recorded series
	rules    []Rule
}

func newIndicator(o Options, matchers []promtext.Matcher, objectives []slo.Objective) *indicator {
	ind := objectives[0].Indicator
	n := &indicator{
		scale: scale(o.Scale), options: o, objectives: objectives,
		matchers: append([]promtext.Matcher{equals(promtext.LabelService, ind.Service), equals(promtext.LabelSLI, ind.Name)}, matchers...),
		labels:   make(map[string]string),
	}
	for _, m := range n.matchers {
		if m.Operator == "=" {
			n.id = append(n.id, m)
			n.labels[m.Label] = m.Value
		}
	}
	n.selector = selector(n.id...)
	return n
}

// name returns the name of the group.
func (n *indicator) name() string {
	ind := n.objectives[0].Indicator
	return "sligo:" + ind.Service + ":" + ind.Name
}

// raw selects a counter's own series.
func (n *indicator) raw(metric string, more ...promtext.Matcher) string {
	return metric + selector(append(n.matchers[:len(n.matchers):len(n.matchers)], more...)...)
}

// at selects a recorded series of the indicator.
func (n *indicator) at(name string) string { return name + n.selector }

// level selects a recorded series of a signal, by the format of its name.
func (n *indicator) level(format, signal string) string { return n.at(fmt.Sprintf(format, signal)) }

// record adds a recording rule.
func (n *indicator) record(name, expr string, labels map[string]string) {
	n.rules = append(n.rules, Rule{Record: name, Expr: expr, Labels: labels})
}

// recordEach adds a recording rule for good and for valid events. The two stand
// next to each other, because they must see the same samples.
func (n *indicator) recordEach(format string, expr func(signal string) string) {
	for _, signal := range signals {
		n.record(fmt.Sprintf(format, signal), expr(signal), n.labels)
	}
}

// settled is the offset of the rules that read raw series. In prom3 the group
// has it.
func (n *indicator) settled() string {
	if n.options.Dialect == DialectProm3 {
		return ""
	}
	return " offset " + n.text(settle)
}

// group returns the rules of the indicator and its objectives, from the raw
// counters to the alerts.
func (n *indicator) group() Group {
	n.levels()
	n.hoursAndDays()
	n.leaving()
	n.known()
	for _, o := range n.objectives {
		n.addObjective(o)
	}
	n.indicatorAlerts()
	return Group{Name: n.name(), Interval: n.scaled(interval), QueryOffset: n.queryOffset(), Rules: n.rules}
}

func (n *indicator) queryOffset() time.Duration {
	if n.options.Dialect != DialectProm3 {
		return 0
	}
	return n.scaled(cmp.Or(n.options.QueryOffset, settle))
}

func (s scale) scaled(d time.Duration) time.Duration { return d / time.Duration(s) }

// levels records the events of 5 minutes and of an hour from the raw counters.
// All other levels are sums of these.
func (n *indicator) levels() {
	increase := func(metric string, window time.Duration, more ...promtext.Matcher) string {
		return fmt.Sprintf("%s (increase(%s[%s]%s))", byIndicator, n.raw(metric, more...), n.text(window), n.settled())
	}
	n.recordEach(promtext.RecordedIncrease5m, func(signal string) string { return increase(counters[signal], level0) })
	n.recordEach(promtext.RecordedIncrease1h, func(signal string) string { return increase(counters[signal], level1) })
	n.record(fmt.Sprintf(promtext.RecordedIncrease5m, promtext.SignalClientLeft),
		increase(promtext.MetricIgnoredEvents, level0, equals(promtext.LabelReason, "client_left")), n.labels)
}

// hoursAndDays records the events since the last full hour and since the last
// midnight.
func (n *indicator) hoursAndDays() {
	n.recordEach(promtext.RecordedSinceHour, func(signal string) string {
		// Each event is in as many samples of the first level as its range has steps.
		// In the first minute of an hour no step has begun. A backfill would then see
		// the sample of the minute before.
		newest := n.level(promtext.RecordedIncrease5m, signal)
		return fmt.Sprintf("(\n  %s\n  or\n  0 * %s\n) / %d",
			n.running("sum_over_time", newest, time.Hour, interval, middle, 0, ""), newest, level0/interval)
	})
	n.recordEach(promtext.RecordedSinceDay, func(signal string) string {
		full := n.running("sum_over_time", n.level(promtext.RecordedIncrease1h, signal), day, time.Hour, time.Hour/2, dayLate, " offset "+n.text(middle))
		return sum(part{"full", "(" + full + ")"}, part{"running", n.level(promtext.RecordedSinceHour, signal)})
	})
}

// The anchors of a day restore events that Prometheus missed while it was down
// for up to anchorOverlap.
const (
	anchorOverlap = 6 * time.Hour
	anchorDelay   = time.Minute
	anchorGrace   = 30 * time.Second

	// dayLate is how long after midnight the last day is certainly recorded: its
	// group runs once an hour. Until then the running day is the last one. If it
	// changed at midnight, a backfill would see a day earlier than the live rules.
	dayLate = time.Hour
	// dayEnd is how long after midnight the running hour is still the last one of
	// the day, so that the running day lacks its last 30 seconds only.
	dayEnd = 2 * time.Minute
)

// dayGroup returns the rules of the last full day. Its step is the last
// midnight, so that each evaluation of the next day has the same result, and a
// missed one is caught up. The last of them reads samples that are 54 hours
// old. The difference of two increases counts each interval between scrapes
// once, also the one over midnight.
func (n *indicator) dayGroup() Group {
	anchors := &indicator{scale: n.scale, options: n.options, matchers: n.matchers, labels: n.labels}
	anchors.recordEach(promtext.RecordedDay, func(signal string) string {
		counter := n.raw(counters[signal])
		long := fmt.Sprintf("%s (increase(%s[%s]))", byIndicator, counter, n.text(day+anchorOverlap))
		before := fmt.Sprintf("-%s (increase(%s[%s] offset %s))", byIndicator, counter, n.text(anchorOverlap), n.text(day))
		return fmt.Sprintf("last_over_time((%s)[%s:%s] offset %s)",
			sum(part{"long", long}, part{"before", before}), n.text(day), n.text(day), n.text(anchorDelay))
	})
	return Group{Name: n.name() + ":day", Interval: n.scaled(time.Hour), QueryOffset: n.queryOffset(), Rules: anchors.rules}
}

// leaving records the clients that left in the last hour.
func (n *indicator) leaving() {
	n.record(fmt.Sprintf(promtext.RecordedIncrease1h, promtext.SignalClientLeft),
		fmt.Sprintf("sum_over_time(%s[%s:%s]) / %d", n.level(promtext.RecordedIncrease5m, promtext.SignalClientLeft),
			n.text(time.Hour), n.text(interval), level0/interval), n.labels)
}

// knownDays is the number of days for which an indicator stays known without
// any series. A service that stops at night or over a weekend has no traffic
// then, and is not a new service afterwards.
const knownDays = 3

// known records the number of hours whose day, or one of the days before, has
// counts of the indicator: the full hours and, in a day with counts, the part
// of the running one. Before the first full hour it is the number of minutes in
// the running hour so far, so that both grow alike.
func (n *indicator) known() {
	longest := time.Duration(0)
	for _, o := range n.objectives {
		longest = max(longest, o.Window.AlertLength())
	}
	today := n.level(promtext.RecordedSinceDay, promtext.SignalValid)
	hour := today
	for i := range time.Duration(knownDays) {
		hour += fmt.Sprintf(" or last_over_time(%s[%s]", n.level(promtext.RecordedDay, promtext.SignalValid), n.text(time.Hour))
		if i > 0 {
			hour += " offset " + n.text(i*day)
		}
		hour += ")"
	}
	// The factor removes the names. Series that differ only in them would have
	// equal labels after count_over_time, which is an error.
	hours := fmt.Sprintf("count_over_time((1 * (%s))[%s:%s] offset %s)\n+ %s / %s * scalar(count(%s) or vector(0))",
		hour, n.text(longest), n.text(time.Hour), n.text(middle),
		n.elapsed(time.Hour, middle), n.seconds(time.Hour), today)
	// Each sample in the running hour is a minute.
	newest := n.level(promtext.RecordedIncrease5m, promtext.SignalValid)
	minutes := fmt.Sprintf("(\n  %s\n  or\n  0 * %s\n) / %d",
		n.running("count_over_time", newest, time.Hour, interval, middle, 0, ""), newest, time.Hour/interval)
	n.record(promtext.RecordedKnownHours, hours+"\nor\n"+minutes, n.labels)
}
