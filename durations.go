package sligo

import (
	"cmp"
	"math"
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// durations are the buckets of histograms in ascending order, in seconds.
type durations []bucket

// bucket has the number of durations above lower and up to upper.
type bucket struct {
	lower, upper float64
	n            uint64
}

// bucketsOf returns the classic buckets of a histogram that are not empty. The
// instrument has them besides native ones. An exemplar can add a bucket without
// an upper bound.
func bucketsOf(h *dto.Histogram) durations {
	var all durations
	lower, before := 0.0, uint64(0)
	for _, b := range h.GetBucket() {
		if n := b.GetCumulativeCount() - before; n > 0 {
			all = append(all, bucket{lower, b.GetUpperBound(), n})
		}
		lower, before = b.GetUpperBound(), b.GetCumulativeCount()
	}
	if n := h.GetSampleCount() - before; n > 0 && !math.IsInf(lower, 1) {
		all = append(all, bucket{lower, math.Inf(1), n})
	}
	return all
}

// exemplar is the trace of one duration.
type exemplar struct {
	traceID string
	seconds float64
	at      time.Time
}

// exemplarsOf returns the exemplars of a histogram's classic buckets.
func exemplarsOf(h *dto.Histogram) []exemplar {
	var all []exemplar
	for _, b := range h.GetBucket() {
		for _, l := range b.GetExemplar().GetLabel() {
			if l.GetName() == "trace_id" {
				all = append(all, exemplar{l.GetValue(), b.GetExemplar().GetValue(), b.GetExemplar().GetTimestamp().AsTime()})
			}
		}
	}
	return all
}

// sorted puts the buckets of several histograms in order.
func (d durations) sorted() durations {
	slices.SortFunc(d, func(a, b bucket) int { return cmp.Compare(a.upper, b.upper) })
	return d
}

func (d durations) count() (n uint64) {
	for _, b := range d {
		n += b.n
	}
	return n
}

// within returns how many durations are at most a bound. It is exact if the
// bound is the bound of a bucket, as the instrument makes it for each
// indicator. Otherwise the durations of a bucket are taken as evenly spread.
func (d durations) within(bound time.Duration) (n uint64) {
	// Both are the nearest float64 of the same number of nanoseconds.
	seconds := bound.Seconds()
	for _, b := range d {
		switch {
		case b.upper <= seconds:
			n += b.n
		case b.lower < seconds && !math.IsInf(b.upper, 1):
			n += uint64(float64(b.n) * (seconds - b.lower) / (b.upper - b.lower))
		}
	}
	return n
}

// quantile returns the duration within which a share of all durations lies. The
// durations of a bucket are taken as evenly spread. Beyond the largest bound it
// returns that one, as Prometheus does. The buckets must be in order.
func (d durations) quantile(share float64) time.Duration {
	rank := share * float64(d.count())
	for _, b := range d {
		if n := float64(b.n); n < rank {
			rank -= n
			continue
		}
		if math.IsInf(b.upper, 1) {
			return fromSeconds(b.lower)
		}
		return fromSeconds(b.lower + (b.upper-b.lower)*rank/float64(b.n))
	}
	return 0
}

// fromSeconds returns a number of seconds as a duration.
func fromSeconds(s float64) time.Duration { return time.Duration(math.Round(s * float64(time.Second))) }
