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

// collectActive sends the gauge of a protocol that has been used. A request leaves the shard on which
// it began, so each shard's cell is the number of its active requests at the time of reading, and the
// sum is never out by requests that began or ended meanwhile.
func (in *Instrument) collectActive(ch chan<- prometheus.Metric, protocol int) {
	active := in.active.Sum(protocol)
	if active > 0 || len(load(&in.routes[protocol].known)) > 0 {
		ch <- prometheus.MustNewConstMetric(in.activeDesc, prometheus.GaugeValue,
			float64(active), methodLabel(protocol), schemeLabel(protocol))
	}
}
