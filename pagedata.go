package sligo

import (
	"maps"
	"slices"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/slo"
)

// pageKits are the kits of a page.
type pageKits []*Kit

// of returns the kit of an objective, or nil.
func (p pageKits) of(o slo.Objective) *Kit {
	for _, k := range p {
		if k.service == o.Indicator.Service {
			return k
		}
	}
	return nil
}

func (p pageKits) routes(o slo.Objective) []statuspage.Route {
	if k := p.of(o); k != nil {
		return k.routes(o)
	}
	return nil
}

// ledger returns the ledgers of the kits' pages as one. An entry that several
// of them have is there once.
func (p pageKits) ledger() ledger.Ledger {
	var all ledger.Ledger
	for _, k := range p {
		if k.ledger == nil {
			continue
		}
		l := k.ledger()
		for _, e := range l.Entries {
			if !slices.Contains(all.Entries, e) {
				all.Entries = append(all.Entries, e)
			}
		}
		all.Exclude = append(all.Exclude, l.Exclude...)
	}
	return all
}

func (p pageKits) errors(o slo.Objective) []statuspage.ErrorGroup {
	if k := p.of(o); k != nil {
		return k.errorGroups()
	}
	return nil
}

// lost returns the numbers of spans and of lines that were lost.
func (p pageKits) lost() (spans, lines uint64) {
	for _, k := range p {
		for _, e := range k.Tracing.Stats() {
			spans += e.Counts.Lost()
		}
		for _, c := range k.logs.Stats().Sinks {
			lines += c.Lost()
		}
	}
	return spans, lines
}

// telemetry returns the fate of the spans and of the lines, for each exporter
// and for each sink.
func (p pageKits) telemetry() []statuspage.Fact {
	var facts []statuspage.Fact
	for _, k := range p {
		for _, e := range k.Tracing.Stats() {
			facts = append(facts, statuspage.Fact{Name: k.service + " spans", Text: e.String()})
		}
		sinks := k.logs.Stats().Sinks
		for _, name := range slices.Sorted(maps.Keys(sinks)) {
			facts = append(facts, statuspage.Fact{Name: k.service + " log lines", Text: name + ": " + sinks[name].String()})
		}
	}
	return facts
}

// routes returns the operations of an objective since the start, from the
// metrics of the instrument.
func (k *Kit) routes(o slo.Objective) []statuspage.Route {
	c, ok := k.traffic.criteria[o.Indicator.Name]
	if !ok {
		return nil
	}
	var all []statuspage.Route
	var took []durations
	var traces []exemplar
	places := map[string]int{}
	for _, m := range k.traffic.now() {
		counts := c.counts(m)
		if counts.Valid == 0 {
			continue
		}
		i, ok := places[m.outcome.Operation]
		if !ok {
			i = len(all)
			places[m.outcome.Operation] = i
			all, took = append(all, statuspage.Route{Name: m.outcome.Operation}), append(took, nil)
			traces = append(traces, exemplar{})
		}
		if e := c.badTrace(m); e.at.After(traces[i].at) {
			traces[i] = e
		}
		all[i].Counts = all[i].Counts.Add(counts)
		if !m.outcome.Canceled {
			took[i] = append(took[i], m.durations...)
		}
	}
	for i := range all {
		all[i].P99, all[i].TraceID = took[i].sorted().quantile(0.99), traces[i].traceID
	}
	return all
}

// latency returns the percentiles of an objective's answers since the start.
func (k *Kit) latency(o slo.Objective) (status.Latency, bool) {
	c, ok := k.traffic.criteria[o.Indicator.Name]
	if !ok {
		return status.Latency{}, false
	}
	var all durations
	for _, m := range k.traffic.now() {
		if !m.outcome.Canceled && c.counts(m).Valid > 0 {
			all = append(all, m.durations...)
		}
	}
	all.sorted()
	return status.Latency{P50: all.quantile(0.5), P95: all.quantile(0.95), P99: all.quantile(0.99)}, len(all) > 0
}

// errorGroups returns the issues of the log that are not resolved.
func (k *Kit) errorGroups() []statuspage.ErrorGroup {
	var groups []statuspage.ErrorGroup
	for _, i := range k.issues.Summary().Issues {
		if !i.Resolved {
			groups = append(groups, statuspage.ErrorGroup{
				Text: i.Title, Status: i.Latest.Status, Count: i.Count, First: i.FirstSeen, Last: i.LastSeen, TraceID: i.Latest.TraceID,
			})
		}
	}
	return groups
}
