package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// loadTime is how long TestStatusPageUnderLoad sends requests, 2,000 a second.
var loadTime = flag.Duration("load", 3*time.Second, "length of the status page's load test")

const (
	requestsPerSecond = 2000
	viewers           = 50
	errorEvery        = 50 // requests
)

// TestStatusPageUnderLoad serves requests while many read the page of the
// service. The counts are exact, the memory does not grow, and a viewer that
// never reads delays nobody. The test logs how long the page took to render.
func TestStatusPageUnderLoad(t *testing.T) {
	s := startWatchedService(t)
	s.watchWithoutReading(t)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var watching sync.WaitGroup
	final := make([]atomic.Bool, viewers) // the viewer has seen the last counts
	requests := int(loadTime.Seconds() * requestsPerSecond)
	bad := requests / errorEvery
	for i := range viewers {
		watching.Go(func() { s.watch(ctx, t, i, bad, &final[i]) })
	}
	renders, rendered := make(chan struct{}), make(chan []time.Duration)
	go func() { rendered <- s.render(renders) }()

	start := time.Now()
	s.request(t, 0, requests/3)
	before := heapInUse()
	s.request(t, requests/3, requests)
	after := heapInUse()
	took := time.Since(start)
	close(renders)
	times := <-rendered

	s.wantCounts(t, sli.Counts{Good: uint64(requests - bad), Valid: uint64(requests)})
	eventually(t, func() error {
		for i := range final {
			if !final[i].Load() {
				return fmt.Errorf("viewer %d has not seen the last counts", i)
			}
		}
		return nil
	})
	if limit := before + before/4 + 4<<20; after > limit {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	leave()
	watching.Wait()
	t.Logf("%.0f requests a second for %v; rendered %d times: p50 %v, p99 %v; heap %.1f, then %.1f MiB",
		float64(requests)/took.Seconds(), took.Round(time.Second), len(times), times[len(times)/2], times[len(times)*99/100],
		float64(before)/(1<<20), float64(after)/(1<<20))
}

// watchedService is a service with its page.
type watchedService struct {
	page    *statuspage.Page
	service *httptest.Server
	status  *httptest.Server
}

func startWatchedService(t *testing.T) *watchedService {
	t.Helper()
	objectives := []slo.Objective{
		{
			Indicator: sli.Indicator{
				Service: "users", Name: "availability", Journey: "profile", Kind: sli.KindAvailability,
				Requests: []string{"GET /users/{userid}"}, Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
			},
			Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
		},
		{
			Indicator: sli.Indicator{
				Service: "users", Name: "latency", Journey: "profile", Kind: sli.KindLatency,
				Requests: []string{"GET /users/{userid}"}, Good: sli.Condition{Within: 100 * time.Millisecond},
				Valid: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
			},
			Target: slo.MustParseTarget("90%"), Window: slo.MustParseWindow("30d"),
		},
	}
	recorder, err := sli.NewRecorder(objectives[0].Indicator, objectives[1].Indicator)
	if err != nil {
		t.Fatal(err)
	}
	books, err := status.Open(recorder, objectives, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(books.Close)
	instrument, err := middleware.New(recorder, nil)
	if err != nil {
		t.Fatal(err)
	}
	page, err := statuspage.New(books, &statuspage.Options{Title: "Shop", MaxViewers: viewers + 10})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("userid") == "nobody" {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	pages := http.NewServeMux()
	pages.Handle("/slo/", http.StripPrefix("/slo", page))
	s := &watchedService{page: page, service: httptest.NewServer(instrument.Handler(mux)), status: httptest.NewServer(pages)}
	t.Cleanup(func() {
		page.Close() // ends the streams, for which the server's Close waits
		s.status.Close()
		s.service.Close()
	})
	return s
}

// request sends the requests of the given numbers, at the rate of the test, or
// as fast as the machine can.
func (s *watchedService) request(t *testing.T, from, to int) {
	t.Helper()
	const clients = 8
	start := time.Now()
	var sending sync.WaitGroup
	for i := range clients {
		sending.Go(func() {
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			for n := from + i; n < to; n += clients {
				time.Sleep(time.Until(start.Add(time.Duration(n-from) * time.Second / requestsPerSecond)))
				user := "Lora"
				if n%errorEvery == errorEvery-1 {
					user = "nobody"
				}
				response, err := client.Get(s.service.URL + "/users/" + user)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
	}
	sending.Wait()
}

// subjects are the pages that the viewers watch.
var subjects = []string{"lang=en", "lang=ko&chosen=1", "lang=en&view=wall", "lang=en&page=users/availability", "lang=en&by=service"}

// watch reads a stream of the page until the context ends. It notes when the
// stream has shown the number of bad events.
func (s *watchedService) watch(ctx context.Context, t *testing.T, i, bad int, final *atomic.Bool) {
	number := strings.TrimPrefix(fmt.Sprintf("%d,%03d", bad/1000, bad%1000), "0,")
	spent := regexp.MustCompile(`\b` + number + `(\x{a0}| )?(of about|건)`)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.status.URL+"/slo/events?"+subjects[i%len(subjects)], nil)
	if err != nil {
		t.Error(err)
		return
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("viewer %d: %s", i, response.Status)
		return
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if spent.Match(lines.Bytes()) {
			final.Store(true)
		}
	}
}

// watchWithoutReading opens a stream and reads nothing from it.
func (s *watchedService) watchWithoutReading(t *testing.T) {
	t.Helper()
	connection, err := net.Dial("tcp", s.status.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	if err := connection.(*net.TCPConn).SetReadBuffer(1 << 10); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(connection, "GET /slo/events?lang=en HTTP/1.1\r\nHost: shop.example\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
}

// render renders the overview again and again, until done is closed. It returns
// the sorted durations.
func (s *watchedService) render(done chan struct{}) []time.Duration {
	var times []time.Duration
	ticks := time.NewTicker(20 * time.Millisecond)
	defer ticks.Stop()
	for {
		start := time.Now()
		s.page.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		times = append(times, time.Since(start))
		select {
		case <-ticks.C:
		case <-done:
			slices.Sort(times)
			return times
		}
	}
}

// wantCounts waits until the page has the counts.
func (s *watchedService) wantCounts(t *testing.T, want sli.Counts) {
	t.Helper()
	eventually(t, func() error {
		response, err := http.Get(s.status.URL + "/slo/users/availability.json")
		if err != nil {
			return err
		}
		defer response.Body.Close()
		var sheet struct {
			Objective struct{ Good, Valid uint64 } `json:"objective"`
		}
		if err := json.NewDecoder(response.Body).Decode(&sheet); err != nil {
			return err
		}
		if got := (sli.Counts{Good: sheet.Objective.Good, Valid: sheet.Objective.Valid}); got != want {
			return fmt.Errorf("the page counts %v, want %v", got, want)
		}
		return nil
	})
}

// heapInUse returns the bytes of the heap after a collection.
func heapInUse() uint64 {
	runtime.GC()
	runtime.GC() // frees the memory of finalizers and pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
