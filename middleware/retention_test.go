package middleware_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
)

// lockedWriter is a server's writer that several goroutines may use.
type lockedWriter struct {
	*stub
	mu sync.Mutex
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stub.Write(p)
}

func (w *lockedWriter) Flush() {}

// TestHandlersThatKeepTheirRequest is for the race detector: a goroutine uses
// the writer, the request and the context while the handler returns and
// afterwards.
func TestHandlersThatKeepTheirRequest(t *testing.T) {
	for _, kind := range signalSets {
		w := newWatch(t, kind, middleware.Options{}, availability)
		var leaked sync.WaitGroup
		keep := func(out http.ResponseWriter, r *http.Request, n int) {
			ctx, body := r.Context(), r.Body
			started := make(chan struct{})
			leaked.Go(func() {
				for i := range n {
					if i == n/2 {
						close(started)
					}
					_, _ = io.WriteString(out, "late")
					_ = http.NewResponseController(out).Flush()
					_, _ = body.Read(make([]byte, 1))
					middleware.SetRoute(out, "/users/{userid}")
					middleware.SetError(out, io.EOF)
					middleware.SetGroup(out, "gold")
					middleware.SetCode(out, "Internal")
					middleware.SetStream(out)
					logging.SetUser(ctx, strconv.Itoa(i))
					_ = ctx.Value(baseKey{})
					_ = ctx.Err()
					trace.SpanFromContext(ctx).AddEvent("late")
				}
			})
			<-started
		}
		handler := w.wrap(handle(func(out http.ResponseWriter, r *http.Request) { keep(out, r, 1000) }))
		for range 3 {
			r := httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", 10_000)))
			handler.ServeHTTP(&lockedWriter{stub: newStub()}, r)
		}
		leaked.Wait()
		if len(w.records) != 3 {
			t.Errorf("%s: got %d records, want 3", kind, len(w.records))
		}
	}
}

// TestNestedInstruments serves a request through two instruments.
func TestNestedInstruments(t *testing.T) {
	outer := newWatch(t, "logging", middleware.Options{}, availability)
	inner := newWatch(t, "slog", middleware.Options{}, availability)
	server := newServer(t, http1, outer.wrap(inner.wrap(newMux("GET /users/{userid}"))))
	resp, _ := fetch(t, server, "GET", "/users/lora", nil)
	server.Close()
	ids := resp.Header["X-Request-Id"]
	if len(ids) != 1 {
		t.Fatalf("got IDs %q, want one", ids)
	}
	parent, child := outer.spans.Ended()[0], inner.spans.Ended()[0]
	if child.Parent().SpanID() != parent.SpanContext().SpanID() || child.SpanContext().TraceID() != parent.SpanContext().TraceID() {
		t.Errorf("the inner span %v is no child of the outer %v", child.Parent(), parent.SpanContext())
	}
	for name, w := range map[string]*watch{"outer": outer, "inner": inner} {
		status, errorType := onlySeries(t, w.in)
		w.check(t, status, errorType)
		rec := <-w.records
		if rec.RequestID != ids[0] || rec.Route != "/users/{userid}" {
			t.Errorf("%s: got ID %q, route %q", name, rec.RequestID, rec.Route)
		}
		if line := w.lines(t)[0]; line["request_id"] != ids[0] || line["route"] != "/users/{userid}" {
			t.Errorf("%s: got line %v", name, line)
		}
	}
}

// message is a response over HTTP/2 as its client gets it.
type message struct {
	Status          int
	Header, Trailer http.Header
	Hints           []int
	Body            string
}

// TestSameMessages compares responses over HTTP/2 with a plain server's.
func TestSameMessages(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		method  string
		body    string
	}{
		"trailers": {handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "Checksum")
			_, _ = io.WriteString(w, "ok")
			w.Header().Set("Checksum", "42")
			w.Header().Set(http.TrailerPrefix+"X-Cost", "7")
		}},
		"Early Hints": {handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "</style.css>; rel=preload")
			w.WriteHeader(103)
			w.WriteHeader(404)
		}},
		"HEAD":            {method: "HEAD", handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "not sent") }},
		"204":             {handler: status(204)},
		"304":             {handler: status(304)},
		"a body":          {method: "POST", body: "four", handler: describe},
		"an event stream": {handler: func(w http.ResponseWriter, r *http.Request) { stream(w, r); stream(w, r) }},
		"full duplex": {method: "POST", body: "four", handler: func(w http.ResponseWriter, r *http.Request) {
			c := http.NewResponseController(w)
			_, _ = fmt.Fprintln(w, c.EnableFullDuplex(), c.SetReadDeadline(time.Now().Add(time.Hour)), c.SetWriteDeadline(time.Now().Add(time.Hour)), c.Flush())
			_, _ = io.Copy(w, r.Body)
		}},
		"no hijack": {handler: func(w http.ResponseWriter, _ *http.Request) {
			_, hijacker := w.(http.Hijacker)
			_, _, err := http.NewResponseController(w).Hijack()
			_, _ = fmt.Fprintln(w, hijacker, err)
		}},
		"a long method": {method: strings.Repeat("BREW", 2560), handler: describe},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, _ := messageOf(t, nil, c.method, c.body, c.handler)
			for _, kind := range signalSets {
				got, ids := messageOf(t, newWatch(t, kind, middleware.Options{}, availability), c.method, c.body, c.handler)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: (-plain server +instrument):\n%s", kind, diff)
				}
				if (ids == 1) != (kind != "metrics") {
					t.Errorf("%s: got %d request IDs", kind, ids)
				}
			}
		})
	}
}

// messageOf returns the response without its varying parts, and the number of
// its request IDs.
func messageOf(t *testing.T, w *watch, method, body string, handler http.Handler) (got message, ids int) {
	t.Helper()
	server := newServer(t, http2, w.wrap(handler))
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(code int, _ textproto.MIMEHeader) error {
		got.Hints = append(got.Hints, code)
		return nil
	}})
	r, err := http.NewRequestWithContext(ctx, method, server.URL+"/users/lora", nil)
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Body = io.NopCloser(strings.NewReader(body))
	}
	resp, err := server.Client().Transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	ids = len(resp.Header["X-Request-Id"])
	resp.Header.Del("X-Request-Id")
	resp.Header.Del("Date")
	return message{resp.StatusCode, resp.Header, resp.Trailer, got.Hints, string(text)}, ids
}

// TestCancellationReachesTheHandler disconnects a client while the handler
// waits, with a context of the span.
func TestCancellationReachesTheHandler(t *testing.T) {
	for _, protocol := range protocols {
		for _, kind := range signalSets {
			w := newWatch(t, kind, middleware.Options{}, availability)
			ctx, cancel := context.WithCancel(t.Context())
			causes := make(chan error, 1)
			server := newServer(t, protocol, w.wrap(handle(func(_ http.ResponseWriter, r *http.Request) {
				cancel()
				<-r.Context().Done()
				causes <- context.Cause(r.Context())
			})))
			r, _ := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
			if resp, err := server.Client().Do(r); err == nil {
				_ = resp.Body.Close()
				t.Error("the client got a response")
			}
			if cause := <-causes; cause != context.Canceled { //nolint:errorlint // net/http's own
				t.Errorf("%s, %s: got cause %v", protocol, kind, cause)
			}
		}
	}
}
