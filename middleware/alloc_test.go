//go:build !race

package middleware_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// TestResponseSize keeps the allocation of a request in the allocator's class
// of 32 bytes. The next one is of 48.
func TestResponseSize(t *testing.T) {
	if size := middleware.ResponseSize(); size > 32 {
		t.Errorf("got %d bytes, want at most 32", size)
	}
}

// TestAllocations compares a wrapped mux with the bare one. An instrument
// costs one allocation.
func TestAllocations(t *testing.T) {
	mux := http.NewServeMux()
	answer := []byte("{}")
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(200)
		_, _ = w.Write(answer)
	})
	fast := sli.Indicator{
		Service: "users", Name: "fast", Kind: sli.KindLatency, Requests: []string{"GET /users/{userid}"},
		Good: sli.Condition{Within: 100 * time.Millisecond}, Valid: sli.Condition{Status: []string{"!5xx"}},
	}
	s := newStub()
	writers := map[string]http.ResponseWriter{
		"HTTP/1.1": stubFHRN{stubFHR{stubFH{stubF{s}}}},
		"HTTP/2":   stubFPN{stubFP{stubF{s}}},
		"recorder": stubF{s},
		"plain":    s,
		"all":      stubFHRPN{stubFHRP{stubFHR{stubFH{stubF{s}}}}},
	}
	options := map[string]*middleware.Options{
		"defaults": nil,
		"no sizes": {OmitBodySizes: true},
		"native":   {NativeHistograms: true},
		"done":     {Done: func(middleware.Record) {}},
		"IDs":      {RequestID: &middleware.IDOptions{}},
		"omitted":  {Omit: func(*http.Request) middleware.Signal { return middleware.SignalAll }},
	}
	r := httptest.NewRequest("GET", "/users/lora", nil)
	for writerName, w := range writers {
		bare := testing.AllocsPerRun(1000, func() { mux.ServeHTTP(w, r) })
		for name, opts := range options {
			in, _ := newInstrument(t, opts, availability, fast)
			handler := in.Handler(mux)
			if got := testing.AllocsPerRun(1000, func() { handler.ServeHTTP(w, r) }) - bare; got > 1 {
				t.Errorf("%s, %s: got %v allocations over the bare mux, want 1", writerName, name, got)
			}
		}
	}
}

// TestAllocationsOfSilence serves requests without an answer, which net/http
// answers with 200.
func TestAllocationsOfSilence(t *testing.T) {
	in, _ := newInstrument(t, nil, availability)
	handler := in.Handler(handle(func(http.ResponseWriter, *http.Request) {}))
	r, w := httptest.NewRequest("GET", "/", nil), newStub()
	if got := testing.AllocsPerRun(1000, func() { handler.ServeHTTP(w, r) }); got > 1 {
		t.Errorf("got %v allocations, want 1", got)
	}
}

// TestAllocationsOfSetters calls the functions for facts that an instrument
// cannot see. They must not cost an allocation of their own.
func TestAllocationsOfSetters(t *testing.T) {
	api := func(report func(http.Handler) http.Handler) http.Handler {
		return stripped("/v1/", "/v1", report(newMux("GET /users/{userid}")))
	}
	sets := func(set func(http.ResponseWriter)) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { set(w) })
	}
	none := sets(func(http.ResponseWriter) {})
	gold := string([]byte("gold"))
	for name, c := range map[string]struct{ without, with http.Handler }{
		"SetRoute":    {none, sets(func(w http.ResponseWriter) { middleware.SetRoute(w, "/users/{userid}") })},
		"SetGroup":    {none, sets(func(w http.ResponseWriter) { middleware.SetGroup(w, gold) })},
		"SetStream":   {none, sets(func(w http.ResponseWriter) { middleware.SetStream(w) })},
		"SetCode":     {none, sets(func(w http.ResponseWriter) { middleware.SetCode(w, "DeadlineExceeded") })},
		"ReportRoute": {api(func(h http.Handler) http.Handler { return h }), api(middleware.ReportRoute)},
	} {
		in, _ := newInstrument(t, nil, availability)
		r, w := httptest.NewRequest("GET", "/v1/users/lora", nil), newStub()
		count := func(handler http.Handler) float64 {
			handler = in.Handler(handler)
			return testing.AllocsPerRun(1000, func() { handler.ServeHTTP(w, r) })
		}
		if without, with := count(c.without), count(c.with); with > without {
			t.Errorf("%s: got %v allocations, want %v as without it", name, with, without)
		}
	}
}

// TestAllocationsOfAServer uses the server of net/http, whose writer copies
// its header when the instrument reads it, unless the handler has a header.
// An instrument then costs two allocations at most.
func TestAllocationsOfAServer(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"status and body": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			_, _ = io.WriteString(w, "{}")
		},
		"body": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") },
		"header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "{}")
		},
	} {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /users/{userid}", handler)
		in, _ := newInstrument(t, nil, availability)
		got := allocsOfServer(t, in.Handler(mux)) - allocsOfServer(t, mux)
		if got > 2.5 { // allocations of the server's goroutines blur the average
			t.Errorf("%s: got %.2f allocations over the bare mux, want at most 2", name, got)
		}
	}
}

// allocsOfServer returns the allocations of a request to a server. The
// client does not allocate.
func allocsOfServer(t *testing.T, handler http.Handler) float64 {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	request, answer := []byte("GET /users/lora HTTP/1.1\r\nHost: shop\r\n\r\n"), bufio.NewReader(conn)
	const requests = 100 // per run, since AllocsPerRun rounds down
	return testing.AllocsPerRun(20, func() {
		for range requests {
			_, _ = conn.Write(request)
			for line := []byte("status"); len(line) > len("\r\n"); {
				if line, err = answer.ReadSlice('\n'); err != nil {
					t.Error(err)
					return
				}
			}
			_, _ = answer.Discard(len("{}"))
		}
	}) / requests
}

// TestAllocationsOfSignals counts the allocations of a request with a span, a
// request ID and a line of the access log. The SDK makes two for an unsampled
// span, the span and its context, and five more for a recorded one: three of
// them are the map with which it looks for equal keys of attributes. Package
// tracing's provider tells that a span is not recorded, which then costs none.
// The JSONHandler makes one for a number with a fraction.
func TestAllocationsOfSignals(t *testing.T) {
	own, err := logging.New("users", io.Discard, &logging.Options{Trace: tracing.IDs})
	if err != nil {
		t.Fatal(err)
	}
	sdk := func(ratio float64) trace.TracerProvider {
		return sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.TraceIDRatioBased(ratio)), sdktrace.WithSpanProcessor(dropped{}))
	}
	decides, err := tracing.Start(t.Context(), "users", &tracing.Options{Sampling: tracing.Sampling{Root: sdktrace.TraceIDRatioBased(0)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		provider trace.TracerProvider
		handler  slog.Handler
		most     float64
	}{
		"decided, logging":       {decides.TracerProvider(), own, 1},
		"decided, JSONHandler":   {decides.TracerProvider(), slog.NewJSONHandler(io.Discard, nil), 3},
		"unsampled, logging":     {sdk(0), own, 3},
		"unsampled, JSONHandler": {sdk(0), slog.NewJSONHandler(io.Discard, nil), 5},
		"sampled, logging":       {sdk(1), own, 10},
		"sampled, JSONHandler":   {sdk(1), slog.NewJSONHandler(io.Discard, nil), 12},
	} {
		in, _ := newInstrument(t, &middleware.Options{
			Spans:     &middleware.SpanOptions{TracerProvider: c.provider},
			RequestID: &middleware.IDOptions{},
			AccessLog: &middleware.LogOptions{Logger: slog.New(c.handler)},
		}, availability)
		mux := newMux("GET /users/{userid}")
		r, w := httptest.NewRequest("GET", "/users/lora", nil), newStub()
		r.Header.Set("User-Agent", "test")
		bare := testing.AllocsPerRun(1000, func() { mux.ServeHTTP(w, r) })
		handler := in.Handler(mux)
		if got := testing.AllocsPerRun(1000, func() { handler.ServeHTTP(w, r) }) - bare; got > c.most {
			t.Errorf("%s: got %v allocations over the bare mux, want %v", name, got, c.most)
		}
	}
}

// dropped is a processor that does nothing.
type dropped struct{ sdktrace.SpanProcessor }

func (dropped) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

func (dropped) OnEnd(sdktrace.ReadOnlySpan) {}
