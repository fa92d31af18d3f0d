package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// backend is an instance behind the proxy of TestRollingRestart. Until it ends,
// a scraper reads its counter.
type backend struct {
	*kitService
	address  *url.URL
	ready    atomic.Bool
	answered atomic.Uint64 // answers that the proxy has seen

	scraped  uint64 // the last value
	before   uint64 // answers before the scrape that read it
	draining bool   // the last scrape was after the begin of the end
	failed   error
}

func newBackend(t *testing.T, program string) *backend {
	b := &backend{kitService: startKit(t, program, nil, "-drain", drain.String())}
	b.address, _ = url.Parse(b.url) // valid
	b.ready.Store(true)
	return b
}

var validEvents = regexp.MustCompile(`(?m)^sli_valid_events_total\{.*\} (\d+)$`)

// watch polls the readiness and the metrics until the instance has ended. It
// checks that each scrape has all events that were answered before.
func (b *backend) watch() {
	for range time.Tick(10 * time.Millisecond) {
		draining := b.drains()
		if draining {
			b.ready.Store(false)
		}
		before := b.answered.Load()
		metrics, err := get(b.admin + "/metrics")
		if err != nil {
			return
		}
		m := validEvents.FindSubmatch(metrics)
		if m == nil {
			b.failed = fmt.Errorf("no counter in\n%s", metrics)
			return
		}
		b.scraped, _ = strconv.ParseUint(string(m[1]), 10, 64)
		b.before, b.draining = before, draining
		if b.scraped < before {
			b.failed = fmt.Errorf("a scrape has %d events after %d answers", b.scraped, before)
		}
	}
}

// proxy sends requests to the first instance that is ready.
type proxy struct {
	mu       sync.Mutex
	backends []*backend
}

func (p *proxy) add(b *backend) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.backends = append(p.backends, b)
}

func (p *proxy) pick() *backend {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.backends {
		if b.ready.Load() {
			return b
		}
	}
	return p.backends[0]
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b := p.pick()
	(&httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(b.address) },
		ModifyResponse: func(*http.Response) error { b.answered.Add(1); return nil },
	}).ServeHTTP(w, r)
}

// TestRollingRestart replaces an instance behind a proxy by another one, while
// clients send requests. No request is lost, both instances together count
// each, and Prometheus loses only the events after the last scrape.
func TestRollingRestart(t *testing.T) {
	program := build(t, "e2e/kit")
	first := newBackend(t, program)
	p := &proxy{backends: []*backend{first}}
	front := httptest.NewServer(p)
	defer front.Close()
	var watchers sync.WaitGroup
	watchers.Go(first.watch)
	l := &load{url: front.URL}
	l.startBalanced(t)
	waitFor(t, "500 requests have answers", func() bool { return l.answered.Load() >= 500 })

	second := newBackend(t, program)
	watchers.Go(second.watch)
	p.add(second)
	first.terminate(t)
	if status := first.wait(t); status != 0 {
		t.Errorf("the first instance ends with status %d: %s", status, &first.errors)
	}
	n := l.answered.Load()
	waitFor(t, "500 more requests have answers", func() bool { return l.answered.Load() >= n+500 })
	l.removed.Store(true)
	l.clients.Wait()
	second.terminate(t)
	if status := second.wait(t); status != 0 {
		t.Errorf("the second instance ends with status %d: %s", status, &second.errors)
	}
	watchers.Wait()
	if got, want := first.valid+second.valid, l.answered.Load(); got != want || first.valid == 0 || second.valid == 0 {
		t.Errorf("the instances count %d and %d requests, want %d together", first.valid, second.valid, want)
	}
	for name, b := range map[string]*backend{"first": first, "second": second} {
		if b.failed != nil || !b.draining || b.scraped > b.valid {
			t.Errorf("%s: last scrape %d of %d, in the drain: %v, %v", name, b.scraped, b.valid, b.draining, b.failed)
		}
		t.Logf("%s: %d requests, of which Prometheus does not see %d", name, b.valid, b.valid-b.scraped)
	}
}
