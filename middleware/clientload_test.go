package middleware_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// TestHostsAreBounded sends to 10,000 hosts that are not listed, in the
// spellings of URLs.
func TestHostsAreBounded(t *testing.T) {
	named := dependencies
	named.Name, named.Requests = "named", []string{"POST //payments/charges", "!GET //stock:81", "GET //pay*"}
	in, rec := newInstrument(t, &middleware.Options{Client: &middleware.ClientOptions{Hosts: []string{"users", "[::1]:82"}}}, dependencies, named)
	rt := in.Transport(&received{status: 200})
	send := func(url string) {
		r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, rt, r)
	}
	for i := range 10_000 {
		send(fmt.Sprintf("http://h%d.example:%d/%d?q=%d", i, 1+i%65535, i, i))
	}
	for _, url := range []string{
		"http://users/", "http://USERS./", "http://users:80/", "https://users/", "http://users:8080/", "http://users:9999/",
		"http://payments/", "http://stock:81/", "http://stock/", "http://[::1]:82/", "http://[::1]/", "//users", "http:///x",
	} {
		send(url)
	}
	got := make(map[string]int)
	for _, l := range clientSeries(t, in) {
		got[l["server_address"]+"|"+l["server_port"]]++
	}
	want := map[string]int{"other|": 1, "users|80": 1, "users|443": 1, "users|": 1, "payments|80": 1, "stock|81": 1, "::1|82": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("series by host and port (-want +got):\n%s", diff)
	}
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 10_013, Valid: 10_013})
	checkCounts(t, rec, "named", sli.Counts{Good: 1, Valid: 1})
}

// TestTemplatesAreBounded has templates from URLs, by mistake.
func TestTemplatesAreBounded(t *testing.T) {
	in, rec := newInstrument(t, nil, dependencies)
	rt := in.Transport(&received{status: 200})
	for i := range 5000 {
		roundTrip(t, rt, newGet(middleware.WithURLTemplate(t.Context(), fmt.Sprintf("users/%d", i))))
	}
	roundTrip(t, rt, newGet(middleware.WithURLTemplate(t.Context(), "")))
	series := clientSeries(t, in)
	if len(series) > 1002 {
		t.Errorf("got %d series, want at most 1002", len(series))
	}
	overflow := 0
	for _, l := range series {
		if l["url_template"] == "/overflow" {
			overflow++
		}
	}
	if overflow != 1 {
		t.Errorf("got %d series for the overflow, want 1", overflow)
	}
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 5001, Valid: 5001})
}

// TestMethodsAreBounded sends methods that net/http does not name.
func TestMethodsAreBounded(t *testing.T) {
	in, _ := newInstrument(t, nil)
	rt := in.Transport(&received{status: 200})
	for i := range 1000 {
		r := newGet(t.Context())
		r.Method = fmt.Sprintf("M%d", i)
		roundTrip(t, rt, r)
	}
	roundTrip(t, rt, &http.Request{URL: newGet(t.Context()).URL, Header: http.Header{}})
	if got := len(clientSeries(t, in)); got != 2 {
		t.Errorf("got %d series, want 2", got)
	}
}

// TestStatusesAreBounded has a service that answers anything.
func TestStatusesAreBounded(t *testing.T) {
	in, _ := newInstrument(t, nil)
	next := &received{}
	rt := in.Transport(next)
	for next.status = range 2000 {
		roundTrip(t, rt, newGet(t.Context()))
	}
	if got := len(clientSeries(t, in)); got > 101 {
		t.Errorf("got %d series, want at most 101", got)
	}
}

// randomly makes responses and errors at random, and tallies them.
type randomly struct{ good, bad, canceled, attempts atomic.Int64 }

func (n *randomly) RoundTrip(*http.Request) (*http.Response, error) {
	n.attempts.Add(1)
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("four")), ContentLength: 4}
	switch rand.IntN(8) {
	case 0:
		n.bad.Add(1)
		return nil, errChangedMind
	case 1:
		n.bad.Add(1)
		return nil, context.DeadlineExceeded
	case 2:
		n.canceled.Add(1)
		return nil, context.Canceled
	case 3:
		n.bad.Add(1)
		resp.StatusCode = 500 + rand.IntN(10)
		return resp, nil
	case 4:
		n.bad.Add(1)
		panic("boom")
	case 5:
		n.bad.Add(1)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader("fo"), brokenReader{}))
		return resp, nil
	case 6:
		n.good.Add(1)
		resp.Body, resp.ContentLength = http.NoBody, 0
		return resp, nil
	}
	n.good.Add(1)
	return resp, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestCountersEqualATally sends 10,000 requests at once, while the counters are
// read.
func TestCountersEqualATally(t *testing.T) {
	in, rec := newInstrument(t, &middleware.Options{
		RequestID: &middleware.IDOptions{},
		Spans:     &middleware.SpanOptions{TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.TraceIDRatioBased(0.1)))},
	}, dependencies)
	next := &randomly{}
	rt := in.Transport(next)
	stop := make(chan struct{})
	var readers, senders sync.WaitGroup
	readers.Go(func() { scrapeUntil(t, stop, in) })
	for range loadGoroutines {
		senders.Go(func() {
			for range 10_000 / loadGoroutines {
				func() {
					defer func() { _ = recover() }()
					resp, err := rt.RoundTrip(newGet(t.Context()))
					if err != nil {
						return
					}
					if rand.IntN(2) == 0 || resp.StatusCode == 200 {
						_, _ = io.Copy(io.Discard, resp.Body)
					}
					_ = resp.Body.Close()
				}()
			}
		})
	}
	senders.Wait()
	close(stop)
	readers.Wait()
	good, bad := uint64(next.good.Load()), uint64(next.bad.Load())
	checkCounts(t, rec, "dependencies", sli.Counts{Good: good, Valid: good + bad})
	if got := rec.Report().Indicators[0].Ignored[sli.ReasonClientLeft]; got != uint64(next.canceled.Load()) {
		t.Errorf("got %d ignored, want %d", got, next.canceled.Load())
	}
	if got := histogramCountOf(t, in, "http_client_request_duration_seconds"); got != uint64(next.attempts.Load()) {
		t.Errorf("got %d attempts, want %d", got, next.attempts.Load())
	}
	if got := middleware.CallsInFlight(in); got != 0 {
		t.Errorf("%d calls are in flight, want 0", got)
	}
}

// TestBodyIsUsedByManyGoroutines reads, and closes meanwhile.
func TestBodyIsUsedByManyGoroutines(t *testing.T) {
	in, rec := newInstrument(t, nil, dependencies)
	server := newServer(t, http1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, "more"); err != nil {
				return
			}
		}
	}))
	client := &http.Client{Transport: in.Transport(nil)}
	const calls = 20
	for range calls {
		resp := getResponse(t.Context(), client, "GET", server.URL)
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = io.Copy(io.Discard, resp.Body) })
		wg.Go(func() { time.Sleep(time.Millisecond); _ = resp.Body.Close() })
		wg.Go(func() { middleware.WalkCalls(in) })
		wg.Wait()
	}
	checkCounts(t, rec, "dependencies", sli.Counts{Good: calls, Valid: calls})
}

// TestAllocationsOfAttempts sends with a transport that does not allocate. The
// state of the call is one allocation, its body three, and a copy of the
// request, its header and its context four.
func TestAllocationsOfAttempts(t *testing.T) {
	r := newGet(t.Context())
	body := io.NopCloser(strings.NewReader(""))
	resp := &http.Response{StatusCode: 200, Header: http.Header{}}
	next := roundTripper(func(r *http.Request) (*http.Response, error) {
		*resp = http.Response{StatusCode: 200, Header: resp.Header, Body: body, Request: r}
		if r.Method == "HEAD" {
			resp.Body = http.NoBody
		}
		return resp, nil
	})
	head := r.Clone(t.Context())
	head.Method = "HEAD"
	templated := r.Clone(middleware.WithURLTemplate(t.Context(), "/charges/{id}"))
	opts := middleware.Options{Client: &middleware.ClientOptions{Hosts: []string{"payments"}}}
	ids := opts
	ids.RequestID = &middleware.IDOptions{New: func() string { return "abc" }}
	for name, c := range map[string]struct {
		opts middleware.Options
		r    *http.Request
		want float64
	}{
		"no body":  {opts, head, 1},
		"body":     {opts, r, 4},
		"template": {opts, templated, 4},
		"IDs":      {ids, r, 8},
	} {
		in, _ := newInstrument(t, &c.opts, dependencies)
		rt := in.Transport(next)
		got := testing.AllocsPerRun(1000, func() {
			resp, err := rt.RoundTrip(c.r) //nolint:bodyclose // it is
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		})
		t.Logf("%s: %v", name, got)
		if got > c.want {
			t.Errorf("%s: got %v allocations, want at most %v", name, got, c.want)
		}
	}
}
