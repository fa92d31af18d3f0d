// Package sliprom exposes the counts of an [sli.Recorder] to Prometheus.
//
// Each indicator becomes two counters, labeled with its service and its name:
//
//	sli_valid_events_total{service="users",sli="availability"}
//	sli_good_events_total{service="users",sli="availability"}
//
// Both exist at zero from the first scrape, so that Prometheus sees the
// increase of the first event, and carry the time from which they count. Both
// come from one reading, in which good is never more than valid. An error
// ratio computed from one scrape is therefore never negative.
//
// A Collector is safe for concurrent use.
package sliprom

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/sli"
)

// Collector is a [prometheus.Collector] of the counts of recorders.
type Collector struct {
	recorders   []*sli.Recorder
	good, valid *prometheus.Desc
}

// NewCollector returns a collector for the recorders of a process, one for
// each service that it runs. A nil recorder has no series. A registry accepts
// one Collector. If two recorders have indicators of the same service and
// name, the scrape fails, as it does for any duplicate series.
func NewCollector(recorders ...*sli.Recorder) *Collector {
	labels := []string{"service", "sli"}
	return &Collector{
		recorders: recorders,
		valid:     prometheus.NewDesc("sli_valid_events_total", "Events that count for the SLI.", labels, nil),
		good:      prometheus.NewDesc("sli_good_events_total", "Events that count for the SLI and met its criterion.", labels, nil),
	}
}

// Describe implements [prometheus.Collector].
func (c *Collector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.valid
	ch <- c.good
}

// Collect implements [prometheus.Collector].
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	for _, r := range c.recorders {
		for ind, counts := range r.All() {
			ch <- counter(c.valid, counts.Valid, r, ind)
			ch <- counter(c.good, counts.Good, r, ind)
		}
	}
}

func counter(desc *prometheus.Desc, value uint64, r *sli.Recorder, ind sli.Indicator) prometheus.Metric {
	return prometheus.MustNewConstMetricWithCreatedTimestamp(desc, prometheus.CounterValue, float64(value), r.Created(), ind.Service, ind.Name)
}
