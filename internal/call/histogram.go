package middleware

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/cells"
)

// histogram is a histogram that each series has in its cells, and its form on
// the scrape.
type histogram struct {
	*cells.Histogram
	desc *prometheus.Desc
	unit float64 // the exposed unit, in observed ones
}

// collect sends the histogram of a series. It reads into buf and returns the
// buffer for the next one.
func (h *histogram) collect(ch chan<- prometheus.Metric, s *series, buf []uint64) []uint64 {
	snapshot := h.Snapshot(s.cells, buf)
	cumulative := uint64(0)
	buckets := make(map[float64]uint64, len(h.Bounds()))
	for i, bound := range h.Bounds() {
		cumulative += snapshot.Buckets[i]
		buckets[float64(bound)/h.unit] = cumulative
	}
	sum := float64(snapshot.Sum) / h.unit
	ch <- prometheus.MustNewConstHistogramWithCreatedTimestamp(h.desc, snapshot.Count, sum, buckets, s.created, s.labels...)
	return snapshot.Buckets
}

// histograms are the histograms of every series.
type histograms struct {
	layout  cells.Layout
	inCells []*histogram

	// Also in inCells; nil if the options leave one out.
	duration, requestSize, responseSize *histogram

	// The duration, if Options.NativeHistograms takes it out of the cells.
	native *prometheus.HistogramVec
}

func newHistograms(o *Options) *histograms {
	hs := new(histograms)
	if o.NativeHistograms {
		hs.native = newNative(o.Buckets)
	} else {
		bounds := make([]int64, len(o.Buckets))
		for i, b := range o.Buckets {
			bounds[i] = int64(b)
		}
		hs.duration = hs.add(durationName, durationHelp, bounds, float64(time.Second))
	}
	if !o.OmitBodySizes {
		hs.requestSize = hs.add("http_server_request_body_size_bytes", "Size of HTTP server request bodies.", o.SizeBuckets, 1)
		hs.responseSize = hs.add("http_server_response_body_size_bytes", "Size of HTTP server response bodies.", o.SizeBuckets, 1)
	}
	return hs
}

// add adds a histogram to the cells of each series.
func (hs *histograms) add(name, help string, bounds []int64, unit float64) *histogram {
	h := &histogram{
		Histogram: hs.layout.Histogram(bounds),
		desc:      prometheus.NewDesc(name, help, labelNames, nil),
		unit:      unit,
	}
	hs.inCells = append(hs.inCells, h)
	return h
}

// newSeries returns a series whose histograms are empty.
func (hs *histograms) newSeries(labels ...string) *series {
	s := &series{labels: labels, created: time.Now(), cells: hs.layout.New()}
	if hs.native != nil {
		s.native = hs.native.WithLabelValues(labels...)
	}
	return s
}

// observe adds a request that has ended to the histograms of a series.
func (hs *histograms) observe(s *series, shard int, d time.Duration, requestBytes, responseBytes int64) {
	if hs.duration != nil {
		hs.duration.Observe(s.cells, shard, int64(d))
	} else {
		s.native.Observe(float64(d) / float64(time.Second))
	}
	if hs.requestSize != nil {
		hs.requestSize.Observe(s.cells, shard, requestBytes)
		hs.responseSize.Observe(s.cells, shard, responseBytes)
	}
}

const (
	durationName = "http_server_request_duration_seconds"
	durationHelp = "Duration of HTTP server requests."
)

// newNative returns the duration histogram with classic and native buckets.
func newNative(bounds []time.Duration) *prometheus.HistogramVec {
	seconds := make([]float64, len(bounds))
	for i, b := range bounds {
		seconds[i] = float64(b) / float64(time.Second)
	}
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: durationName,
		Help: durationHelp,
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
	}, labelNames)
}
