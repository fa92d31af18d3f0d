package middleware

import "github.com/prometheus/client_golang/prometheus"

func newActiveDesc() *prometheus.Desc {
	return prometheus.NewDesc("http_server_active_requests", "Number of active HTTP server requests.", labelNames[:2], nil)
}

// Describe implements [prometheus.Collector].
func (in *Instrument) Describe(ch chan<- *prometheus.Desc) {
	ch <- in.activeDesc
	for _, h := range in.histograms.inCells() {
		ch <- h.desc
	}
	if in.native != nil {
		in.native.Describe(ch)
	}
}

// Collect implements [prometheus.Collector].
func (in *Instrument) Collect(ch chan<- prometheus.Metric) {
	for protocol := range protocols {
		in.collectActive(ch, protocol)
		for rt := range in.routes[protocol].all() {
			for _, s := range load(&rt.series) {
				for _, h := range in.histograms.inCells() {
					h.collect(ch, s)
				}
			}
		}
	}
	if in.native != nil {
		in.native.Collect(ch)
	}
}

// collectActive sends the gauge of a protocol that has been used. Finished requests are read first,
// so that no request is seen to finish before it started.
func (in *Instrument) collectActive(ch chan<- prometheus.Metric, protocol int) {
	finished := in.active.Sum(2*protocol + 1)
	started := in.active.Sum(2 * protocol)
	if started > 0 {
		ch <- prometheus.MustNewConstMetric(in.activeDesc, prometheus.GaugeValue,
			float64(started-finished), methodLabel(protocol), schemeLabel(protocol))
	}
}
