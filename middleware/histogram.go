package middleware

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/cells"
)

// histogram says where each series has a histogram in its cells: a cell for each bound, then one for
// what is above all, then the sum. The count is the sum of the cells, so that a scrape never shows a
// count that disagrees with the buckets.
type histogram struct {
	desc   *prometheus.Desc
	bounds []int64 // ascending, inclusive
	unit   float64 // how many of the bounds' units make one of the exposed
	first  int     // cell
}

// overflow is the cell for what is above all bounds, sum the one after it, next the one behind all.
func (h *histogram) overflow() int { return h.first + len(h.bounds) }
func (h *histogram) sum() int      { return h.overflow() + 1 }
func (h *histogram) next() int     { return h.overflow() + 2 }

// observe adds v to the histogram. A negative v, as the size of an absent body can be, counts as zero,
// since the sum must not fall.
func (h *histogram) observe(set *cells.Set, shard int, v int64) {
	v = max(v, 0)
	bucket := 0
	for bucket < len(h.bounds) && v > h.bounds[bucket] {
		bucket++
	}
	set.Add(shard, h.first+bucket, 1)
	set.Add(shard, h.sum(), uint64(v))
}

func (h *histogram) collect(ch chan<- prometheus.Metric, s *series) {
	var count uint64
	buckets := make(map[float64]uint64, len(h.bounds))
	for i, bound := range h.bounds {
		count += s.cells.Sum(h.first + i)
		buckets[float64(bound)/h.unit] = count
	}
	count += s.cells.Sum(h.overflow())
	sum := float64(s.cells.Sum(h.sum())) / h.unit
	ch <- prometheus.MustNewConstHistogramWithCreatedTimestamp(h.desc, count, sum, buckets, s.created, s.labels...)
}

// histograms are those of each series. Nil are those that are not kept in cells.
type histograms struct{ duration, requestSize, responseSize *histogram }

func newHistograms(c *Options) histograms {
	var hs histograms
	first := 0
	add := func(name, help string, bounds []int64, unit float64) *histogram {
		h := &histogram{desc: prometheus.NewDesc(name, help, labelNames, nil), bounds: bounds, unit: unit, first: first}
		first = h.next()
		return h
	}
	if !c.NativeHistograms {
		bounds := make([]int64, len(c.Buckets))
		for i, b := range c.Buckets {
			bounds[i] = int64(b)
		}
		hs.duration = add(durationName, durationHelp, bounds, float64(time.Second))
	}
	if !c.OmitBodySizes {
		hs.requestSize = add("http_server_request_body_size_bytes", "Size of HTTP server request bodies.", c.SizeBuckets, 1)
		hs.responseSize = add("http_server_response_body_size_bytes", "Size of HTTP server response bodies.", c.SizeBuckets, 1)
	}
	return hs
}

// inCells returns the histograms that are kept in cells.
func (hs *histograms) inCells() []*histogram {
	var all []*histogram
	for _, h := range []*histogram{hs.duration, hs.requestSize, hs.responseSize} {
		if h != nil {
			all = append(all, h)
		}
	}
	return all
}

// size returns how many cells a series needs.
func (hs *histograms) size() int {
	n := 0
	for _, h := range hs.inCells() {
		n = h.next()
	}
	return n
}

const (
	durationName = "http_server_request_duration_seconds"
	durationHelp = "Duration of HTTP server requests."
)

// newNative returns the duration histogram as a classic and native one.
func newNative(bounds []time.Duration) *prometheus.HistogramVec {
	seconds := make([]float64, len(bounds))
	for i, b := range bounds {
		seconds[i] = float64(b) / float64(time.Second)
	}
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    durationName,
		Help:    durationHelp,
		Buckets: slices.Compact(seconds), // bounds beyond 104 days can be neighbours in ns and equal in float64
		// Neighbouring bounds differ by at most 10 %, which client_golang takes as 2^(1/8). 160
		// such buckets span a factor of a million, 2^20, as from 10 microseconds to 10 seconds.
		// When durations need more, a histogram that is an hour old starts anew, and a younger
		// one falls in resolution, rather than that memory rises.
		NativeHistogramBucketFactor:     1.1,
		NativeHistogramMaxBucketNumber:  160,
		NativeHistogramMinResetDuration: time.Hour,
	}, labelNames)
}
