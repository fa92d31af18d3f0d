package logprom

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
	"github.com/sligo-go/sligo/logging/logmetric"
)

// A Source has the counts of lines. It is a *logging.Handler or a
// *logroute.Router.
type Source interface {
	// Stats returns the current counts.
	Stats() logging.Stats
}

// Options adds metrics to a [Collector]. The zero value adds none.
type Options struct {
	// Issues adds the number of errors and issues. Nil adds nothing.
	Issues *logissue.Tracker

	// Meter adds the metrics that are taken from lines. Nil adds nothing.
	Meter *logmetric.Meter
}

// A Collector is a [prometheus.Collector] of the counts of logging. Use
// [NewCollector]; the zero value is not valid. It is safe for concurrent use.
type Collector struct {
	source Source
	opts   Options
}

// NewCollector returns a collector of the counts of a source. The options may
// be nil.
func NewCollector(source Source, opts *Options) *Collector {
	c := &Collector{source: source}
	if opts != nil {
		c.opts = *opts
	}
	return c
}

var (
	lines      = prometheus.NewDesc("log_lines_total", "Lines logged, by level.", []string{"level"}, nil)
	excluded   = prometheus.NewDesc("log_excluded_lines_total", "Lines that an exclusion kept from the sinks.", []string{"rule"}, nil)
	sinkLines  = prometheus.NewDesc("log_sink_lines_total", "Lines accepted by a sink that are no longer queued, by outcome.", []string{"sink", "outcome"}, nil)
	queued     = prometheus.NewDesc("log_sink_queued_lines", "Lines accepted by a sink and not yet written.", []string{"sink"}, nil)
	errorsSeen = prometheus.NewDesc("log_errors_total", "Errors seen by the issue tracker.", nil, nil)
	newIssues  = prometheus.NewDesc("log_new_issues_total", "Issues that began.", nil, nil)
	regressed  = prometheus.NewDesc("log_regressed_issues_total", "Issues that occurred again after they were resolved or quiet.", nil, nil)
	issues     = prometheus.NewDesc("log_issues", "Current issues.", nil, nil)
	unreadable = prometheus.NewDesc("log_unreadable_fields_total", "Lines whose field is not a finite number of at least zero.", []string{"metric"}, nil)
)

// Describe sends nothing, because the metrics depend on the rules of the meter.
func (c *Collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the metrics.
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	collectStats(ch, c.source.Stats())
	if c.opts.Issues != nil {
		s := c.opts.Issues.Summary()
		ch <- counter(errorsSeen, s.Total)
		ch <- counter(newIssues, s.New)
		ch <- counter(regressed, s.Regressed)
		ch <- gauge(issues, uint64(len(s.Issues)))
	}
	if c.opts.Meter != nil {
		for _, m := range c.opts.Meter.Metrics() {
			collectMetric(ch, m)
		}
	}
}

func collectStats(ch chan<- prometheus.Metric, s logging.Stats) {
	for level, n := range s.Lines {
		ch <- counter(lines, n, level)
	}
	for rule, n := range s.Excluded {
		ch <- counter(excluded, n, rule)
	}
	for sink, n := range s.Sinks {
		ch <- counter(sinkLines, n.Done, sink, "done")
		ch <- counter(sinkLines, n.Dropped, sink, "dropped")
		ch <- counter(sinkLines, n.Failed, sink, "failed")
		ch <- gauge(queued, n.Queued, sink)
	}
}

// collectMetric sends the series of one rule: counters without a field, and
// histograms with one.
func collectMetric(ch chan<- prometheus.Metric, m logmetric.Metric) {
	labels := make([]string, len(m.Rule.Labels))
	for i, field := range m.Rule.Labels {
		labels[i] = logmetric.LabelName(field)
	}
	help := m.Rule.Help
	if help == "" {
		help = "From log lines."
	}
	if m.Rule.Field == "" {
		desc := prometheus.NewDesc(m.Rule.Name+"_total", help, labels, nil)
		for _, s := range m.Series {
			ch <- counter(desc, s.Count, s.Labels...)
		}
		return
	}
	desc := prometheus.NewDesc(m.Rule.Name, help, labels, nil)
	for _, s := range m.Series {
		ch <- histogram(desc, m.Rule.Buckets, s)
	}
	ch <- counter(unreadable, m.Unreadable, m.Rule.Name)
}

func histogram(d *prometheus.Desc, bounds []float64, s logmetric.Series) prometheus.Metric {
	buckets := make(map[float64]uint64, len(s.Buckets))
	for i, n := range s.Buckets {
		buckets[bounds[i]] = n
	}
	return prometheus.MustNewConstHistogram(d, s.Count, s.Sum, buckets, s.Labels...)
}

func counter(d *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

func gauge(d *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
}
