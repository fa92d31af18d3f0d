package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/middleware"
)

// BenchmarkCollect reads an instrument with 100 routes, three histograms each.
func BenchmarkCollect(b *testing.B) {
	in, _ := newInstrument(b, nil)
	for i := range 100 {
		in.Handler(setsRoute(fmt.Sprintf("/routes/%d", i))).ServeHTTP(newStub(), httptest.NewRequest("GET", "/", nil))
	}
	ch := make(chan prometheus.Metric, 301) // the active requests, too
	b.ReportAllocs()
	for b.Loop() {
		in.Collect(ch)
		if len(ch) != cap(ch) {
			b.Fatalf("got %d metrics, want %d", len(ch), cap(ch))
		}
		for range cap(ch) {
			<-ch
		}
	}
}

// theirs registers three histograms of client_golang's with the labels and the
// buckets of an instrument, and returns them.
func theirs(reg prometheus.Registerer) (all []*prometheus.HistogramVec) {
	labels := []string{"http_request_method", "url_scheme", "http_route", "http_response_status_code", "error_type"}
	sizes := []float64{100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}
	for name, buckets := range map[string][]float64{"duration_seconds": semconvBounds, "request_bytes": sizes, "response_bytes": sizes} {
		vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: name, Buckets: buckets}, labels)
		reg.MustRegister(vec)
		all = append(all, vec)
	}
	return all
}

const comparedRoutes = 900

// serveRoutes serves each of many routes once.
func serveRoutes(in *middleware.Instrument) {
	handler := in.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { middleware.SetRoute(w, r.URL.Path) }))
	for i := range comparedRoutes {
		handler.ServeHTTP(newStub(), httptest.NewRequest("GET", fmt.Sprint("/route/", i), nil))
	}
}

func observeRoutes(vecs []*prometheus.HistogramVec) {
	for i := range comparedRoutes {
		for _, vec := range vecs {
			vec.WithLabelValues("GET", "http", fmt.Sprint("/route/", i), "200", "").Observe(1)
		}
	}
}

// TestScrapeAllocatesLessThanClientGolang gathers 900 routes with three
// histograms each.
func TestScrapeAllocatesLessThanClientGolang(t *testing.T) {
	gathering := func(reg *prometheus.Registry) float64 {
		return testing.AllocsPerRun(5, func() {
			if _, err := reg.Gather(); err != nil {
				t.Error(err)
			}
		})
	}
	in, _ := newInstrument(t, nil)
	serveRoutes(in)
	ours, other := prometheus.NewRegistry(), prometheus.NewRegistry()
	ours.MustRegister(in)
	observeRoutes(theirs(other))
	if got, want := gathering(ours), gathering(other); got > want {
		t.Errorf("got %v allocations, want at most %v", got, want)
	}
}

// TestSeriesHoldLessMemoryThanClientGolang compares the heap that 900 routes
// with three histograms keep.
func TestSeriesHoldLessMemoryThanClientGolang(t *testing.T) {
	in, _ := newInstrument(t, nil)
	ours := heapOf(func() { serveRoutes(in) })
	vecs := theirs(prometheus.NewRegistry())
	other := heapOf(func() { observeRoutes(vecs) })
	t.Logf("a series holds %d bytes, and %d in client_golang", ours/comparedRoutes, other/comparedRoutes)
	if ours > other {
		t.Errorf("got %d bytes, want at most %d", ours, other)
	}
	runtime.KeepAlive(in)
	runtime.KeepAlive(vecs)
}

// heapOf returns the growth of the live heap by a function.
func heapOf(f func()) int64 {
	live := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := live()
	f()
	return live() - before
}
