//go:build !race

package middleware_test

import (
	"log/slog"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/middleware"
)

// TestManyPaths serves a million paths. Neither the series nor the heap may
// grow with them.
func TestManyPaths(t *testing.T) {
	const paths = 1_000_000
	in, _ := newInstrument(t, &middleware.Options{
		Spans:     &middleware.SpanOptions{TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample()))},
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(slog.DiscardHandler)},
	}, availability)
	handler, out := in.Handler(newMux("GET /users/{userid}")), newStub()
	serve := func(from, to int) {
		r := httptest.NewRequest("GET", "/", nil)
		for i := from; i < to; i++ {
			part := strconv.Itoa(i)
			next := *r
			url := *r.URL
			url.Path = "/users/" + part
			if i%2 == 0 {
				url.Path = "/" + part + "/" + part
			}
			next.URL, next.Host = &url, "host"+part
			handler.ServeHTTP(out, &next)
		}
	}
	serve(0, paths/10)
	before := heapInUse()
	serve(paths/10, paths)
	if after := heapInUse(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if got := routesOf(t, in); !slices.Equal(got, []string{"/users/{userid}", "unmatched"}) {
		t.Errorf("got routes %q", got)
	}
}

func heapInUse() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
