package middleware

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/cells"
)

// series is one set of label values with its histograms.
type series struct {
	labels  []string // in the order of labelNames
	created time.Time
	cells   *cells.Set          // as the instrument's histograms say
	native  prometheus.Observer // the duration histogram, nil if it is in cells
}

var labelNames = []string{
	"http_request_method", "url_scheme", "http_route", "http_response_status_code", "error_type",
}

// seriesKey tells the series of a route apart: the status in the low 16 bits, the ending above.
type seriesKey uint32

// maxStatus is the highest status with a label of its own; net/http sends up to 999.
const maxStatus = 599

func keyOf(o *outcome) seriesKey {
	return seriesKey(o.ending)<<16 | seriesKey(min(o.status, maxStatus+1))
}

func statusLabel(status int) string {
	if status > maxStatus {
		return "other"
	}
	return strconv.Itoa(status)
}

// series returns the route's series for an outcome.
func (in *Instrument) series(protocol int, rt *route, o *outcome) *series {
	key := keyOf(o)
	if found := load(&rt.series)[key]; found != nil {
		return found
	}
	rs := &in.routes[protocol]
	rs.mu.Lock()
	defer rs.mu.Unlock()
	known := load(&rt.series)
	if found := known[key]; found != nil {
		return found
	}
	added := &series{
		labels:  []string{methodLabel(protocol), schemeLabel(protocol), rt.label, statusLabel(o.status), o.errorType()},
		created: time.Now(),
		cells:   cells.New(in.histograms.size()),
	}
	if in.native != nil {
		added.native = in.native.WithLabelValues(added.labels...)
	}
	store(&rt.series, known, key, added)
	return added
}

// observe adds a finished request to the histograms.
func (in *Instrument) observe(s *series, shard int, d time.Duration, requestBytes, responseBytes int64) {
	hs := &in.histograms
	if hs.duration != nil {
		hs.duration.observe(s.cells, shard, int64(d))
	} else {
		s.native.Observe(float64(d) / float64(time.Second))
	}
	if hs.requestSize != nil {
		hs.requestSize.observe(s.cells, shard, requestBytes)
		hs.responseSize.observe(s.cells, shard, responseBytes)
	}
}
