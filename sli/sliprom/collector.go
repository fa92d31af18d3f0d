package sliprom

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
)

// bornFor is how long a group that begins after its recorder is exposed as
// zero. It includes a scrape even at an interval of one minute, and if one
// scrape fails.
const bornFor = 2 * time.Minute

// Collector is a [prometheus.Collector] of the counts of recorders.
type Collector struct {
	recorders []*sli.Recorder
	grouped   bool // adds the label sli_group

	// by indicator and group
	good, valid, ignored, overdue *prometheus.Desc
	// by indicator
	seen, overflow *prometheus.Desc
	// by service
	unmatched, unrouted *prometheus.Desc
}

// NewCollector returns a collector for the recorders of a process, one for
// each service that it runs. A nil recorder has no series. A registry accepts
// one Collector. If two recorders have indicators of the same service and
// name, the scrape fails, as it does for any duplicate series.
func NewCollector(recorders ...*sli.Recorder) *Collector {
	c := &Collector{recorders: recorders, grouped: slices.ContainsFunc(recorders, hasGroups)}
	service, indicator := []string{promtext.LabelService}, []string{promtext.LabelService, promtext.LabelSLI}
	events := indicator
	if c.grouped {
		events = []string{promtext.LabelService, promtext.LabelSLI, promtext.LabelGroup}
	}
	desc := func(name, help string, labels []string, more ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, append(slices.Clone(labels), more...), nil)
	}
	c.valid = desc(promtext.MetricValidEvents, "Events that count for the SLI.", events)
	c.good = desc(promtext.MetricGoodEvents, "Events that count for the SLI and met its criterion.", events)
	c.ignored = desc(promtext.MetricIgnoredEvents, "Events of the SLI's requests that do not count, by reason.", events, promtext.LabelReason)
	c.overdue = desc(promtext.MetricOverdueEvents, "Events in flight whose bound has passed before their answer began, without a verdict.", events)
	c.seen = desc(promtext.MetricRequestSeen, "Whether an event has matched the entry of the SLI's requests.", indicator, promtext.LabelRequest)
	c.overflow = desc(promtext.MetricGroupOverflow, "Whether the SLI has reached its maximum of groups.", indicator)
	c.unmatched = desc(promtext.MetricUnmatchedEvents, "Events that no SLI of the service lists.", service)
	c.unrouted = desc(promtext.MetricUnroutedRequests, "Requests that arrived without the pattern of their route.", service)
	return c
}

func hasGroups(r *sli.Recorder) bool {
	return slices.ContainsFunc(r.Indicators(), func(ind sli.Indicator) bool { return isGrouped(ind.Groups) })
}

func isGrouped(g sli.Groups) bool { return g.Max != 0 || len(g.Values) > 0 }

// Describe implements [prometheus.Collector].
func (c *Collector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		c.good, c.valid, c.ignored, c.overdue, c.seen, c.overflow, c.unmatched, c.unrouted,
	} {
		ch <- desc
	}
}

// Collect implements [prometheus.Collector].
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	s := scrape{Collector: c, ch: ch, now: time.Now()}
	for _, r := range c.recorders {
		report := r.Report()
		for i, ind := range r.Indicators() {
			s.indicator(report.Created, ind, report.Indicators[i])
		}
		s.add(report)
	}
	s.services()
}

// scrape is one call of Collect.
type scrape struct {
	*Collector
	ch  chan<- prometheus.Metric
	now time.Time

	// reports has one for each service, with the sums of its recorders.
	reports []sli.Report
}

func (s *scrape) indicator(created time.Time, ind sli.Indicator, t sli.Tally) {
	s.seenRequests(ind, t)
	if ind.Groups.Max != 0 {
		s.gauge(s.overflow, number(t.Overflow), ind.Service, ind.Name)
	}
	if !isGrouped(ind.Groups) {
		s.tally(t, created, ind, "")
	}
	for _, group := range t.Groups {
		s.tally(group, created, ind, group.Name)
	}
}

func (s *scrape) seenRequests(ind sli.Indicator, t sli.Tally) {
	for _, entry := range ind.Requests {
		if seen, ok := t.Seen[entry]; ok {
			s.gauge(s.seen, number(seen), ind.Service, ind.Name, entry)
			delete(t.Seen, entry) // Requests may repeat it
		}
	}
}

// tally exposes the events of an indicator or of a group.
func (s *scrape) tally(t sli.Tally, created time.Time, ind sli.Indicator, group string) {
	labels := []string{ind.Service, ind.Name}
	if s.grouped {
		labels = append(labels, group)
	}
	begins := t.Since.After(created) && s.now.Sub(t.Since) < bornFor
	count := func(desc *prometheus.Desc, n uint64, labels ...string) {
		if begins {
			n = 0
		}
		s.counter(desc, n, t.Since, labels...)
	}
	count(s.valid, t.Counts.Valid, labels...)
	count(s.good, t.Counts.Good, labels...)
	for reason, n := range t.Ignored {
		count(s.ignored, n, append(labels, string(reason))...)
	}
	s.gauge(s.overdue, float64(t.Overdue), labels...)
}

// add adds the events of a recorder that belong to no indicator. A program may
// have several recorders of one service.
func (s *scrape) add(r sli.Report) {
	if r.Service == "" {
		return
	}
	for i := range s.reports {
		if same := &s.reports[i]; same.Service == r.Service {
			same.Unmatched += r.Unmatched
			same.Unrouted += r.Unrouted
			return
		}
	}
	s.reports = append(s.reports, r)
}

func (s *scrape) services() {
	for _, r := range s.reports {
		s.counter(s.unmatched, r.Unmatched, r.Created, r.Service)
		s.counter(s.unrouted, r.Unrouted, r.Created, r.Service)
	}
}

func (s *scrape) counter(desc *prometheus.Desc, n uint64, since time.Time, labels ...string) {
	s.ch <- prometheus.MustNewConstMetricWithCreatedTimestamp(desc, prometheus.CounterValue, float64(n), since, labels...)
}

func (s *scrape) gauge(desc *prometheus.Desc, value float64, labels ...string) {
	s.ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
}

func number(flag bool) float64 {
	if flag {
		return 1
	}
	return 0
}
