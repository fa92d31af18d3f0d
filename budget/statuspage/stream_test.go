package statuspage_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
)

// service is a source whose figures a test changes.
type service struct {
	mu       sync.Mutex
	promises []promise
	err      error
	reads    int
}

func (s *service) Read(context.Context) (status.Reading, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	r := reading(s.promises)
	r.At = time.Now()
	return r, s.err
}

// asked returns how often the page has read the figures.
func (s *service) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

// set changes the figures.
func (s *service) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// healthyShop has healthy objectives only.
func healthyShop() *service { return &service{promises: manyPromises(8)[3:]} }

// watcher is a client of a stream. Its methods are those that a server's
// response writer has.
type watcher struct {
	header http.Header
	cancel context.CancelFunc
	done   chan struct{} // the handler has returned

	mu    sync.Mutex
	code  int
	text  strings.Builder
	stuck bool // reads nothing more

	deadline time.Time
}

func (w *watcher) Header() http.Header { return w.header }
func (w *watcher) WriteHeader(code int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.code = code
}
func (w *watcher) Flush() {}
func (w *watcher) SetWriteDeadline(t time.Time) error {
	w.deadline = t
	return nil
}

// Write waits for the deadline if the client reads nothing.
func (w *watcher) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stuck {
		time.Sleep(time.Until(w.deadline))
		return 0, os.ErrDeadlineExceeded
	}
	return w.text.Write(text)
}

// read returns and forgets the events so far.
func (w *watcher) read() string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	text := strings.ReplaceAll(w.text.String(), "\u00a0", " ")
	w.text.Reset()
	return text
}

// watch opens a stream in a bubble.
func watch(page http.Handler, query, lastEventID string) *watcher {
	r := httptest.NewRequest(http.MethodGet, "/events?"+query, nil)
	r.Header.Set("Last-Event-ID", lastEventID)
	ctx, cancel := context.WithCancel(context.Background())
	w := &watcher{header: http.Header{}, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(w.done)
		page.ServeHTTP(w, r.WithContext(ctx))
	}()
	return w
}

// leave ends a stream.
func (w *watcher) leave() {
	w.cancel()
	<-w.done
}

var partIDs = regexp.MustCompile(`event: part\ndata: {"id":"([^"]*)"`)

// parts returns the IDs of the parts in a text.
func parts(text string) string {
	var ids []string
	for _, m := range partIDs.FindAllStringSubmatch(text, -1) {
		ids = append(ids, m[1])
	}
	return strings.Join(ids, " ")
}

const allParts = "pulse notice top payments.availability orders.latency users.latency orders.availability payments.latency below"

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := healthyShop()
		page := open(t, shop, statuspage.Options{})
		defer page.Close()
		w := watch(page, "", "")
		defer w.leave()
		text := w.read()
		if !strings.HasPrefix(text, "retry: 5000\nevent: hello\nid: ") || parts(text) != allParts {
			t.Fatalf("first: parts %q of\n%s", parts(text), text)
		}
		if strings.Contains(text, "event: say") {
			t.Error("the first set announces changes")
		}
		if got := w.header.Get("Content-Type"); got != "text/event-stream; charset=utf-8" {
			t.Errorf("content type %q", got)
		}

		time.Sleep(3 * time.Second)
		if text := w.read(); text != "" {
			t.Errorf("nothing changed, and the stream has\n%s", text)
		}

		shop.set(func() { shop.promises[0].bad = 160_000 }) // 80 % of the budget
		time.Sleep(time.Second)
		text = w.read()
		if got := parts(text); got != "top users.latency payments.availability orders.latency" {
			t.Errorf("parts %q", got)
		}
		if !strings.Contains(text, `event: say`) || !strings.Contains(text, "users/latency: Caution, 20.0 % left") {
			t.Errorf("no announcement in\n%s", text)
		}
	})
}

func TestBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := open(t, healthyShop(), statuspage.Options{})
		defer page.Close()
		w := watch(page, "", "")
		defer w.leave()
		w.read()
		time.Sleep(16 * time.Second)
		if text := w.read(); !strings.HasPrefix(text, ": beat\n\nevent: at\n") || parts(text) != "" {
			t.Errorf("after 16 s: %s", text)
		}
	})
}

// TestResume checks that a client that comes back gets the missed changes only.
func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := healthyShop()
		page := open(t, shop, statuspage.Options{})
		defer page.Close()
		other := watch(page, "", "") // keeps the subject alive
		defer other.leave()
		w := watch(page, "", "")
		ids := regexp.MustCompile(`(?m)^id: (.*)$`).FindAllStringSubmatch(w.read(), -1)
		last := ids[len(ids)-1][1]
		w.leave()
		shop.set(func() { shop.promises[4].bad++ })
		time.Sleep(2 * time.Second)

		back := watch(page, "", last)
		if got := parts(back.read()); got != "payments.latency" {
			t.Errorf("after a change: parts %q", got)
		}
		back.leave()
		for _, id := range []string{"", "nonsense", "0123abcd-1", last + "9"} {
			back := watch(page, "", id)
			if got := parts(back.read()); got != allParts {
				t.Errorf("id %q: parts %q", id, got)
			}
			back.leave()
		}
	})
}

// TestSubjects checks that each page has its own parts, and that viewers of the
// same page share one reading of the source a second.
func TestSubjects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := healthyShop()
		page := open(t, shop, statuspage.Options{})
		defer page.Close()
		tests := []struct{ query, want, text string }{
			{"lang=en&view=wall", "pulse notice verdict wall", "All 5 objectives are met"},
			{"lang=ko", allParts, "목표 5개 모두 충족"},
			{"page=users/latency", "pulse notice top strip planned chart periods decision events alerts latency routes errors", "../"},
			{"page=journey/browse", "pulse notice top strip steps services", "../users/latency"},
			{"by=service", "pulse notice top orders.latency orders.availability payments.availability payments.latency users.latency below", `data-group=\"orders\"`},
			{"by=service", "pulse notice top orders.latency orders.availability payments.availability payments.latency users.latency below", `data-group=\"orders\"`},
		}
		var watchers []*watcher
		for _, test := range tests {
			w := watch(page, test.query, "")
			defer w.leave()
			watchers = append(watchers, w)
		}
		time.Sleep(time.Second)
		for i, test := range tests {
			text := watchers[i].read()
			if got := parts(text); got != test.want || !strings.Contains(text, test.text) {
				t.Errorf("%s: parts %q in\n%s", test.query, got, text)
			}
		}
		before := shop.asked()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := shop.asked() - before; got < 9 || got > 11 {
			t.Errorf("%d readings in 10 s", got)
		}
		for i, test := range tests {
			if got := parts(watchers[i].read()); got != "" && got != "pulse" {
				t.Errorf("%s: without a change, parts %q", test.query, got)
			}
		}
		for _, query := range []string{"page=nowhere", "page=users/nothing", "page=journey/nothing", "page=%25zz", "page=help"} {
			w := watch(page, query, "")
			<-w.done
			if w.code != http.StatusNotFound {
				t.Errorf("%s: got %d", query, w.code)
			}
		}
	})
}

func TestMaxViewers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := open(t, healthyShop(), statuspage.Options{MaxViewers: 2})
		defer page.Close()
		first, second := watch(page, "", ""), watch(page, "view=wall", "")
		defer second.leave()
		synctest.Wait()
		third := watch(page, "", "")
		<-third.done
		if third.code != http.StatusServiceUnavailable || third.header.Get("Retry-After") == "" {
			t.Errorf("third viewer: got %d, %v", third.code, third.header)
		}
		if w := head(page, "/events"); w.Code != third.code || w.Header().Get("Retry-After") != third.header.Get("Retry-After") {
			t.Errorf("HEAD without room: got %d, %v", w.Code, w.Header())
		}
		first.leave()
		if w := head(page, "/events"); w.Code != http.StatusOK {
			t.Errorf("HEAD with room: got %d", w.Code)
		}
		again := watch(page, "", "")
		defer again.leave()
		time.Sleep(time.Second)
		if text := again.read(); parts(text) != allParts {
			t.Errorf("after one left: %q", text)
		}
	})
}

// head answers a HEAD request.
func head(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodHead, path, nil))
	return w
}

// TestSlowViewer checks that a viewer that reads nothing delays nobody, and
// ends after the time for a write.
func TestSlowViewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := healthyShop()
		page := open(t, shop, statuspage.Options{})
		defer page.Close()
		slow, quick := watch(page, "", ""), watch(page, "", "")
		defer quick.leave()
		slow.read()
		quick.read()
		slow.stuck = true
		start := time.Now()
		for range 8 {
			shop.set(func() { shop.promises[4].bad++ })
			time.Sleep(time.Second)
			if got := parts(quick.read()); got != "payments.latency" {
				t.Fatalf("after %v: parts %q", time.Since(start), got)
			}
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		select {
		case <-slow.done:
		default:
			t.Error("the slow viewer is still there after 13 s")
		}
	})
}

// TestLost checks that streams say that the figures are old.
func TestLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := healthyShop()
		page := open(t, shop, statuspage.Options{})
		defer page.Close()
		w := watch(page, "", "")
		defer w.leave()
		w.read()
		shop.set(func() { shop.err = errors.New("connection refused to secret-host") })
		time.Sleep(2 * time.Second)
		text := w.read()
		if !strings.Contains(text, `"class":"stale"`) || !strings.Contains(text, "the source does not answer") || !strings.Contains(text, "all 5 objectives were met") {
			t.Errorf("got\n%s", text)
		}
		if strings.Contains(text, "secret-host") {
			t.Error("the page shows the error of the source")
		}
		shop.set(func() { shop.err = nil })
		time.Sleep(2 * time.Second)
		if text := w.read(); !strings.Contains(text, `"class":""`) || !strings.Contains(text, "All 5 objectives are met") {
			t.Errorf("after the end of the failure: got\n%s", text)
		}
	})
}

// TestCloseWhileTheSourceHangs checks that the end waits for no reading:
// neither for the first one, nor for a later one that the streams wait for.
func TestCloseWhileTheSourceHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, release := context.WithCancel(t.Context())
		defer release()
		for name, source := range map[string]statuspage.Source{"first": hanging{ctx}, "second": answersOnce{healthyShop(), hanging{ctx}}} {
			page := open(t, source, statuspage.Options{})
			w := watch(page, "", "")
			time.Sleep(1500 * time.Millisecond)
			synctest.Wait()
			start := time.Now()
			page.Close()
			if took := time.Since(start); took > 0 {
				t.Errorf("%s reading: the end took %v", name, took)
			}
			w.leave()
		}
	})
}

// hanging is a source that answers at the end of a context, whatever the page
// asks.
type hanging struct{ ctx context.Context }

func (h hanging) Read(context.Context) (status.Reading, error) {
	<-h.ctx.Done()
	return status.Reading{}, h.ctx.Err()
}

// answersOnce is a source that hangs after its first reading.
type answersOnce struct {
	*service
	hanging hanging
}

func (s answersOnce) Read(ctx context.Context) (status.Reading, error) {
	if s.asked() > 0 {
		return s.hanging.Read(ctx)
	}
	return s.service.Read(ctx)
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := open(t, healthyShop(), statuspage.Options{})
		var watchers []*watcher
		for i := range 5 {
			watchers = append(watchers, watch(page, fmt.Sprintf("by=%s", []string{"state", "service", "journey"}[i%3]), ""))
		}
		synctest.Wait()
		page.Close()
		for _, w := range watchers {
			<-w.done
			if text := w.read(); !strings.HasSuffix(text, "event: bye\ndata: {\"again_ms\":3000}\n\n") {
				t.Errorf("got %s", text)
			}
		}
		late := watch(page, "", "")
		<-late.done
		if late.code != http.StatusServiceUnavailable {
			t.Errorf("after the end: got %d", late.code)
		}
		if w := get(t, page, "/"); w.Code != http.StatusOK {
			t.Errorf("the page after the end: got %d", w.Code)
		}
		page.Close() // again
	})
}
