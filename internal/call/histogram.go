package call

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/cells"
)

// Histogram is a histogram that each series has in its cells, and its form on
// the scrape.
type Histogram struct {
	*cells.Histogram
	desc   *prometheus.Desc
	unit   float64   // the exposed unit, in observed ones
	bounds []float64 // in the exposed unit
}

// Histograms are the histograms of every series of a kind of call. The first
// one is the duration.
type Histograms struct {
	labels  []string
	layout  cells.Layout
	inCells []*Histogram

	// Duration is in the cells. It is nil if the histogram is native.
	Duration *Histogram
	native   *prometheus.HistogramVec
}

// NewHistograms returns the histogram of durations with the given name and
// labels. Its buckets are ascending. If native is true, client_golang counts
// it, with native buckets besides the classic ones.
func NewHistograms(name, help string, labels []string, buckets []time.Duration, native bool) *Histograms {
	hs := &Histograms{labels: labels}
	if native {
		hs.native = newNative(name, help, labels, buckets)
		return hs
	}
	bounds := make([]int64, len(buckets))
	for i, b := range buckets {
		bounds[i] = int64(b)
	}
	hs.Duration = hs.add(name, help, bounds, float64(time.Second))
	return hs
}

// AddSize adds a histogram of sizes in bytes. Its bounds are ascending.
func (hs *Histograms) AddSize(name, help string, bounds []int64) *Histogram {
	return hs.add(name, help, bounds, 1)
}

// add adds a histogram to the cells of each series.
func (hs *Histograms) add(name, help string, bounds []int64, unit float64) *Histogram {
	h := &Histogram{
		Histogram: hs.layout.Histogram(bounds),
		desc:      prometheus.NewDesc(name, help, hs.labels, nil),
		unit:      unit,
	}
	for _, b := range bounds {
		h.bounds = append(h.bounds, float64(b)/unit)
	}
	hs.inCells = append(hs.inCells, h)
	return h
}

// Describe sends the descriptions of the histograms.
func (hs *Histograms) Describe(ch chan<- *prometheus.Desc) {
	for _, h := range hs.inCells {
		ch <- h.desc
	}
	if hs.native != nil {
		hs.native.Describe(ch)
	}
}

// Collect sends the histograms of a series.
func (hs *Histograms) Collect(ch chan<- prometheus.Metric, s *Series) {
	for i := range s.metrics {
		m := &s.metrics[i]
		if m.histogram == hs.Duration {
			ch <- s.exemplars.Load().with(m)
		} else {
			ch <- m
		}
	}
}

// CollectNative sends the native histograms of all series.
func (hs *Histograms) CollectNative(ch chan<- prometheus.Metric) {
	if hs.native != nil {
		hs.native.Collect(ch)
	}
}

// newNative returns a histogram of durations with classic and native buckets.
func newNative(name, help string, labels []string, bounds []time.Duration) *prometheus.HistogramVec {
	seconds := make([]float64, len(bounds))
	for i, b := range bounds {
		seconds[i] = float64(b) / float64(time.Second)
	}
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: name,
		Help: help,
		// Beyond 104 days, bounds that differ in nanoseconds can be equal as
		// float64 seconds.
		Buckets: slices.Compact(seconds),
		// Neighboring bounds differ by at most 10 %, for which client_golang
		// takes 2^(1/8). 160 such buckets span a factor of a million, 2^20, for
		// example from 10 microseconds to 10 seconds. If durations need more,
		// memory does not grow: a histogram older than an hour starts again,
		// and a younger one halves its resolution.
		NativeHistogramBucketFactor:     1.1,
		NativeHistogramMaxBucketNumber:  160,
		NativeHistogramMinResetDuration: time.Hour,
	}, labels)
}
