package sloprom

import (
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/slo"
)

var (
	identity = []string{promtext.LabelService, promtext.LabelSLI, promtext.LabelSLO, promtext.LabelWindow}

	targetDesc = prometheus.NewDesc(promtext.MetricTarget,
		"The share of the SLI's valid events that the objective promises to be good, from 0 to 1.", identity, nil)
	infoDesc = prometheus.NewDesc(promtext.MetricInfo,
		"Always 1. The labels describe the objective.", append(identity[:len(identity):len(identity)],
			promtext.LabelKind, promtext.LabelJourney, promtext.LabelOwner, promtext.LabelTier), nil)
)

// Collector is a [prometheus.Collector] of the definitions of objectives.
type Collector struct {
	metrics []prometheus.Metric
}

// NewCollector returns a collector for the objectives of a process, of all its
// services. The objectives should be valid: see [slo.Validate]. A registry
// accepts one Collector.
//
// A mistake in an objective never fails a scrape: of objectives with the same
// service, indicator, name and window only the first is exposed, an objective
// without a valid target has no slo_target_ratio, and U+FFFD replaces invalid
// UTF-8. Later changes of the objectives have no effect.
func NewCollector(objectives ...slo.Objective) *Collector {
	c := new(Collector)
	seen := make(map[[4]string]bool, len(objectives))
	for _, o := range objectives {
		id := [4]string{valid(o.Indicator.Service), valid(o.Indicator.Name), valid(o.SLO()), o.Window.String()}
		if seen[id] {
			continue
		}
		seen[id] = true
		if target, err := strconv.ParseFloat(o.Target.Decimal(), 64); err == nil && o.Target.IsValid() {
			c.metrics = append(c.metrics, gauge(targetDesc, target, id[:]...))
		}
		c.metrics = append(c.metrics, gauge(infoDesc, 1, append(id[:],
			valid(string(o.Indicator.Kind)), valid(o.Indicator.Journey), valid(o.Owner), valid(o.Tier))...))
	}
	return c
}

// valid returns the text without invalid UTF-8, which a scrape cannot hold.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

func gauge(desc *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
}

// Describe implements [prometheus.Collector].
func (c *Collector) Describe(ch chan<- *prometheus.Desc) {
	ch <- targetDesc
	ch <- infoDesc
}

// Collect implements [prometheus.Collector].
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	for _, m := range c.metrics {
		ch <- m
	}
}
