package promrules

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

const (
	// severityObserve replaces the severity of an alert in the stage observe, so
	// that no route for pages or tickets takes it.
	severityObserve = "observe"

	// hold is how long a short window must have burned before a page fires. It
	// keeps one torn evaluation from paging, and delays no slow burn: the short
	// window passes its threshold minutes before the long one.
	hold = 2 * time.Minute
	// keepPage and keepTicket join the fires of one incident. At one request in
	// 100 seconds, an incident turned a page on and off 27 times without it.
	keepPage   = 30 * time.Minute
	keepTicket = time.Hour
	// absence is how long an indicator may have no series, as after a restart of
	// all its targets.
	absence = 10 * time.Minute
	// overdue is how long requests must have been overdue.
	overdue = 5 * time.Minute
	// usualEvents is the number of events in the same hour of yesterday and of the
	// week before from which an hour without any is unusual.
	usualEvents = 10
)

// alert adds an alerting rule with the labels and links of the objective.
func (w *objective) alert(r Rule, severity slo.Severity, more ...promtext.Matcher) {
	r.Labels = make(map[string]string)
	for label, value := range w.Labels {
		r.Labels[label] = escape(value)
	}
	for _, m := range slices.Concat(more, w.severity(severity)) {
		r.Labels[m.Label] = m.Value
	}
	for label, value := range map[string]string{promtext.LabelOwner: w.Owner, promtext.LabelTier: w.Tier} {
		if value != "" {
			r.Labels[label] = escape(value)
		}
	}
	for label, value := range w.labels {
		r.Labels[label] = escape(value)
	}
	if w.Runbook != "" {
		r.Annotations["runbook_url"] = escape(w.Runbook)
	}
	if board := w.options.Dashboard; board != "" {
		names := placeholders(w.Indicator.Service, w.Indicator.Name, w.SLO())
		r.Annotations["dashboard_url"] = escape(names.Replace(board))
	}
	r.For, r.KeepFiringFor = w.scaled(r.For), w.scaled(r.KeepFiringFor)
	w.rules = append(w.rules, r)
}

// severity returns the labels of an alert for its severity. The name of the
// severity of an observed alert is another label.
func (w *objective) severity(s slo.Severity) []promtext.Matcher {
	if w.stage() == slo.StageObserve {
		return []promtext.Matcher{equals(promtext.LabelSeverity, severityObserve), equals(promtext.LabelIntended, string(s))}
	}
	return []promtext.Matcher{equals(promtext.LabelSeverity, string(s))}
}

// windowLabels returns the labels of a burn-rate alert for its windows.
func (w *objective) windowLabels(a slo.Alert) []promtext.Matcher {
	return []promtext.Matcher{equals(promtext.LabelLong, scale(1).text(a.Long)), equals(promtext.LabelShort, scale(1).text(a.Short))}
}

// firing selects the burn-rate alerts of the objective that fire.
func (w *objective) firing(s slo.Severity, more ...promtext.Matcher) string {
	all := []promtext.Matcher{equals("alertname", promtext.AlertBurn), equals("alertstate", "firing")}
	return "ALERTS" + selector(slices.Concat(all, w.severity(s), more, w.id)...)
}

// slowerPages returns a regular expression of the long windows of the pages
// that are slower than an alert.
func (w *objective) slowerPages(a slo.Alert) string {
	var windows []string
	for _, other := range w.alerts {
		if isPage(other) && other.Long > a.Long {
			windows = append(windows, scale(1).text(other.Long))
		}
	}
	return strings.Join(windows, "|")
}

func isPage(a slo.Alert) bool { return a.Severity == slo.SeverityPage }

// escape returns a text that Prometheus' templates show as it is.
func escape(text string) string { return strings.ReplaceAll(text, "{{", "{{`{{`}}") }

// alerting reports whether alerts are evaluated for an objective.
func alerting(o slo.Objective) bool { return o.Stage != slo.StageMeasure && !o.Alerts.Disabled }

// bad returns the bad events of a window.
func (w *objective) bad(length time.Duration, offset string) (expr string, isOfIndicator bool) {
	valid, isOfIndicator := w.events(promtext.SignalValid, length)
	good, _ := w.events(promtext.SignalGood, length)
	return fmt.Sprintf("(%s%s - %s%s)", valid, offset, good, offset), isOfIndicator
}

// lost returns the share of the window's budget that a window lost.
func (w *objective) lost(length time.Duration, offset string) string {
	bad, isOfIndicator := w.bad(length, offset)
	join := " / "
	if isOfIndicator {
		join = " / " + onIndicator + " group_right () "
	}
	return bad + join + w.own(promtext.RecordedBudgetEvents)
}

// lastLost is like lost, and has a value for a day after the last valid event
// of a short window, so that clients that leave do not end it.
func (w *objective) lastLost(length time.Duration) string {
	lost := w.lost(length, "")
	if w.length >= day {
		return lost
	}
	events := w.own(promtext.RecordedBudgetEvents)
	return strings.Replace(lost, events, fmt.Sprintf("last_over_time(%s[%s])", events, w.text(day)), 1)
}

// burnAlerts adds the alerts on the speed at which the budget burns.
//
// One incident notifies once. A faster page lasts as long as a slower one,
// because it mutes that one only while it fires. A ticket is for a burn that
// has not paged: it comes when the page is as old as its short window.
func (w *objective) burnAlerts() {
	if !alerting(w.Objective) {
		return
	}
	for _, a := range w.alerts {
		windows := w.windowLabels(a)
		lost := w.lost(a.Long, "")
		expr := fmt.Sprintf("%s > %s\nand %s (%s > %s)", lost, a.Budget.Decimal(), onIndicator, w.lost(a.Short, ""), shortShare(a))
		r := Rule{Alert: promtext.AlertBurn, KeepFiringFor: keepTicket, Annotations: w.burnTexts(a)}
		if a.Short < level1 {
			expr += fmt.Sprintf("\nand %s (%s > %s)", onIndicator, w.lost(a.Short, " offset "+w.text(hold)), shortShare(a))
		} else {
			r.For = hold
		}
		bad, _ := w.bad(a.Long, "")
		expr += fmt.Sprintf("\nand %s (%s >= %s)", onIndicator, bad, number(w.minBad))
		if isPage(a) {
			r.KeepFiringFor = keepPage
			lasts := w.leave()
			if slower := w.slowerPages(a); slower != "" {
				lasts += " or " + w.firing(slo.SeverityPage, promtext.Matcher{Label: promtext.LabelLong, Operator: "=~", Value: slower})
			}
			expr += fmt.Sprintf("\nor\n%s\nand %s %s\nand %s (%s)", w.lastLost(a.Long), onIndicator,
				w.firing(slo.SeverityPage, windows...), onIndicator, lasts)
		} else {
			expr += fmt.Sprintf("\nunless %s max_over_time(%s[%s])", onIndicator, w.firing(slo.SeverityPage), w.text(a.Short))
		}
		r.Expr = expr
		w.alert(r, a.Severity, windows...)
	}
}

// shortShare is the share that the short window loses at the speed of the long
// one: "0.02 / 12".
func shortShare(a slo.Alert) string {
	parts := big.NewRat(int64(a.Long), int64(a.Short))
	if parts.IsInt() {
		return a.Budget.Decimal() + " / " + parts.Num().String()
	}
	return fmt.Sprintf("%s * %s / %s", a.Budget.Decimal(), parts.Denom(), parts.Num())
}

// leave holds while more clients leave than have a verdict, and enough of them
// for a page.
func (w *objective) leave() string {
	return fmt.Sprintf("%s and %s >= %s", w.clientsLeave(), w.level(promtext.RecordedIncrease1h, promtext.SignalClientLeft), number(w.minBad))
}

// burnTexts says in words which share of the budget was lost and when the rest
// will be gone at the speed of the short window. The long window has hardly
// begun to lose when a page fires: its speed would be the same in any incident.
// A page that lasts may have a value below its share.
func (w *objective) burnTexts(a slo.Alert) map[string]string {
	long, short := scale(1).text(a.Long), scale(1).text(a.Short)
	left := fmt.Sprintf("clamp_min(1 - %s, 0) * %s", w.own(promtext.RecordedBudgetSpent), w.seconds(a.Short))
	budget, rest := "error budget", "the rest"
	if whole := w.promisedLength(); whole != w.length {
		// Alerts weigh the budget of 30 days. The rest of the budget is a share of
		// the whole window.
		left += fmt.Sprintf(" * %d / %d", whole/day, w.length/day)
		budget, rest = fmt.Sprintf("error budget of %d days", w.length/day), fmt.Sprintf("the rest of the %s's budget", w.Window.Period())
	}
	gone := fmt.Sprintf("%s / %s (%s > 0)", left, onIndicator, w.lost(a.Short, ""))
	speed := fmt.Sprintf("{{ with query %s }}{{ if gt (. | first | value) 0.0 }}"+
		"At the speed of the last %s %s is gone in {{ . | first | value | humanizeDuration }}.{{ else }}The budget is spent.{{ end }}{{ end }}",
		strconv.Quote(gone), short, rest)
	if isPage(a) {
		speed = fmt.Sprintf("{{ if gt $value %.9f }}%s{{ else }}"+
			"It burns more slowly now. The page stays while clients leave before their answer, or a slower page fires.{{ end }}", share(a), speed)
	}
	return map[string]string{
		"summary": fmt.Sprintf("%s lost more than %v of its %s in %s.", w.ID(), a.Budget, budget, long),
		"description": fmt.Sprintf("{{ $value | humanizePercentage }} of the %s of %s (%v %s) was lost in the last %s. %s%s",
			budget, w.ID(), w.Target, escape(w.Window.Words()), long, speed, w.promise()),
	}
}

// promise returns the objective's description for the end of a text.
func (w *objective) promise() string {
	if w.Description == "" {
		return ""
	}
	return " Objective: " + escape(w.Description)
}

// spentAlert adds the alert on a spent budget.
func (w *objective) spentAlert() {
	if !alerting(w.Objective) {
		return
	}
	good, valid := w.promised(promtext.SignalGood), w.promised(promtext.SignalValid)
	w.alert(Rule{
		Alert: promtext.AlertSpent,
		Expr: fmt.Sprintf("%s >= 1\nand %s (%s - %s >= %s)", w.own(promtext.RecordedBudgetSpent),
			onIndicator, valid, good, number(w.minBad)),
		For: hold, KeepFiringFor: keepTicket,
		Annotations: map[string]string{
			"summary": fmt.Sprintf("%s has spent its error budget.", w.ID()),
			"description": fmt.Sprintf("{{ $value | humanizePercentage }} of the error budget of %s (%v %s) is spent. "+
				"The error budget policy says which changes are still allowed.%s", w.ID(), w.Target, escape(w.Window.Words()), w.promise()),
		},
	}, slo.SeverityTicket)
}

// indicatorAlerts adds the alerts about the indicator's events. They are the
// same for all its objectives, so the first objective of the highest stage has
// them.
func (n *indicator) indicatorAlerts() {
	w := n.reporter()
	if w == nil {
		return
	}
	w.trafficAlert()
	w.seriesAlert()
	w.leavingAlert()
	w.overdueAlert()
}

// reporter returns the objective that has the alerts about the indicator's
// events, or nil.
func (n *indicator) reporter() *objective {
	i := slices.IndexFunc(n.objectives, func(o slo.Objective) bool { return alerting(o) && o.Stage != slo.StageObserve })
	if i < 0 {
		i = slices.IndexFunc(n.objectives, alerting)
	}
	if i < 0 {
		return nil
	}
	return n.newObjective(n.objectives[i])
}

// trafficAlert tells that events stopped. An hour that was quiet yesterday or a
// week ago may be quiet today.
func (w *objective) trafficAlert() {
	events := w.level(promtext.RecordedIncrease1h, promtext.SignalValid)
	ago := func(age time.Duration) string { return fmt.Sprintf("%s offset %s", events, w.text(age)) }
	w.alert(Rule{
		Alert: promtext.AlertTraffic,
		Expr:  fmt.Sprintf("%s == 0\nand %s >= %d\nunless %s < %d", events, ago(day), usualEvents, ago(7*day), usualEvents),
		For:   hold,
		Annotations: map[string]string{
			"summary": fmt.Sprintf("%s has had no valid event for an hour.", w.ID()),
			"description": fmt.Sprintf("No event of %s was valid in the last hour, and at this time yesterday there were at least %d. "+
				"The budget does not show an outage in front of the service: look at the load balancer, DNS, the consumer or the job.", w.ID(), usualEvents),
		},
	}, slo.SeverityTicket)
}

// seriesAlert tells that nobody exposes the counters. A service may stop each
// night, or over each weekend.
func (w *objective) seriesAlert() {
	w.alert(Rule{
		Alert: promtext.AlertSeries,
		Expr: fmt.Sprintf("absent(%s)\nunless on () (\n  %s\n  or\n  %s\n)",
			w.level(promtext.RecordedIncrease5m, promtext.SignalValid), w.paused(day), w.paused(7*day)),
		For: absence,
		Annotations: map[string]string{
			"summary": fmt.Sprintf("%s has no series.", w.ID()),
			"description": fmt.Sprintf("Prometheus has no counters of %s: no target exposes them, no scrape succeeds, or the matchers of the rules select nothing. "+
				"No other alert sees its failures until they are back.", w.ID()),
		},
	}, slo.SeverityTicket)
}

// paused holds if the indicator had no series at this time a period ago, but
// had some in the week before that time and some after it. So its series paused
// then: they neither began nor ended.
//
// If the last day has no series and the same day a week ago had some, the
// service is gone, and its night a week ago is not a pause like this one. One
// of the two days is an hour shorter and the other one an hour longer, because
// no service stops in the same minute each time. The range after the pause is
// an hour shorter, too, because a sample of an hour is recorded at its end.
func (n *indicator) paused(period time.Duration) string {
	had := func(length time.Duration, offset string) string {
		return fmt.Sprintf("count_over_time(%s[%s:%s]%s)",
			n.level(promtext.RecordedIncrease1h, promtext.SignalValid), n.text(length), n.text(time.Hour), offset)
	}
	ago := " offset " + n.text(period)
	expr := fmt.Sprintf("%s and %s unless %s%s", had(period-time.Hour, ""), had(7*day, ago),
		n.level(promtext.RecordedIncrease5m, promtext.SignalValid), ago)
	if period > day {
		expr += fmt.Sprintf(" unless (%s unless %s)", had(day-time.Hour, ago), had(day+time.Hour, ""))
	}
	return expr
}

// leavingAlert tells that clients give up. If every client leaves before its
// answer, no event is valid, and the budget looks untouched.
func (w *objective) leavingAlert() {
	w.alert(Rule{
		Alert: promtext.AlertLeaving, Expr: w.leave(), For: hold, KeepFiringFor: keepPage,
		Annotations: map[string]string{
			"summary": fmt.Sprintf("More clients of %s leave than get an answer.", w.ID()),
			"description": fmt.Sprintf("In the last hour {{ printf \"%%.0f\" $value }} clients of %s left before their answer, more than there were valid events. "+
				"Events of clients that leave do not count, so the budget misses this outage. "+
				"Compare the time-outs of the clients with the durations of the answers.", w.ID()),
		},
	}, slo.SeverityPage)
}

// overdueAlert tells that requests hang which cannot be judged yet. It asks
// each target before any sum, so that one hung target among many is seen.
//
// A range may hold a single sample, of a new target or after a restart of
// Prometheus. The samples before the range show that the requests were overdue
// at its beginning too, and that no valid event came since.
func (w *objective) overdueAlert() {
	window, least := w.text(overdue), number(w.leastOverdue())
	requests, valid := w.raw(promtext.MetricOverdueEvents), w.raw(promtext.MetricValidEvents)
	long := fmt.Sprintf("(min_over_time(%s[%s]) >= %s)\n  and\n  (%s offset %s >= %s)", requests, window, least, requests, window, least)
	served := fmt.Sprintf("(increase(%s[%s]) > 0)\n  unless\n  (%s != %s offset %s)", valid, window, valid, valid, window)
	hung := fmt.Sprintf("%s\n  unless\n  %s", long, served)
	w.alert(Rule{
		Alert:         promtext.AlertOverdue,
		Expr:          fmt.Sprintf("count by (%s, %s) (\n  %s\n) > 0", promtext.LabelService, promtext.LabelSLI, hung),
		KeepFiringFor: keepPage,
		Annotations: map[string]string{
			"summary": fmt.Sprintf("Requests of %s hang.", w.ID()),
			"description": fmt.Sprintf("Targets of %s with at least %d overdue requests for 5 minutes and no valid event: {{ $value }}. The worst: %s. "+
				"The requests have no verdict yet, so the budget misses them. Look at the dependencies, locks and pools of these targets.",
				w.ID(), w.leastOverdue(), instances(hung)),
		},
	}, slo.SeverityPage)
}

// namedTargets is the maximum number of targets that a text names.
const namedTargets = 5

// instances is a template of the targets that an expression selects, the
// largest value first. A person who is paged for one hung target among many
// must not search for it.
func instances(expr string) string {
	query := fmt.Sprintf("topk(%d, %s)", namedTargets, strings.ReplaceAll(expr, "\n  ", " "))
	return fmt.Sprintf("{{ range $i, $target := query %s }}{{ if $i }}, {{ end }}{{ $target.Labels.instance }}{{ end }}", strconv.Quote(query))
}

// leastOverdue is the number of overdue requests of one target that page.
func (w *objective) leastOverdue() uint64 { return max(w.minBad, 4) }
