// Package traceprom exposes the counts of exported spans to Prometheus.
//
// The gauge tracing_enabled is 1 if sampled spans are given to an exporter. It
// is 0 without exporters, after a mistake that keeps all of them from starting,
// and when the environment disables tracing. The counts below then stand still,
// so an alert on lost spans stays silent. To be alerted to tracing that is off,
// use
//
//	max_over_time(tracing_enabled[15m]) == 0
//
// Each exporter has these series:
//
//	tracing_exporter_spans_total{exporter="otlp",outcome="done"}
//	tracing_exporter_spans_total{exporter="otlp",outcome="dropped"}
//	tracing_exporter_spans_total{exporter="otlp",outcome="failed"}
//	tracing_exporter_dropped_spans_total{exporter="otlp",reason="queue"}
//	tracing_exporter_dropped_spans_total{exporter="otlp",reason="queue_bytes"}
//	tracing_exporter_dropped_spans_total{exporter="otlp",reason="shutdown"}
//	tracing_exporter_queued_spans{exporter="otlp"}
//	tracing_exporter_queued_bytes{exporter="otlp"}
//
// Done spans were accepted by the receiver. Dropped spans found the queue
// full or ended after the shutdown. Failed spans were rejected or not sent in
// time. Queued spans are waiting or being sent. The values are read at the
// same moment and add up to the spans given to the exporter. The reasons of the
// dropped spans are the two limits of the queue and the shutdown. All series
// exist, at zero, from the first scrape. To be alerted to losses, use
//
//	increase(tracing_exporter_spans_total{outcome=~"dropped|failed"}[10m]) > 0
//
// With tail sampling there are also tracing_tail_spans_total, with the outcomes
// kept, discarded and evicted, and the gauge tracing_tail_held_spans.
//
// A Collector is safe for concurrent use. To register the collectors of two
// processors, tell them apart by prometheus.WrapRegistererWith.
package traceprom

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/tracing"
)

var (
	spans = prometheus.NewDesc("tracing_exporter_spans_total",
		"Spans given to an exporter, by outcome.", []string{"exporter", "outcome"}, nil)
	dropped = prometheus.NewDesc("tracing_exporter_dropped_spans_total",
		"Spans that an exporter did not get, by reason.", []string{"exporter", "reason"}, nil)
	queued = prometheus.NewDesc("tracing_exporter_queued_spans",
		"Spans given to an exporter that are waiting or being sent.", []string{"exporter"}, nil)
	bytes = prometheus.NewDesc("tracing_exporter_queued_bytes",
		"Memory of the spans that are waiting or being sent.", []string{"exporter"}, nil)
	tail = prometheus.NewDesc("tracing_tail_spans_total",
		"Spans that were not sampled, by the decision about their request.", []string{"outcome"}, nil)
	enabled = prometheus.NewDesc("tracing_enabled",
		"Whether sampled spans are given to an exporter (1) or tracing is off (0).", nil, nil)
	held = prometheus.NewDesc("tracing_tail_held_spans",
		"Spans that were not sampled and wait for the end of their request.", nil, nil)
)

// Source has the counts of spans: a [*tracing.Provider] or a
// [*tracing.Processor].
type Source interface {
	// Exporting reports whether sampled spans are given to an exporter.
	Exporting() bool
	// Stats returns the counts of each exporter.
	Stats() []tracing.Stats
	// TailStats returns the counts of tail sampling, or false without it.
	TailStats() (tracing.TailStats, bool)
}

// Collector is a [prometheus.Collector] of a source's counts.
type Collector struct{ source Source }

// NewCollector returns a collector for a source. A nil source is one whose
// tracing is off.
func NewCollector(s Source) *Collector {
	if s == nil {
		s = (*tracing.Provider)(nil)
	}
	return &Collector{s}
}

// Describe implements [prometheus.Collector].
func (c *Collector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{enabled, spans, dropped, queued, bytes, tail, held} {
		ch <- desc
	}
}

// Collect implements [prometheus.Collector].
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	var on uint64
	if c.source.Exporting() {
		on = 1
	}
	ch <- gauge(enabled, on)
	for _, s := range c.source.Stats() {
		ch <- counter(spans, s.Counts.Done, s.Exporter, "done")
		ch <- counter(spans, s.Counts.Dropped, s.Exporter, "dropped")
		ch <- counter(spans, s.Counts.Failed, s.Exporter, "failed")
		ch <- counter(dropped, s.QueueFull, s.Exporter, "queue")
		ch <- counter(dropped, s.BytesFull, s.Exporter, "queue_bytes")
		ch <- counter(dropped, s.Counts.Dropped-s.QueueFull-s.BytesFull, s.Exporter, "shutdown")
		ch <- gauge(queued, s.Counts.Queued, s.Exporter)
		ch <- gauge(bytes, s.QueuedBytes, s.Exporter)
	}
	if s, ok := c.source.TailStats(); ok {
		ch <- counter(tail, s.Kept, "kept")
		ch <- counter(tail, s.Discarded, "discarded")
		ch <- counter(tail, s.Evicted, "evicted")
		ch <- gauge(held, s.Held)
	}
}

func counter(desc *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n), labels...)
}

func gauge(desc *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n), labels...)
}
