package benchmarks

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"syscall"
	"testing"
	"time"
)

var answer = []byte("{}")

func newMux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(answer)
	})
	return mux
}

func newRequest() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/users/lora", nil)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "benchmark")
	r.Header.Set("Accept-Encoding", "gzip")
	return r
}

// BenchmarkHTTP calls each stack with a writer that does nothing, so that it
// measures only the mux and the instrumentation.
func BenchmarkHTTP(b *testing.B) {
	for _, s := range slices.Concat(stacks, assembled, complete) {
		b.Run("mode=serial/stack="+s.name, func(b *testing.B) { serve(b, s.wrap(newMux())) })
	}
	for _, s := range slices.Concat(stacks, assembled, complete) {
		if !s.parallel {
			continue
		}
		b.Run("mode=parallel/stack="+s.name, func(b *testing.B) { serveParallel(b, s.wrap(newMux())) })
	}
}

// serve calls the handler for a new request in each iteration. The request of
// the last one may have the request ID that a middleware gave it.
func serve(b *testing.B, handler http.Handler) {
	w, r := &http1Stub{header: make(http.Header)}, newRequest()
	b.ReportAllocs()
	defer reportCPU(b)()
	for b.Loop() {
		delete(r.Header, requestIDHeader)
		handler.ServeHTTP(w, r)
	}
	checkAnswered(b, w)
}

func serveParallel(b *testing.B, handler http.Handler) {
	b.ReportAllocs()
	defer reportCPU(b)()
	b.RunParallel(func(pb *testing.PB) {
		w, r := &http1Stub{header: make(http.Header)}, newRequest()
		served := false // a goroutine may get no iteration
		for pb.Next() {
			delete(r.Header, requestIDHeader)
			handler.ServeHTTP(w, r)
			served = true
		}
		if served {
			checkAnswered(b, w)
		}
	})
}

func checkAnswered(b *testing.B, w *http1Stub) {
	if w.status != http.StatusOK {
		b.Errorf("got status %d, want 200", w.status)
	}
}

// reportCPU starts a measurement of the process's CPU time. The function that
// it returns reports the time of an iteration. Unlike the elapsed time, it
// includes the garbage collector's work on other cores, and no time in which
// another process had the core.
func reportCPU(b *testing.B) func() {
	began := cpuTime()
	return func() { b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "cpu-ns/op") }
}

// cpuTime returns the CPU time that the process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // cannot fail with these arguments
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
