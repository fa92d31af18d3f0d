package benchmarks

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/sligo-go/sligo/middleware"
)

// routesOfScrape is the number of routes in a scrape. Each has one label set
// with three histograms: the duration and the sizes of both bodies.
const routesOfScrape = 1000

// BenchmarkScrape gathers the histograms of many routes.
func BenchmarkScrape(b *testing.B) {
	for _, library := range []string{"client_golang", "sligo"} {
		b.Run("library="+library, func(b *testing.B) {
			reg := prometheus.NewPedanticRegistry()
			reg.MustRegister(newHistograms[library]()...)
			b.ReportAllocs()
			defer reportCPU(b)()
			for b.Loop() {
				families, err := reg.Gather()
				if err != nil {
					b.Fatal(err)
				}
				if got := sets(families); got < 3*routesOfScrape {
					b.Fatalf("got %d label sets, want 3 for each route", got)
				}
			}
		})
	}
}

func sets(families []*dto.MetricFamily) (n int) {
	for _, f := range families {
		n += len(f.GetMetric())
	}
	return n
}

// BenchmarkMemory reports the memory of a label set with three histograms.
// It depends on the number of cores.
func BenchmarkMemory(b *testing.B) {
	for _, library := range []string{"client_golang", "sligo"} {
		name := fmt.Sprintf("procs=%d/library=%s", runtime.GOMAXPROCS(0), library)
		b.Run(name, func(b *testing.B) {
			var sum uint64
			for b.Loop() {
				before := heap()
				keep := newHistograms[library]()
				sum += heap() - before
				runtime.KeepAlive(keep)
			}
			b.ReportMetric(float64(sum)/float64(b.N)/routesOfScrape, "B/set")
		})
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // frees the memory of finalizers and pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// newHistograms has functions that return a library's collectors with
// routesOfScrape label sets.
var newHistograms = map[string]func() []prometheus.Collector{
	"client_golang": promHistograms,
	"sligo":         ourHistograms,
}

// The bounds of the histograms: 14 of durations and 7 of sizes.
var (
	durations = []time.Duration{
		5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 75 * time.Millisecond,
		100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, 750 * time.Millisecond,
		time.Second, 2500 * time.Millisecond, 5 * time.Second, 7500 * time.Millisecond, 10 * time.Second,
	}
	sizes = []int64{100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}
)

// promHistograms has the labels and bounds of sligo's histograms.
func promHistograms() []prometheus.Collector {
	labels := []string{"http_request_method", "url_scheme", "http_route", "http_response_status_code", "error_type"}
	var seconds, bytes []float64
	for _, bound := range durations {
		seconds = append(seconds, bound.Seconds())
	}
	for _, bound := range sizes {
		bytes = append(bytes, float64(bound))
	}
	var all []prometheus.Collector
	for name, bounds := range map[string][]float64{"duration_seconds": seconds, "request_bytes": bytes, "response_bytes": bytes} {
		vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: name, Buckets: bounds}, labels)
		for i := range routesOfScrape {
			observer := vec.WithLabelValues("GET", "http", "/route"+strconv.Itoa(i)+"/{userid}", "200", "")
			observer.Observe(time.Millisecond.Seconds())
		}
		all = append(all, vec)
	}
	return all
}

func ourHistograms() []prometheus.Collector {
	in, err := middleware.New(nil, &middleware.Options{Buckets: durations, SizeBuckets: sizes})
	if err != nil {
		panic(err)
	}
	serveEach(in.Handler(muxOfScrape), routesOfScrape)
	return []prometheus.Collector{in}
}

var muxOfScrape http.Handler = muxOf(routesOfScrape)
