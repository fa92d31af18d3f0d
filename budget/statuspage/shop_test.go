package statuspage_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// now is the moment of the online shop's figures.
var now = time.Date(2026, 11, 26, 5, 2, 10, 0, time.UTC)

// source returns a fixed reading.
type source status.Reading

func (s source) Read(context.Context) (status.Reading, error) { return status.Reading(s), nil }

// promise is an objective of the shop with its figures.
type promise struct {
	service, name, target, journey string
	within                         time.Duration
	valid, bad                     uint64
	recent                         map[time.Duration]sli.Counts
	left                           []float64 // over the window, evenly spaced
	since, opens                   time.Time
	known                          time.Duration // 0 means all of the window
	outage                         uint64        // bad events of 18 November
}

const day = 24 * time.Hour

// events returns counts from numbers of valid and bad events.
func events(valid, bad uint64) sli.Counts { return sli.Counts{Good: valid - bad, Valid: valid} }

func spans(hour, six, three sli.Counts) map[time.Duration]sli.Counts {
	return map[time.Duration]sli.Counts{time.Hour: hour, 6 * time.Hour: six, 3 * day: three}
}

var shopPromises = []promise{
	{
		service: "users", name: "availability", target: "99.95%", journey: "browse", valid: 2_000_000, bad: 840,
		recent: spans(events(3_226, 5), events(18_900, 13), events(201_000, 111)),
		left:   []float64{0.632, 0.63, 0.62, 0.61, 0.6, 0.3, 0.27, 0.26, 0.25, 0.2},
		since:  time.Date(2026, 11, 25, 13, 42, 0, 0, time.UTC), outage: 302,
	},
	{
		service: "orders", name: "checkout-availability", target: "99.9%", valid: 412_050, bad: 463,
		recent: spans(events(655, 0), events(3_410, 4), events(41_300, 251)),
		left:   []float64{0.578, 0.58, 0.58, 0.37, 0.4, 0.41, 0.42, 0.43, 0.44, 0.4},
		since:  time.Date(2026, 11, 25, 22, 10, 0, 0, time.UTC), opens: time.Date(2026, 12, 4, 23, 2, 10, 0, time.UTC),
	},
	{service: "payments", name: "freshness", target: "99%"},
	{
		service: "users", name: "latency", target: "90%", journey: "browse", within: 100 * time.Millisecond, valid: 1_999_160, bad: 77_967,
		recent: spans(events(3_221, 133), events(18_887, 746), events(200_889, 8_240)), left: []float64{0.55, 0.56, 0.57, 0.58, 0.6},
	},
	{
		service: "orders", name: "availability", target: "99.9%", journey: "browse", valid: 1_204_800, bad: 412,
		recent: spans(events(1_940, 1), events(11_020, 5), events(121_300, 41)), left: []float64{0.57, 0.58, 0.64, 0.65, 0.66},
	},
	{
		service: "orders", name: "latency", target: "95%", journey: "browse", within: 300 * time.Millisecond, valid: 1_204_388, bad: 24_088,
		recent: spans(events(1_939, 39), events(11_015, 221), events(121_259, 2_433)), left: []float64{0.626, 0.62, 0.61, 0.6},
	},
	{
		service: "payments", name: "availability", target: "99.95%", valid: 398_260, bad: 88,
		recent: spans(events(640, 0), events(3_690, 1), events(40_100, 7)), left: []float64{0.662, 0.67, 0.57, 0.56},
	},
	{
		service: "payments", name: "latency", target: "99%", within: time.Second, valid: 398_172, bad: 1_093,
		recent: spans(events(640, 2), events(3_689, 9), events(40_093, 104)), left: []float64{0.66, 0.68, 0.7, 0.72},
	},
}

// objective returns the definition of a promise.
func (p promise) objective() slo.Objective {
	kind := sli.KindAvailability
	good := sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}
	if p.within > 0 {
		kind, good = sli.KindLatency, sli.Condition{Within: p.within}
	}
	return slo.Objective{
		Indicator: sli.Indicator{
			Service: p.service, Name: p.name, Journey: p.journey, Kind: kind, Good: good,
			Requests:   []string{"GET /" + p.service + "/{id}"},
			Collection: sli.Collection{Where: "load balancer", How: sli.SourceLog, Field: "the status field", Every: 10 * time.Second},
		},
		Target: slo.MustParseTarget(p.target), Window: slo.MustParseWindow("30d"),
	}
}

// budgetOf returns the budget of an objective.
func budgetOf(o slo.Objective, c sli.Counts) budget.Budget { return budget.New(o.Target, o.Window, c) }

// state returns the promise as a source reports it.
func (p promise) state(policy budget.Policy) status.Objective {
	o := p.objective()
	b := budget.New(o.Target, o.Window, events(p.valid, p.bad))
	if p.known > 0 {
		b = b.WithCoverage(budget.Coverage{Known: p.known, Of: 30 * day})
	}
	balance := b.State(now, "")
	if spent, ok := b.Cost(now, p.outage); ok && p.outage > 0 {
		balance.Incidents = []budget.Incident{{Name: "connection pool exhausted", Spent: spent}}
	}
	d := policy.Decide(balance)
	s := status.Objective{Objective: o, Budget: b, Decision: d, State: d.Step, Since: p.since, OpensAt: p.opens}
	if p.valid == 0 {
		s.State = status.StateNoData
	}
	for _, length := range []time.Duration{time.Hour, 6 * time.Hour, 3 * day} {
		s.Spans = append(s.Spans, status.Span{Length: length, Known: length, Counts: p.recent[length]})
	}
	s.Alarms = budget.NewAlerts(o.Alerts, o.Target, 30*day).Evaluate(nil, func(d time.Duration) sli.Counts { return p.recent[d] }, 0)
	s.History = p.history()
	s.Exclusions = []status.Exclusion{
		{Start: shopTime(14, 15, 0), End: shopTime(14, 21, 0), Counts: events(1_204, 31)},
		{Start: shopTime(29, 16, 0), End: shopTime(29, 18, 0)},
	}
	if p.service == "users" {
		s.Latency = &status.Latency{P50: 38 * time.Millisecond, P95: 93 * time.Millisecond, P99: 164 * time.Millisecond}
		s.Ignored = map[sli.Reason]uint64{sli.ReasonClientLeft: 1_204, sli.ReasonNotValid: 31, sli.ReasonUpgrade: 0}
		s.Unseen = []string{"GET /users/{userid}/avatar"}
	}
	return s
}

// history returns four points a day, close to the given ones.
func (p promise) history() []status.Point {
	var points []status.Point
	for i := range 120 {
		if len(p.left) == 0 {
			break
		}
		noise := int64(i*i*7%11) - 5 // as real budgets have
		spent := 1000 - int64(1000*p.left[i*len(p.left)/120]) + noise
		o := p.objective()
		window := events(1000*1e9/uint64(o.Target.BudgetPartsPerBillion()), uint64(spent))
		points = append(points, status.Point{
			At: now.Add(time.Duration(i-119) * 6 * time.Hour), Budget: budget.New(o.Target, o.Window, window), Counts: events(window.Valid/120, uint64(spent)/120),
		})
	}
	return points
}

// shop returns the reading of the online shop.
func shop() status.Reading { return reading(shopPromises) }

func reading(promises []promise) status.Reading {
	r := status.Reading{At: now, Kind: status.KindProcess, Since: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	for _, p := range promises {
		r.Objectives = append(r.Objectives, p.state(r.Policy))
	}
	return r
}

// manyPromises returns the shop's promises again and again, under other names.
func manyPromises(n int) []promise {
	var many []promise
	for i := range n {
		p := shopPromises[i%len(shopPromises)]
		if i >= len(shopPromises) {
			p.name = fmt.Sprintf("%s-%d", p.name, i)
		}
		many = append(many, p)
	}
	return many
}

// shopTime is a time in the shop's November.
func shopTime(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC)
}

// shopLedger has the shop's planned and unplanned events.
func shopLedger() ledger.Ledger {
	at := shopTime
	return ledger.Ledger{
		Entries: []ledger.Entry{
			{Kind: ledger.KindDeployment, Name: "users 2.29.0", Start: at(3, 2, 10), End: at(3, 2, 20)},
			{Kind: ledger.KindMaintenance, Name: "users database", Start: at(14, 15, 0), End: at(14, 21, 0)},
			{Kind: ledger.KindDeployment, Name: "users 2.30.0", Start: at(17, 2, 5), End: at(17, 2, 15)},
			{Kind: ledger.KindOutage, Name: "connection pool exhausted", Start: at(18, 12, 20), End: at(18, 14, 5)},
			{Kind: ledger.KindDeployment, Name: "users 2.31.0", Start: at(25, 13, 5), End: at(25, 13, 15)},
			{Kind: ledger.KindOutage, Name: "5xx after release 2.31.0", Start: at(25, 13, 31)},
			{Kind: ledger.KindDeployment, Name: "users 2.31.1", Start: at(26, 6, 30), End: at(26, 6, 40)},
			{Kind: ledger.KindMaintenance, Name: "payments database", Start: at(29, 16, 0), End: at(29, 18, 0)},
		},
		Exclude: []ledger.Kind{ledger.KindMaintenance},
	}
}

// shopOptions has the routes, errors and events of the shop.
func shopOptions() statuspage.Options {
	return statuspage.Options{
		Title: "Shop", Ledger: shopLedger, TraceURL: "https://jaeger.example/trace/{trace_id}",
		Routes: func(slo.Objective) []statuspage.Route {
			return []statuspage.Route{
				{Name: "PUT /users/{userid}", Counts: events(141_900, 97), P99: 187 * time.Millisecond},
				{Name: "GET /users/{userid}", Counts: events(1_412_600, 371), P99: 158 * time.Millisecond},
				{Name: "GET /users/{userid}/addresses", Counts: events(268_300, 288), P99: 214 * time.Millisecond},
				{Name: "GET /users/{userid}/preferences", Counts: events(131_700, 52)},
				{Name: "POST /users", Counts: events(45_500, 32), P99: 1243 * time.Millisecond},
				{Name: "DELETE /users/{userid}", Counts: events(7, 0)},
			}
		},
		Errors: func(slo.Objective) []statuspage.ErrorGroup {
			return []statuspage.ErrorGroup{
				{Text: "context deadline exceeded: SELECT users", Status: "503", Count: 262, First: now.Add(-29 * day), Last: now.Add(-30 * time.Hour), TraceID: "a41c9be07f3562d1"},
				{Text: "context deadline exceeded: SELECT addresses", Status: "503", Count: 96, First: now.Add(-15 * time.Hour), Last: now.Add(-4 * time.Minute), TraceID: "7b1e4c09a2d85f36"},
				{Text: "panic: nil pointer in preferences.Merge", Status: "500", Count: 44, Last: now.Add(-2 * time.Hour)},
			}
		},
		Lost: func() (spans, lines uint64) { return 0, 12 },
	}
}
