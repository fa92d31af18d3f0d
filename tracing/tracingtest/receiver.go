package tracingtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Behavior determines how a [Receiver] responds to requests.
type Behavior uint8

const (
	// BehaviorAccept accepts the spans. It is the zero Behavior.
	BehaviorAccept Behavior = iota
	// BehaviorRefuse closes the port, like a receiver that is down.
	BehaviorRefuse
	// BehaviorHang never responds.
	BehaviorHang
	// BehaviorSlow accepts the spans and responds after a second.
	BehaviorSlow
	// BehaviorUnavailable responds with 503.
	BehaviorUnavailable
	// BehaviorThrottle responds with 429 and requests a pause of two seconds.
	BehaviorThrottle
	// BehaviorTooLarge responds with 413 to several spans and accepts single
	// ones.
	BehaviorTooLarge
	// BehaviorReject responds with 400.
	BehaviorReject
)

var behaviors = [...]string{"accept", "refuse", "hang", "slow", "unavailable", "throttle", "too large", "reject"}

// String returns the behavior in words, such as "too large".
func (b Behavior) String() string {
	if int(b) < len(behaviors) {
		return behaviors[b]
	}
	return fmt.Sprintf("Behavior(%d)", uint8(b))
}

// Receiver accepts spans of OTLP over HTTP, in protobuf, and of Zipkin, and
// fails on demand. The zero Receiver is ready to use: by its URL, or without a
// network as the Transport of an exporter, for example in a bubble of
// testing/synctest. Its methods are safe for concurrent use.
type Receiver struct {
	mu       sync.Mutex
	behavior Behavior
	spans    []Received
	requests int

	address  string
	listener net.Listener
	server   *http.Server
}

// Behave sets the behavior. It also affects requests that have begun, unless
// they hang or are slow.
func (r *Receiver) Behave(b Behavior) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.behavior = b
	if r.address == "" {
		return
	}
	if b == BehaviorRefuse {
		r.close()
	} else if r.server == nil {
		_ = r.listen() // fails only if another process took the port meanwhile
	}
}

// Spans returns the accepted spans in the order of their arrival.
func (r *Receiver) Spans() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.spans)
}

// Requests returns the number of requests that arrived, accepted or not.
func (r *Receiver) Requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests
}

// URL returns the receiver's URL. The receiver listens from the first call to
// the end of the test.
func (r *Receiver) URL(t testing.TB) string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.address == "" {
		r.address = "127.0.0.1:0"
		if err := r.listen(); err != nil {
			t.Fatalf("tracingtest: %v", err)
		}
		r.address = r.listener.Addr().String()
		t.Cleanup(func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.close()
		})
		if r.behavior == BehaviorRefuse {
			r.close()
		}
	}
	return "http://" + r.address
}

func (r *Receiver) listen() error {
	var err error
	if r.listener, err = net.Listen("tcp", r.address); err != nil {
		return err
	}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: time.Minute}
	go func(s *http.Server, l net.Listener) { _ = s.Serve(l) }(r.server, r.listener)
	return nil
}

func (r *Receiver) close() {
	if r.server != nil {
		_ = r.listener.Close() // the server may not have it yet
		_ = r.server.Close()
		r.server = nil
	}
}

// RoundTrip implements [http.RoundTripper], so that an exporter can use the
// receiver without a network.
func (r *Receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	if r.arrive() == BehaviorRefuse {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	w := httptest.NewRecorder()
	r.answer(w, request)
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// ServeHTTP responds to a request of an exporter.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.arrive()
	r.answer(w, request)
}

// arrive counts a request and returns the current behavior.
func (r *Receiver) arrive() Behavior {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests++
	return r.behavior
}

// answer decodes a request and responds as the behavior requires.
func (r *Receiver) answer(w http.ResponseWriter, request *http.Request) {
	spans, err := decode(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	behavior := r.behavior
	r.mu.Unlock()
	if !behavior.accepts(w, request, len(spans)) {
		return
	}
	r.mu.Lock()
	r.spans = append(r.spans, spans...)
	r.mu.Unlock()
	w.WriteHeader(http.StatusOK)
}

// accepts reports whether the spans of a request are accepted. If it returns
// false, it has written the response unless the client disconnected.
func (b Behavior) accepts(w http.ResponseWriter, request *http.Request, spans int) bool {
	switch b {
	case BehaviorHang:
		<-request.Context().Done()
		return false
	case BehaviorSlow:
		return sleep(request.Context(), time.Second)
	case BehaviorUnavailable:
		http.Error(w, "out of order", http.StatusServiceUnavailable)
		return false
	case BehaviorThrottle:
		w.Header().Set("Retry-After", "2")
		http.Error(w, "too many spans", http.StatusTooManyRequests)
		return false
	case BehaviorReject:
		http.Error(w, "rejected", http.StatusBadRequest)
		return false
	case BehaviorTooLarge:
		if spans > 1 {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return false
		}
	}
	return true
}

// sleep reports whether d passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
