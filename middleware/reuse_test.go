package middleware_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// misuse calls everything that would change the outcome of a request.
func misuse(w http.ResponseWriter) {
	w.WriteHeader(503)
	_, _ = io.WriteString(w, "late")
	_, _ = w.Write([]byte("late"))
	_ = http.NewResponseController(w).Flush()
	middleware.SetRoute(w, "/leaked")
	middleware.SetError(w, io.EOF)
	middleware.SetGroup(w, "gold")
	middleware.SetCode(w, "Internal")
	middleware.SetStream(w)
}

// measured are the measurements of an instrument's only series.
type measured struct {
	Route, Status, ErrorType string
	Requests                 uint64
	Bytes                    float64
}

func measuredBy(t *testing.T, in *middleware.Instrument) measured {
	t.Helper()
	families := gather(t, in)
	durations := families["http_server_request_duration_seconds"].GetMetric()
	if len(durations) != 1 {
		t.Fatalf("got %d series, want one: %v", len(durations), durations)
	}
	l := labels(durations[0])
	return measured{
		Route: l["http_route"], Status: l["http_response_status_code"], ErrorType: l["error_type"],
		Requests: durations[0].GetHistogram().GetSampleCount(),
		Bytes:    families["http_server_response_body_size_bytes"].GetMetric()[0].GetHistogram().GetSampleSum(),
	}
}

// TestLeakedWriters uses the writers of requests that have ended while the
// same instrument serves others. None of it may count for the others.
func TestLeakedWriters(t *testing.T) {
	in, _ := newInstrument(t, nil, availability)
	leaked := make(chan http.ResponseWriter, 100)
	var misusers sync.WaitGroup
	for range 2 {
		misusers.Go(func() {
			for w := range leaked {
				misuse(w)
			}
		})
	}
	var last http.ResponseWriter
	handler := in.Handler(handle(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok")
		last = w
	}))
	const requests = 10_000
	for range requests {
		handler.ServeHTTP(newStub(), httptest.NewRequest("GET", "/", nil))
		leaked <- last
	}
	close(leaked)
	misusers.Wait()
	want := measured{Route: "unmatched", Status: "200", Requests: requests, Bytes: 2 * requests}
	if diff := cmp.Diff(want, measuredBy(t, in)); diff != "" {
		t.Error(diff)
	}
}

// TestWriterInUse leaves a Write behind that returns only after many other
// requests.
func TestWriterInUse(t *testing.T) {
	in, _ := newInstrument(t, nil, availability)
	blocked := &blockedWriter{stub: newStub(), writing: make(chan struct{}), proceed: make(chan struct{})}
	var left sync.WaitGroup
	in.Handler(handle(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(200)
		left.Go(func() {
			_, _ = io.WriteString(w, "late")
			misuse(w)
		})
		<-blocked.writing
	})).ServeHTTP(blocked, httptest.NewRequest("GET", "/", nil))
	ok := in.Handler(handle(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok")
	}))
	serve := func() { ok.ServeHTTP(newStub(), httptest.NewRequest("GET", "/", nil)) }
	for range 100 {
		serve()
	}
	in.Handler(handle(func(w http.ResponseWriter, _ *http.Request) {
		close(blocked.proceed)
		left.Wait() // while this request has its exchange
		_, _ = io.WriteString(w, "ok")
	})).ServeHTTP(newStub(), httptest.NewRequest("GET", "/", nil))
	serve()
	want := measured{Route: "unmatched", Status: "200", Requests: 103, Bytes: 204}
	if diff := cmp.Diff(want, measuredBy(t, in)); diff != "" {
		t.Error(diff)
	}
}

// blockedWriter is a server's writer that takes a body when it may proceed.
type blockedWriter struct {
	*stub
	writing, proceed chan struct{}
	once             sync.Once
}

func (w *blockedWriter) Write(p []byte) (int, error) {
	w.once.Do(func() {
		close(w.writing)
		<-w.proceed
	})
	return len(p), nil
}

// TestWalksOfReused walks the requests in flight again and again. An exchange
// that a walk may still be judging must not serve another request.
func TestWalksOfReused(t *testing.T) {
	in, rec := newInstrument(t, nil, availability)
	handler := in.Handler(newMux("GET /users/{userid}"))
	const goroutines, requests = 2, 5_000
	var serving, walking sync.WaitGroup
	for range goroutines {
		serving.Go(func() {
			for range requests {
				handler.ServeHTTP(newStub(), httptest.NewRequest("GET", "/users/lora", nil))
			}
		})
	}
	served := make(chan struct{})
	walking.Go(func() {
		for {
			select {
			case <-served:
				return
			default:
				middleware.Walk(in)
			}
		}
	})
	serving.Wait()
	close(served)
	walking.Wait()
	const all = goroutines * requests
	if got, _ := rec.Counts("availability"); got != (sli.Counts{Good: all, Valid: all}) {
		t.Errorf("got %v, want all of %d", got, all)
	}
	if got := measuredBy(t, in); got.Requests != all || got.Route != "/users/{userid}" {
		t.Errorf("got %+v, want %d requests", got, all)
	}
}
