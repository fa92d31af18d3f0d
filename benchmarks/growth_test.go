package benchmarks

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// BenchmarkRoutes serves one route of a mux with many, each of which has
// served a request.
func BenchmarkRoutes(b *testing.B) {
	for _, routes := range []int{1, 100, 10_000} {
		for _, s := range []stack{{name: "bare", wrap: bare}, {name: "sligo", wrap: ours(nil)}} {
			b.Run(fmt.Sprintf("routes=%d/stack=%s", routes, s.name), func(b *testing.B) {
				handler := s.wrap(muxOf(routes))
				w, r := &http1Stub{header: make(http.Header)}, newRequest()
				serveEach(handler, routes)
				r.URL.Path = pathOf(0)
				defer reportCPU(b)()
				for b.Loop() {
					handler.ServeHTTP(w, r)
				}
				checkAnswered(b, w)
			})
		}
	}
}

// muxOf returns a mux with routes.
func muxOf(routes int) *http.ServeMux {
	mux := http.NewServeMux()
	for i := range routes {
		mux.HandleFunc(fmt.Sprintf("GET /route%d/{userid}", i), func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			_, _ = w.Write(answer)
		})
	}
	return mux
}

func pathOf(route int) string { return fmt.Sprintf("/route%d/lora", route) }

// serveEach serves a request to each route.
func serveEach(handler http.Handler, routes int) {
	w := &http1Stub{header: make(http.Header)}
	for i := range routes {
		r := newRequest()
		r.URL.Path = pathOf(i)
		handler.ServeHTTP(w, r)
	}
}

// BenchmarkIndicators serves a route that several indicators judge.
func BenchmarkIndicators(b *testing.B) {
	for _, n := range []int{1, 9} {
		b.Run(fmt.Sprintf("indicators=%d", n), func(b *testing.B) {
			all := []sli.Indicator{availability}
			for i := range n - 1 {
				all = append(all, latency(fmt.Sprintf("latency%d", i), time.Duration(i+1)*100*time.Millisecond))
			}
			serve(b, ours(nil, all...)(newMux()))
		})
	}
}
