package call

import (
	"encoding/hex"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// exemplarEvery is the least time between two exemplars of a bucket. Prometheus
// keeps one for each scrape, and an exemplar costs an allocation.
const exemplarEvery = time.Second

// exemplars holds the latest exemplar of each bucket of a series. Prometheus
// takes the bucket from the exemplar's value.
type exemplars []atomic.Pointer[exemplar]

type exemplar struct {
	Trace
	took time.Duration
}

// Trace identifies the sampled trace of a call that ended at a time.
type Trace struct {
	// ID is the trace ID.
	ID [16]byte
	// At is when the call ended.
	At time.Time
}

// ObserveTraced adds the duration of a call and keeps its trace as an exemplar.
// A bucket takes at most one exemplar a second.
func (hs *Histograms) ObserveTraced(s *Series, shard int, d time.Duration, t Trace) {
	if hs.Duration == nil {
		s.observeNative(d, t)
		return
	}
	hs.Duration.Observe(s.cells, shard, int64(d))
	slot := &(*s.slots(len(hs.Duration.Bounds()) + 1))[hs.Duration.Bucket(int64(d))]
	latest := slot.Load()
	if latest == nil || due(t.At.Sub(latest.At)) {
		slot.CompareAndSwap(latest, &exemplar{t, d})
	}
}

// due reports whether the next exemplar may follow the latest one. A clock that
// was set back must not stop exemplars until it has caught up.
func due(since time.Duration) bool { return since >= exemplarEvery || since < 0 }

// slots returns the exemplars of the series, which it makes at the first call.
func (s *Series) slots(buckets int) *exemplars {
	if slots := s.exemplars.Load(); slots != nil {
		return slots
	}
	made := make(exemplars, buckets)
	s.exemplars.CompareAndSwap(nil, &made)
	return s.exemplars.Load()
}

// observeNative gives client_golang at most one exemplar a second, since each
// costs it several allocations.
func (s *Series) observeNative(d time.Duration, t Trace) {
	latest, at := s.shown.Load(), t.At.UnixNano()
	if !due(time.Duration(at-latest)) || !s.shown.CompareAndSwap(latest, at) {
		s.native.Observe(d.Seconds())
		return
	}
	observer := s.native.(prometheus.ExemplarObserver) // documented for histograms
	observer.ObserveWithExemplar(d.Seconds(), t.labels())
}

func (t *Trace) labels() prometheus.Labels {
	return prometheus.Labels{"trace_id": hex.EncodeToString(t.ID[:])}
}

// with returns the metric with the exemplars.
func (all *exemplars) with(m prometheus.Metric) prometheus.Metric {
	if all == nil {
		return m
	}
	var shown []prometheus.Exemplar
	for i := range *all {
		if e := (*all)[i].Load(); e != nil {
			shown = append(shown, prometheus.Exemplar{
				Value:     e.took.Seconds(),
				Labels:    e.labels(),
				Timestamp: e.At,
			})
		}
	}
	if len(shown) == 0 {
		return m
	}
	return prometheus.MustNewMetricWithExemplars(m, shown...)
}
