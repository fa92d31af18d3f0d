package call

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// metric is a histogram of one series on the scrape. It reads the cells when
// the registry writes it. A scrape of many series then allocates only the parts
// of the exposition.
type metric struct {
	histogram *Histogram
	series    *Series
}

// template returns the parts of a series' metrics that never change: the labels
// and the time of creation.
func template(desc *prometheus.Desc, created time.Time, labels []string) *dto.Metric {
	t := new(dto.Metric)
	m := prometheus.MustNewConstHistogramWithCreatedTimestamp(desc, 0, 0, nil, created, labels...)
	_ = m.Write(t) // always nil
	return t
}

// Desc implements [prometheus.Metric].
func (m *metric) Desc() *prometheus.Desc { return m.histogram.desc }

// Write implements [prometheus.Metric].
func (m *metric) Write(out *dto.Metric) error {
	h := m.histogram
	snapshot := h.Snapshot(m.series.cells, nil)
	cumulative := snapshot.Buckets // becomes cumulative below
	buckets := make([]dto.Bucket, len(h.bounds))
	// An exemplar above all bounds adds a bucket.
	pointers := make([]*dto.Bucket, 0, len(h.bounds)+1)
	for i := range buckets {
		if i > 0 {
			cumulative[i] += cumulative[i-1]
		}
		if i+1 < len(h.bounds) && h.bounds[i] == h.bounds[i+1] {
			continue // beyond 104 days, both can be equal as float64
		}
		buckets[i].UpperBound, buckets[i].CumulativeCount = &h.bounds[i], &cumulative[i]
		pointers = append(pointers, &buckets[i])
	}
	sum := float64(snapshot.Sum) / h.unit
	out.Label = m.series.template.GetLabel()
	out.Histogram = &dto.Histogram{
		SampleCount: &snapshot.Count, SampleSum: &sum, Bucket: pointers,
		CreatedTimestamp: m.series.template.GetHistogram().GetCreatedTimestamp(),
	}
	return nil
}
