package promrules

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

const (
	// slack is how many minutes the levels and the alerts may lag behind.
	slack = 15
	// surge is the traffic during an outage, as a multiple of the usual: an alert
	// that needs nearly all events of its window fires, too.
	surge = 4
	// hour is the time in which an event at a full hour leaves a window.
	hour = 60
)

// stories returns the tests of all alerts of an indicator and its objectives.
func (n *indicator) stories() []*story {
	var all []*story
	for _, o := range n.objectives {
		if !alerting(o) {
			continue
		}
		w := n.newObjective(o)
		for _, a := range w.alerts {
			all = append(all, w.burnStory(a))
		}
		if i := slices.IndexFunc(w.alerts, isPage); i >= 0 {
			all = append(all, w.lastingStory(w.alerts[i]))
		}
		all = append(all, w.spentStories()...)
	}
	if w := n.reporter(); w != nil {
		w.stopTraffic(w.longest(all))
		all = append(all, w.seriesStory(), w.leavingStory(), w.overdueStory())
	}
	return all
}

// usualRate is the traffic of the tests in events per minute. An outage of a
// minute reaches every minimum of bad events in use.
func (w *objective) usualRate() int64 { return max(600, int64(w.minBad)) }

// An outage is a time without a good event, after a time without a bad one.
type outage struct {
	before, length int // in minutes
	surge          int // the multiple of the usual traffic
}

// lost returns the lost share of the budget of a window with a length after
// some minutes of the outage. The events in the window have the budget, scaled
// up if less time is known.
func (o outage) lost(after, window, length int, budget float64) float64 {
	known := min(o.before+after, length)
	during := min(after, known)
	events := float64(o.surge*during + known - during)
	return float64(o.surge*min(after, window)) / (budget * events / float64(known) * float64(length))
}

func (w *objective) budget() float64 { return float64(w.Target.BudgetPartsPerBillion()) / 1e9 }

func share(a slo.Alert) float64 { return float64(a.Budget.PartsPerBillion()) / 1e9 }

// margin is how far the tests go beyond a threshold, if a total outage goes as
// far.
const margin = 1.2

// beyond returns the margin of a threshold that a total outage exceeds by a
// factor.
func beyond(most float64) float64 { return min(margin, (1+most)/2) }

// outage returns an outage that is long enough for an alert, if possible with
// the usual traffic.
func (w *objective) outage(a slo.Alert) outage {
	long, short, length := minutes(a.Long), minutes(a.Short), minutes(w.length)
	total := outage{before: length, surge: surge}
	threshold := share(a) * beyond(total.lost(long, long, length, w.budget())/share(a))
	enough := func(o outage) bool {
		return o.lost(o.length, long, length, w.budget()) > threshold &&
			o.lost(o.length, short, length, w.budget()) > threshold*float64(short)/float64(long)
	}
	for o := (outage{before: 2 * hour, surge: 1}); ; {
		for o.length = 1; o.length <= long; o.length++ {
			if enough(o) {
				o.length += slack
				return o
			}
		}
		if o.surge == surge {
			o.before += max(hour, long/4)
		}
		o.surge = surge
	}
}

func (w *objective) burnStory(a slo.Alert) *story {
	long := scale(1).text(a.Long)
	r, o, rate := w.burnRule(a), w.outage(a), w.usualRate()
	ember := 0.0 // the share of bad events after the outage
	if a.Severity == slo.SeverityTicket {
		ember = w.ember(a)
	}
	if ember > 0 {
		rate = max(rate, int64(math.Ceil(200/ember)))
	}
	s := w.story("%s burns its budget in %s", w.ID(), long)
	s.pass(o.before, traffic{valid: rate})
	s.expect(r, false)
	s.pass(o.length, traffic{valid: int64(o.surge) * rate, bad: int64(o.surge) * rate})
	if ember > 0 {
		s.pass(w.pageLasts(a)+minutes(a.Short)+slack, traffic{valid: rate, bad: int64(ember * float64(rate))})
	}
	s.expect(r, true)
	rest := minutes(a.Short) + hour + minutes(keepTicket) + 2*slack
	if isPage(a) {
		rest = w.pageLasts(a)
	}
	s.pass(rest, traffic{valid: rate})
	s.expect(r, false)
	return s
}

// ember returns a share of bad events that keeps a ticket and no page, so that
// the ticket fires after the page. It is zero without pages.
func (w *objective) ember(ticket slo.Alert) float64 {
	slowest := slowestPage(w.alerts)
	if math.IsInf(slowest, 1) {
		return 0
	}
	return math.Sqrt(perHour(ticket)*slowest) * w.budget() * w.length.Hours()
}

// perHour is the share of the budget that an alert allows in an hour of its
// long window.
func perHour(a slo.Alert) float64 { return share(a) / a.Long.Hours() }

// slowestPage returns the least share in an hour at which a page fires, and
// infinity without pages.
func slowestPage(alerts []slo.Alert) float64 {
	slowest := math.Inf(1)
	for _, a := range alerts {
		if isPage(a) {
			slowest = min(slowest, perHour(a))
		}
	}
	return slowest
}

// pageLasts returns how long after an outage no page fires. A faster page lasts
// as long as a slower one.
func (w *objective) pageLasts(a slo.Alert) int {
	longest := time.Duration(0)
	for _, page := range w.alerts {
		if isPage(page) {
			longest = max(longest, page.Short)
		}
	}
	lasts := minutes(longest) + 2*minutes(keepPage) + 2*slack
	if longest > level1 || a.Short > level1 {
		lasts += hour
	}
	return lasts
}

// lastingStory has an outage in which the clients begin to leave. The page of
// the outage stays until they have an answer again.
func (w *objective) lastingStory(a slo.Alert) *story {
	r, o, rate := w.burnRule(a), w.outage(a), w.usualRate()
	s := w.story("the clients of %s leave in an outage", w.ID())
	s.pass(o.before, traffic{valid: rate})
	s.pass(o.length, traffic{valid: int64(o.surge) * rate, bad: int64(o.surge) * rate})
	s.expect(r, true)
	s.pass(w.pageLasts(a), traffic{left: 10 * surge * rate})
	s.expect(r, true)
	s.pass(hour+w.pageLasts(a), traffic{valid: surge * rate})
	s.expect(r, false)
	return s
}

// longestOutage is the longest outage, in minutes, that a test tells from the
// counters on. At half a month's events, the budget outlasts an outage of two
// weeks, which would be minutes of work for promtool.
const longestOutage = 12 * hour

// spentStories spend the budget.
func (w *objective) spentStories() []*story {
	length := minutes(w.promisedLength())
	o := outage{before: hour, surge: surge}
	for o.length = 1; o.lost(o.length, length, length, w.budget()) < beyond(1/w.budget()); o.length++ {
		if o.length == longestOutage {
			return []*story{w.givenSpentStory(), w.givenPolicyStory()}
		}
	}
	o.length += slack
	return []*story{w.spentStory(o)}
}

// spentStory has an outage that spends the budget, and then so much traffic
// that the budget grows again.
func (w *objective) spentStory(o outage) *story {
	length := minutes(w.promisedLength())
	r, rate := w.rule(promtext.AlertSpent), w.usualRate()
	s := w.story("%s spends its budget", w.ID())
	s.pass(o.before, traffic{valid: rate})
	s.expect(r, false)
	s.expectStep(0)
	s.pass(o.length, traffic{valid: surge * rate, bad: surge * rate})
	s.expect(r, true)
	s.expectStep(len(w.options.Policy.Steps) - 1)
	// After the recovery, the budget of the whole window exceeds the bad events.
	const recovery = 2 * hour
	bad := float64(o.surge * o.length)
	events := margin * bad / (w.budget() * float64(length)) * float64(s.minutes+recovery)
	more := max(1, math.Ceil((events-bad-float64(o.before))/recovery))
	s.pass(recovery+minutes(keepTicket)+2*slack, traffic{valid: rate * int64(more)})
	s.expect(r, false)
	return s
}

// expectStep checks the step of the policy and its consequence, unless that
// depends on the known hours.
func (s *story) expectStep(i int) {
	s.expectValue(promtext.RecordedPolicyStep, i)
	if release := s.options.Policy.Steps[i].Release; release >= s.barelyKnownRelease() {
		s.expectValue(promtext.RecordedReleaseState, releaseValues[release])
	}
}

// givenSpentStory has the recorded events of a whole window instead of
// counters.
func (w *objective) givenSpentStory() *story {
	r, phase := w.rule(promtext.AlertSpent), minutes(keepTicket)+2*slack
	events := math.Ceil(1000 * (1 + float64(w.minBad)) / w.budget())
	left := math.Floor(events * max(1-margin*w.budget(), (1-w.budget())/2))
	good, valid := []float64{events, left, events}, []float64{events, events, events}

	s := w.story("%s has spent a large budget", w.ID())
	if w.Window.IsCalendar() {
		s.given(w.calendarName(promtext.SignalGood), w.labels, phase, good...)
		s.given(w.calendarName(promtext.SignalValid), w.labels, phase, valid...)
		whole := math.Ceil(events * float64(w.length) / float64(w.promisedLength()))
		valid = []float64{whole, whole, whole}
	} else {
		s.given(w.windowName(promtext.SignalGood, w.length), w.labels, phase, good...)
	}
	s.given(w.windowName(promtext.SignalValid, w.length), w.labels, phase, valid...)
	known := w.length.Hours()
	s.given(promtext.RecordedKnownHours, w.indicator.labels, phase, known, known, known)
	for _, firing := range []bool{false, true, false} {
		s.minutes += phase
		s.expect(r, firing)
	}
	return s
}

// givenPolicyStory has the spent share of the budget instead of counters.
func (w *objective) givenPolicyStory() *story {
	const phase = 2 * slack
	s := w.story("%s goes through its budget policy", w.ID())
	s.given(promtext.RecordedBudgetSpent, w.labels, phase, 0, margin, 0)
	s.given(fmt.Sprintf(promtext.RecordedIncrease5m, promtext.SignalValid), w.indicator.labels, phase, 1, 1, 1)
	for _, step := range []int{0, len(w.options.Policy.Steps) - 1, 0} {
		s.minutes += phase
		s.expectStep(step)
	}
	return s
}

// longest returns the longest story of the objective.
func (w *objective) longest(all []*story) *story {
	own := slices.DeleteFunc(slices.Clone(all), func(s *story) bool { return s.SLO() != w.SLO() })
	return slices.MaxFunc(own, func(a, b *story) int { return a.minutes - b.minutes })
}

// stopTraffic ends a story without traffic. The alert compares with the day
// before, in which another alert may have fired.
func (w *objective) stopTraffic(s *story) {
	const yesterday = 25 * hour // the hour that ends here had events a day before
	r, rate := w.rule(promtext.AlertTraffic), w.usualRate()
	s.name += ", and then has no traffic"
	s.pass(max(0, yesterday-s.minutes), traffic{valid: rate})
	s.expect(r, false)
	s.pass(hour+slack, traffic{})
	s.expect(r, true)
	s.pass(2*slack, traffic{valid: rate})
	s.expect(r, false)
}

// unknownRelease is the release state of an untouched budget without data.
func (w *objective) unknownRelease() int {
	return max(w.releaseWithoutData(), releaseValues[w.options.Policy.Steps[0].Release])
}

// seriesStory has no series twice, at the same time of two days. The second
// time is a pause.
func (w *objective) seriesStory() *story {
	r, rate := w.rule(promtext.AlertSeries), w.usualRate()
	s := w.story("%s has no series", w.ID())
	s.pass(hour, traffic{valid: rate})
	s.expect(r, false)
	s.vanish(2 * slack)
	s.expect(r, true)
	s.expectValue(promtext.RecordedReleaseState, w.unknownRelease())
	s.pass(2*slack, traffic{valid: rate})
	s.expect(r, false)
	s.pass(minutes(day)-4*slack, traffic{valid: rate})
	s.vanish(2 * slack)
	s.expect(r, false)
	s.pass(2*slack, traffic{valid: rate})
	s.expect(r, false)
	return s
}

func (w *objective) leavingStory() *story {
	r, rate := w.rule(promtext.AlertLeaving), w.usualRate()
	s := w.story("the clients of %s leave", w.ID())
	s.pass(hour, traffic{valid: rate})
	s.expect(r, false)
	s.pass(hour+2*slack, traffic{left: rate})
	s.expect(r, true)
	s.expectValue(promtext.RecordedReleaseState, w.unknownRelease())
	s.pass(hour+minutes(keepPage)+slack, traffic{valid: surge * rate})
	s.expect(r, false)
	return s
}

// overdueStory has two targets, and requests hang in one of them. That target
// begins with late requests, which are not known to hang: it is too new.
func (w *objective) overdueStory() *story {
	r, rate := w.rule(promtext.AlertOverdue), w.usualRate()
	hung, healthy := equals("test_target", "hung"), equals("test_target", "healthy")
	s, other := w.story("requests of %s hang", w.ID()), w.story("")
	young := minutes(testInterval)
	s.pass(young, traffic{})
	s.expect(r, false)
	s.pass(hour, traffic{valid: rate})
	s.expect(r, false)
	s.pass(2*slack, traffic{})
	s.expect(r, true)
	s.pass(minutes(keepPage)+2*slack, traffic{valid: rate})
	s.expect(r, false)
	other.pass(s.minutes, traffic{valid: rate})

	var overdue, none counterText
	overdue.level(young+1, float64(w.leastOverdue()+1))
	overdue.level(hour, 0)
	overdue.level(2*slack, float64(w.leastOverdue()+1))
	overdue.level(minutes(keepPage)+2*slack, 0)
	none.level(s.minutes, 0)
	s.target, other.target = []promtext.Matcher{hung}, []promtext.Matcher{healthy}
	// Unlike a new counter, the gauge does not begin at zero.
	fromStart := strings.Join(overdue.phases, " ")
	s.more = append(other.series(),
		testSeries{w.example(promtext.MetricOverdueEvents, hung), fromStart},
		testSeries{w.example(promtext.MetricOverdueEvents, healthy), none.String()})
	return s
}
