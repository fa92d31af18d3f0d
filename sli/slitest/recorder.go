package slitest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// Recorder counts events for a test, and remembers them to explain a failure. It is safe for
// concurrent use.
type Recorder struct {
	t          testing.TB
	rec        *sli.Recorder
	instrument *middleware.Instrument

	mu     sync.Mutex // guards events
	events []sli.Event
}

// New returns a recorder for the indicators of a service. It stops the test if they are not valid.
func New(t testing.TB, indicators ...sli.Indicator) *Recorder {
	t.Helper()
	rec, err := sli.NewRecorder(indicators...)
	if err != nil {
		t.Fatalf("indicators:\n%v", err)
	}
	r := &Recorder{t: t, rec: rec}
	r.instrument, err = middleware.New(rec, &middleware.Options{
		Done: func(_ *http.Request, e sli.Event) { r.remember(e) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Record counts events.
func (r *Recorder) Record(events ...sli.Event) {
	for _, e := range events {
		r.rec.Record(e)
		r.remember(e)
	}
}

// Handler returns next with the middleware around it, for tests with a server of their own. A client may have
// its answer before the event is counted, so close the server, which waits for its handlers, before Want.
func (r *Recorder) Handler(next http.Handler) http.Handler { return r.instrument.Handler(next) }

// Serve has next answer requests, one after the other, with the middleware around it, and returns the
// answers. As net/http does, it survives a handler that panics; the answer is then what was written
// before, which no client can take for whole.
func (r *Recorder) Serve(next http.Handler, requests ...*http.Request) []*http.Response {
	handler := r.Handler(next)
	responses := make([]*http.Response, len(requests))
	for i, request := range requests {
		responses[i] = serve(handler, request)
	}
	return responses
}

func serve(handler http.Handler, request *http.Request) *http.Response {
	w := httptest.NewRecorder()
	func() {
		defer func() { _ = recover() }()
		handler.ServeHTTP(w, request)
	}()
	return w.Result()
}

// Counts returns the counts of the indicator of that name. It stops the test if there is none.
func (r *Recorder) Counts(name string) sli.Counts {
	r.t.Helper()
	counts, ok := r.rec.Counts(name)
	if !ok {
		r.t.Fatalf("there is no indicator %q", name)
	}
	return counts
}

// Want checks the counts of the indicator of that name. If they differ, it reports an error that lists
// the events with the verdict on each.
func (r *Recorder) Want(name string, want sli.Counts) {
	r.t.Helper()
	if got := r.Counts(name); got != want {
		r.t.Errorf("%s: got %v, want %v, of these events:%s", name, got, want, r.explain(name))
	}
}

func (r *Recorder) explain(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, ind := range r.rec.Indicators() {
		if ind.Name != name {
			continue
		}
		for _, e := range r.events {
			verdict, _ := ind.Judge(e)
			fmt.Fprintf(&b, "\n\t%-7s  %s", verdict, describe(e))
		}
	}
	return b.String()
}

func (r *Recorder) remember(e sli.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}
