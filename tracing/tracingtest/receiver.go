package tracingtest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/openzipkin/zipkin-go/model"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Behavior is what a [Receiver] does with requests.
type Behavior uint8

const (
	// BehaviorAccept takes the spans. It is the zero Behavior.
	BehaviorAccept Behavior = iota
	// BehaviorRefuse has no open port, as a receiver that is down.
	BehaviorRefuse
	// BehaviorHang never answers.
	BehaviorHang
	// BehaviorSlow takes the spans and answers after a second.
	BehaviorSlow
	// BehaviorUnavailable answers 503.
	BehaviorUnavailable
	// BehaviorThrottle answers 429, with the wish to be left alone for two seconds.
	BehaviorThrottle
	// BehaviorTooLarge answers 413 to more than one span, and takes single ones.
	BehaviorTooLarge
	// BehaviorReject answers 400.
	BehaviorReject
)

// Received is a span as it arrived. Ids are lower-case hexadecimal digits.
type Received struct {
	// Service is the name of the service that sent it.
	Service string
	// Name is the span's name, which Zipkin's exporters write in lower case.
	Name string
	// TraceID has 32 digits.
	TraceID string
	// SpanID has 16 digits.
	SpanID string
	// ParentID has 16 digits, or none for the first span of a trace.
	ParentID string
}

// Receiver is a receiver of OTLP over HTTP and of Zipkin's spans that fails on demand. The zero
// Receiver is ready to use, by its URL or, without a network as in a bubble of testing/synctest, as the
// Transport of an exporter. Its methods are safe for concurrent use.
type Receiver struct {
	mu       sync.Mutex
	behavior Behavior
	spans    []Received
	requests int

	address  string
	listener net.Listener
	server   *http.Server
}

// Behave sets what happens from now on, to requests that have begun too unless they hang or are slow.
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
		_ = r.listen() // the port was ours; if it is not any more, no span arrives
	}
}

// Spans returns the spans that arrived, in that order.
func (r *Receiver) Spans() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.spans)
}

// Requests returns the number of requests that arrived, whatever became of them.
func (r *Receiver) Requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests
}

// URL returns the URL of the receiver, which listens from the first call to the end of the test.
func (r *Receiver) URL(t testing.TB) string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.address == "" {
		r.address = "127.0.0.1:0"
		if err := r.listen(); err != nil {
			t.Fatalf("tracetest: %v", err)
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
		_ = r.listener.Close() // the server may not know it yet
		_ = r.server.Close()
		r.server = nil
	}
}

// RoundTrip is for [Receiver] to be the transport of an exporter, without a network.
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

// ServeHTTP answers a request of an exporter.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.arrive()
	r.answer(w, request)
}

func (r *Receiver) arrive() Behavior {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests++
	return r.behavior
}

func (r *Receiver) answer(w http.ResponseWriter, request *http.Request) {
	spans, err := decode(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	behavior := r.behavior
	r.mu.Unlock()
	switch behavior {
	case BehaviorHang:
		<-request.Context().Done()
		return
	case BehaviorUnavailable:
		http.Error(w, "out of order", http.StatusServiceUnavailable)
		return
	case BehaviorThrottle:
		w.Header().Set("Retry-After", "2")
		http.Error(w, "too many spans", http.StatusTooManyRequests)
		return
	case BehaviorReject:
		http.Error(w, "not today", http.StatusBadRequest)
		return
	case BehaviorTooLarge:
		if len(spans) > 1 {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
	case BehaviorSlow:
		if !sleep(request.Context(), time.Second) {
			return
		}
	}
	r.mu.Lock()
	r.spans = append(r.spans, spans...)
	r.mu.Unlock()
	w.WriteHeader(http.StatusOK)
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

// decode reads the spans of a request.
func decode(request *http.Request) ([]Received, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	if request.Header.Get("Content-Encoding") == "gzip" {
		zipped, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		if body, err = io.ReadAll(zipped); err != nil {
			return nil, err
		}
	}
	switch {
	case strings.HasSuffix(request.URL.Path, "/v1/traces") && request.Header.Get("Content-Type") == "application/x-protobuf":
		return decodeOTLP(body)
	case strings.HasSuffix(request.URL.Path, "/api/v2/spans") && request.Header.Get("Content-Type") == "application/json":
		return decodeZipkin(body)
	}
	return nil, fmt.Errorf("nothing takes %s at %s", request.Header.Get("Content-Type"), request.URL.Path)
}

func decodeOTLP(body []byte) ([]Received, error) {
	var data tracepb.TracesData
	if err := proto.Unmarshal(body, &data); err != nil {
		return nil, err
	}
	var spans []Received
	for _, ofResource := range data.ResourceSpans {
		var service string
		for _, kv := range ofResource.GetResource().GetAttributes() {
			if kv.Key == "service.name" {
				service = kv.Value.GetStringValue()
			}
		}
		for _, ofScope := range ofResource.ScopeSpans {
			for _, s := range ofScope.Spans {
				spans = append(spans, Received{service, s.Name,
					fmt.Sprintf("%x", s.TraceId), fmt.Sprintf("%x", s.SpanId), fmt.Sprintf("%x", s.ParentSpanId)})
			}
		}
	}
	return spans, nil
}

func decodeZipkin(body []byte) ([]Received, error) {
	var models []model.SpanModel
	if err := json.Unmarshal(body, &models); err != nil {
		return nil, err
	}
	var spans []Received
	for _, m := range models {
		s := Received{Name: m.Name, TraceID: m.TraceID.String(), SpanID: m.ID.String()}
		if m.LocalEndpoint != nil {
			s.Service = m.LocalEndpoint.ServiceName
		}
		if m.ParentID != nil {
			s.ParentID = m.ParentID.String()
		}
		spans = append(spans, s)
	}
	return spans, nil
}
