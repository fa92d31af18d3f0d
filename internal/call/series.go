package call

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/sligo-go/sligo/internal/cells"
)

// Series is one set of label values with its histograms.
type Series struct {
	cells     *cells.Set
	template  *dto.Metric               // nil without histograms in the cells
	metrics   []metric                  // of the histograms in the cells
	native    prometheus.Observer       // the duration, nil if the cells have it
	exemplars atomic.Pointer[exemplars] // of the cells, nil before the first one
	shown     atomic.Int64              // Unix ns of the last exemplar of native
}

// NewSeries returns a series whose histograms are empty. The label values have
// the order of the histograms' labels.
func (hs *Histograms) NewSeries(labels ...string) *Series {
	s := &Series{cells: hs.layout.New(), metrics: make([]metric, len(hs.inCells))}
	for i, h := range hs.inCells {
		s.metrics[i] = metric{h, s}
	}
	if len(hs.inCells) > 0 {
		s.template = template(hs.inCells[0].desc, time.Now(), labels)
	}
	if hs.native != nil {
		s.native = hs.native.WithLabelValues(labels...)
	}
	return s
}

// ObserveDuration adds a duration.
func (hs *Histograms) ObserveDuration(s *Series, shard int, d time.Duration) {
	if hs.Duration != nil {
		hs.Duration.Observe(s.cells, shard, int64(d))
	} else {
		s.native.Observe(d.Seconds())
	}
}

// Observe adds a value to a histogram of the series.
func (s *Series) Observe(h *Histogram, shard int, v int64) { h.Observe(s.cells, shard, v) }

// Snapshot reads a histogram of the series into buf.
func (s *Series) Snapshot(h *Histogram, buf []uint64) cells.Snapshot {
	return h.Snapshot(s.cells, buf)
}
