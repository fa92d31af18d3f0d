package middleware_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
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
