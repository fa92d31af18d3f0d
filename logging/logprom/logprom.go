package logprom

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
	"github.com/sligo-go/sligo/logging/logmetric"
)

// A Collector is a prometheus.Collector. Members that are nil are left out; the
// zero value collects nothing.
type Collector struct {
	// Stats is the Stats method of a logging.Handler or a logroute.Router.
	Stats func() logging.Stats

	// Groups are the error groups.
	Groups *logissue.Groups

	// Meter has the metrics taken from lines.
	Meter *logmetric.Meter
}

var (
	lines      = prometheus.NewDesc("log_lines_total", "Lines logged.", []string{"level"}, nil)
	excluded   = prometheus.NewDesc("log_excluded_lines_total", "Lines kept from the sinks by an exclusion rule.", []string{"rule"}, nil)
	sinkLines  = prometheus.NewDesc("log_sink_lines_total", "Lines given to a sink, by what became of them.", []string{"sink", "outcome"}, nil)
	queued     = prometheus.NewDesc("log_sink_queued_lines", "Lines given to a sink and not written yet.", []string{"sink"}, nil)
	errorsSeen = prometheus.NewDesc("log_errors_total", "Errors seen by the error groups.", nil, nil)
	groups     = prometheus.NewDesc("log_error_groups", "Error groups kept.", nil, nil)
	unreadable = prometheus.NewDesc("log_unreadable_fields_total", "Lines whose field was no number.", []string{"metric"}, nil)
)

// Describe sends nothing: the metrics depend on the rules and sinks.
func (c *Collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the metrics.
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	if c.Stats != nil {
		collectStats(ch, c.Stats())
	}
	if c.Groups != nil {
		s := c.Groups.Summary()
		ch <- counter(errorsSeen, s.Total)
		ch <- gauge(groups, uint64(len(s.Groups)))
	}
	if c.Meter != nil {
		for _, m := range c.Meter.Metrics() {
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

func collectMetric(ch chan<- prometheus.Metric, m logmetric.Metric) {
	labels := make([]string, len(m.Rule.Labels))
	for i, l := range m.Rule.Labels {
		labels[i] = logmetric.LabelName(l)
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
		buckets := make(map[float64]uint64, len(s.Buckets))
		for i, n := range s.Buckets {
			buckets[m.Rule.Buckets[i]] = n
		}
		ch <- prometheus.MustNewConstHistogram(desc, s.Count, s.Sum, buckets, s.Labels...)
	}
	ch <- counter(unreadable, m.Unreadable, m.Rule.Name)
}

func counter(d *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

func gauge(d *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
}
