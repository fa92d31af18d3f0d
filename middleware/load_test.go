package middleware_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

// Goroutines send the requests in rounds, one of each kind below.
const (
	loadGoroutines = 8
	loadRequests   = 1_000_000
)

// kinds are the requests of a round and their counts in the indicators of
// TestLoad.
var kinds = []struct {
	method, path string
	good, valid  uint64 // of the indicator availability
	orders       uint64 // good and valid, of the indicator orders
	series       string // route, status and error type of the duration
}{
	{"GET", "/users/lora", 1, 1, 0, "/users/{userid} 200 "},
	{"GET", "/users/lora?fault=503", 0, 1, 0, "/users/{userid} 503 503"},
	{"GET", "/users/lora?fault=400", 0, 0, 0, "/users/{userid} 400 "},
	{"GET", "/users/lora?fault=error", 0, 1, 0, "/users/{userid} 200 _OTHER"},
	{"GET", "/users/lora?fault=panic", 0, 1, 0, "/users/{userid} 500 panic"},
	{"GET", "/orders/users/lora", 1, 1, 1, "/orders/users/{userid} 200 "},
	{"POST", "/orders/users/lora", 1, 1, 0, "/orders/users/{userid} 200 "},
	{"GET", "/no/such/page", 1, 1, 0, "unmatched 404 "},
}

var errFault = errors.New("no such field")

func faulty(w http.ResponseWriter, r *http.Request) {
	switch r.URL.RawQuery {
	case "fault=503":
		w.WriteHeader(503)
	case "fault=400":
		w.WriteHeader(400)
	case "fault=error":
		middleware.SetError(w, errFault)
	case "fault=panic":
		panic(errFault)
	}
}

// TestLoad serves a million requests from eight goroutines during scrapes.
// No scrape shows more good than valid events or a number that fell, and the
// final counts are exact.
func TestLoad(t *testing.T) {
	judged := availability
	judged.Valid = sli.Condition{Status: []string{"!400"}}
	orders := sli.Indicator{Service: "users", Name: "orders", Requests: []string{"GET /orders/users/{userid}"}}
	fast := sli.Indicator{Service: "users", Name: "fast", Good: sli.Condition{Within: time.Hour, Failed: sli.PresenceInclude}}
	in, rec := newInstrument(t, nil, judged, orders, fast)
	mux := http.NewServeMux()
	mux.HandleFunc("/users/{userid}", faulty)
	mux.HandleFunc("/orders/users/{userid}", faulty)

	var serving sync.WaitGroup
	for range loadGoroutines {
		serving.Go(func() { serveLoad(in.Handler(mux), loadRequests/loadGoroutines) })
	}
	stop := make(chan struct{})
	scraped := make(chan int)
	go func() { scraped <- scrapeUntil(t, stop, in, sliprom.NewCollector(rec)) }()
	serving.Wait()
	close(stop)
	if n := <-scraped; n < 10 {
		t.Errorf("got %d scrapes, want at least 10", n)
	}

	const rounds = loadRequests / 8
	var good, valid, ordered uint64
	for _, k := range kinds {
		good, valid, ordered = good+k.good*rounds, valid+k.valid*rounds, ordered+k.orders*rounds
	}
	for name, want := range map[string]sli.Counts{
		"availability": {Good: good, Valid: valid},
		"orders":       {Good: ordered, Valid: ordered},
		"fast":         {Good: loadRequests, Valid: loadRequests},
	} {
		if got, _ := rec.Counts(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	checkLoadSeries(t, in, rounds)
}

// serveLoad serves n requests of all kinds in turn.
func serveLoad(handler http.Handler, n int) {
	requests := make([]*http.Request, len(kinds))
	for i, k := range kinds {
		requests[i] = httptest.NewRequest(k.method, k.path, nil)
	}
	w := newStub()
	serve := func(r *http.Request) {
		defer func() { _ = recover() }()
		handler.ServeHTTP(w, r)
	}
	for i := range n {
		clear(w.header)
		serve(requests[i%len(requests)])
	}
}

// scrapeUntil scrapes until stop is closed and once more. It returns the
// number of scrapes.
func scrapeUntil(t *testing.T, stop <-chan struct{}, collectors ...prometheus.Collector) int {
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(collectors...)
	last := make(map[string]float64)
	for n := 1; ; n++ {
		stopped := false
		select {
		case <-stop:
			stopped = true
		default:
		}
		families, err := reg.Gather()
		if err != nil {
			t.Error(err)
			return n
		}
		checkScrape(t, families, last)
		if stopped {
			return n
		}
	}
}

// checkScrape checks one scrape and that no value is less than in the last
// one.
func checkScrape(t *testing.T, families []*dto.MetricFamily, last map[string]float64) {
	values := make(map[string]float64)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			l := labels(m)
			key := f.GetName() + l["sli"] + l["http_request_method"] + l["http_route"] + l["http_response_status_code"] + l["error_type"]
			switch {
			case m.Counter != nil:
				values[key] = m.GetCounter().GetValue()
			case m.Histogram != nil:
				values[key] = float64(m.GetHistogram().GetSampleCount())
				values[key+" sum"] = m.GetHistogram().GetSampleSum()
			default:
				if active := m.GetGauge().GetValue(); active < 0 || active > loadGoroutines {
					t.Errorf("%s: %v requests active, want 0 to %d", key, active, loadGoroutines)
				}
			}
		}
	}
	for _, name := range []string{"availability", "orders", "fast"} {
		good, valid := values["sli_good_events_total"+name], values["sli_valid_events_total"+name]
		if good > valid {
			t.Errorf("%s: %v good of %v valid events", name, good, valid)
		}
	}
	for key, v := range values {
		if v < last[key] {
			t.Errorf("%s fell from %v to %v", key, last[key], v)
		}
		last[key] = v
	}
}

// checkLoadSeries checks the count of each series of the duration.
func checkLoadSeries(t *testing.T, in *middleware.Instrument, rounds uint64) {
	t.Helper()
	want := make(map[string]uint64)
	for _, k := range kinds {
		want[k.method+" "+k.series] += rounds
	}
	got := make(map[string]uint64)
	for _, m := range gather(t, in)[durationName].GetMetric() {
		l := labels(m)
		got[l["http_request_method"]+" "+l["http_route"]+" "+l["http_response_status_code"]+" "+l["error_type"]] = m.GetHistogram().GetSampleCount()
	}
	for series, n := range want {
		if got[series] != n {
			t.Errorf("%s: got %d requests, want %d", series, got[series], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got series %v, want %v", got, want)
	}
}
