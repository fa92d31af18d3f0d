// Package traceprom exposes what became of spans to Prometheus.
//
// Each exporter has four counters and a gauge, labelled with its name:
//
//	tracing_ended_spans_total{exporter="otlp"}      that were to be exported
//	tracing_exported_spans_total{exporter="otlp"}   that the receiver accepted
//	tracing_failed_spans_total{exporter="otlp"}     that were refused, or could not be sent in time
//	tracing_dropped_spans_total{exporter="otlp"}    that found the queue full, or came after the shutdown
//	tracing_queued_spans{exporter="otlp"}           that wait or are being sent
//
// They come from one read, in which ended = exported + failed + dropped + queued. All exist, at
// zero, from the first scrape. What calls for a person is
//
//	increase(tracing_failed_spans_total[10m]) + increase(tracing_dropped_spans_total[10m]) > 0
//
// With tail sampling there are also tracing_tail_kept_spans_total, tracing_tail_discarded_spans_total,
// tracing_tail_evicted_spans_total and the gauge tracing_tail_held_spans.
//
// A Collector is safe for concurrent use.
package traceprom

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/tracing"
)

// Collector is a [prometheus.Collector] of the counts of a tracing.
type Collector struct {
	tracing   *tracing.Provider
	exporters []series[tracing.Stats]
	tail      []series[tracing.TailStats]
}

// series is a metric and where its value is.
type series[T any] struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(T) uint64
}

// NewCollector returns a collector for the tracing of a process, nil for one that is not traced.
func NewCollector(t *tracing.Provider) *Collector {
	type S = tracing.Stats
	type T = tracing.TailStats
	const counter, gauge = prometheus.CounterValue, prometheus.GaugeValue
	return &Collector{
		tracing: t,
		exporters: []series[S]{
			{desc("ended_spans_total", "Spans that ended and were to be exported.", "exporter"), counter, func(s S) uint64 { return s.Ended }},
			{desc("exported_spans_total", "Spans that the receiver accepted.", "exporter"), counter, func(s S) uint64 { return s.Exported }},
			{desc("failed_spans_total", "Spans that the receiver refused or that could not be sent in time.", "exporter"), counter, func(s S) uint64 { return s.Failed }},
			{desc("dropped_spans_total", "Spans that found the queue full or came after the shutdown.", "exporter"), counter, func(s S) uint64 { return s.Dropped }},
			{desc("queued_spans", "Spans that wait or are being sent.", "exporter"), gauge, func(s S) uint64 { return s.Queued }},
		},
		tail: []series[T]{
			{desc("tail_kept_spans_total", "Spans that were not sampled and are exported, since their request went wrong."), counter, func(s T) uint64 { return s.Kept }},
			{desc("tail_discarded_spans_total", "Spans that were not sampled and whose request went well."), counter, func(s T) uint64 { return s.Discarded }},
			{desc("tail_evicted_spans_total", "Spans that were let go before the end of their request, for want of room."), counter, func(s T) uint64 { return s.Evicted }},
			{desc("tail_held_spans", "Spans that were not sampled and wait for the end of their request."), gauge, func(s T) uint64 { return s.Held }},
		},
	}
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("tracing_"+name, help, labels, nil)
}

// Describe implements [prometheus.Collector].
func (c *Collector) Describe(ch chan<- *prometheus.Desc) {
	for _, s := range c.exporters {
		ch <- s.desc
	}
	for _, s := range c.tail {
		ch <- s.desc
	}
}

// Collect implements [prometheus.Collector].
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	for _, stats := range c.tracing.Stats() {
		for _, s := range c.exporters {
			ch <- prometheus.MustNewConstMetric(s.desc, s.kind, float64(s.value(stats)), stats.Exporter)
		}
	}
	stats, ok := c.tracing.TailStats()
	if !ok {
		return
	}
	for _, s := range c.tail {
		ch <- prometheus.MustNewConstMetric(s.desc, s.kind, float64(s.value(stats)))
	}
}
