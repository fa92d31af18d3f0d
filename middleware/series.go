package middleware

import (
	"math"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/call"
)

// series is one set of label values.
type series struct {
	*call.Series
	key     seriesKey                    // of a route
	result  resultKey                    // of an operation
	handler atomic.Pointer[boundHandler] // of its lines in the access log
}

var labelNames = []string{
	"http_request_method", "url_scheme", "http_route", "http_response_status_code", "error_type",
}

// seriesKey identifies a series of a route: the status is in the low 16 bits,
// then the ending, then the gRPC code if it is the server's failure, then the
// group's place if groups have a label.
type seriesKey uint64

// maxStatus is the highest status with its own label. net/http accepts
// statuses up to 999.
const maxStatus = 599

func keyOf(o *outcome) seriesKey {
	return seriesKey(o.failure())<<24 | seriesKey(o.ending)<<16 | seriesKey(min(o.status, maxStatus+1))
}

// answered reports whether the requests of a series were answered and their
// connections are not used for another protocol.
func (k seriesKey) answered() bool {
	how := ending(k >> 16 & math.MaxUint8)
	return (how == answered || how == failed) && k&math.MaxUint16 != http.StatusSwitchingProtocols
}

func statusLabel(status int) string {
	switch {
	case status > maxStatus:
		return "other"
	case status < 0:
		return statusLabels[0]
	}
	return statusLabels[status]
}

// statusLabels are the labels of the statuses, so that a request makes none.
var statusLabels = func() (all [maxStatus + 1]string) {
	for status := range all {
		all[status] = strconv.Itoa(status)
	}
	return all
}()

// find returns the route's series of an outcome, which it adds if the outcome
// is new.
func (rt *route) find(o *outcome, g *group, hs *histograms) *series {
	key := keyOf(o)
	if hs.byGroup && g != nil {
		key |= seriesKey(g.place) << 32
	}
	if first := rt.first.Load(); first != nil && first.key == key {
		return first
	}
	if found := rt.series.Load()[key]; found != nil {
		return found
	}
	return rt.series.LoadOrAdd(key, func() *series {
		added := &series{Series: hs.NewSeries(rt.labels(o, g, hs)...), key: key}
		rt.first.CompareAndSwap(nil, added)
		return added
	})
}

func (rt *route) labels(o *outcome, g *group, hs *histograms) []string {
	labels := []string{rt.methodScheme.method(), rt.methodScheme.scheme(), rt.label, statusLabel(o.status), o.errorType()}
	if hs.byGroup {
		labels = append(labels, g.label())
	}
	return labels
}
