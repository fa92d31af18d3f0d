package middleware

import "github.com/prometheus/client_golang/prometheus"

func newActiveDesc() *prometheus.Desc {
	return prometheus.NewDesc("http_server_active_requests", "Number of active HTTP server requests.", labelNames[:2], nil)
}

// Describe implements [prometheus.Collector].
func (in *Instrument) Describe(ch chan<- *prometheus.Desc) {
	ch <- in.activeDesc
	in.histograms.Describe(ch)
	in.work.Describe(ch)
	in.client.Describe(ch)
	for _, f := range in.shared.list() {
		f.Describe(ch)
	}
}

// Collect implements [prometheus.Collector].
func (in *Instrument) Collect(ch chan<- prometheus.Metric) {
	active := in.inFlight.Active()
	for ms := range in.routes {
		in.collectActive(ch, methodScheme(ms), active[ms])
		for rt := range in.routes[ms].all() {
			for _, s := range rt.series.Load() {
				in.histograms.Collect(ch, s.Series)
			}
		}
	}
	in.histograms.CollectNative(ch)
	in.work.Collect(ch)
	in.client.Collect(ch)
	for _, f := range in.shared.list() {
		f.Collect(ch)
	}
}

// collectActive sends the gauge of a method and scheme that have been used.
func (in *Instrument) collectActive(ch chan<- prometheus.Metric, ms methodScheme, active uint32) {
	if active > 0 || len(in.routes[ms].known.Load()) > 0 {
		ch <- prometheus.MustNewConstMetric(in.activeDesc, prometheus.GaugeValue,
			float64(active), ms.method(), ms.scheme())
	}
}
