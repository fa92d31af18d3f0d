package middleware_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// newInstrument returns an instrument and its recorder for the indicators.
func newInstrument(t testing.TB, opts *middleware.Options, indicators ...sli.Indicator) (*middleware.Instrument, *sli.Recorder) {
	t.Helper()
	rec, err := sli.NewRecorder(indicators...)
	if err != nil {
		t.Fatal(err)
	}
	in, err := middleware.New(rec, opts)
	if err != nil {
		t.Fatal(err)
	}
	return in, rec
}

func TestWriterHasTheServersInterfaces(t *testing.T) {
	s := newStub()
	seen := make(map[string]bool)
	for _, inner := range s.all() {
		want := offered(inner)
		seen[want] = true
		t.Run("stub"+want, func(t *testing.T) {
			in, _ := newInstrument(t, nil)
			s.calls = nil
			in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if got := offered(w); got != want {
					t.Errorf("offered %q, want %q", got, want)
				}
				checkCalls(t, s, w)
				if got := w.(interface{ Unwrap() http.ResponseWriter }).Unwrap(); got != inner {
					t.Errorf("Unwrap returns %T, want %T", got, inner)
				}
			})).ServeHTTP(inner, httptest.NewRequest("GET", "/", nil))
		})
	}
	if len(seen) != 32 {
		t.Errorf("got %d combinations, want 32", len(seen))
	}
}

// checkCalls calls each optional method of w and checks that it calls the
// stub.
func checkCalls(t *testing.T, s *stub, w http.ResponseWriter) {
	t.Helper()
	var want []string
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
		want = append(want, "Flush")
	}
	if h, ok := w.(http.Hijacker); ok {
		_, _, _ = h.Hijack()
		want = append(want, "Hijack")
	}
	if r, ok := w.(io.ReaderFrom); ok {
		if n, err := r.ReadFrom(strings.NewReader("four")); n != 4 || err != nil {
			t.Errorf("ReadFrom: got %d, %v, want 4 bytes", n, err)
		}
		want = append(want, "ReadFrom")
	}
	if p, ok := w.(http.Pusher); ok {
		_ = p.Push("/style.css", nil)
		want = append(want, "Push")
	}
	if n, ok := w.(http.CloseNotifier); ok { //nolint:staticcheck // still in use
		if n.CloseNotify() != (<-chan bool)(s.notify) {
			t.Error("CloseNotify returns another channel")
		}
		want = append(want, "CloseNotify")
	}
	if diff := cmp.Diff(want, s.calls); diff != "" {
		t.Errorf("calls of the server's writer (-want +got):\n%s", diff)
	}
}

// newServer starts a server of a protocol, "HTTP/1.1" or "HTTP/2.0".
func newServer(t *testing.T, protocol string, handler http.Handler) *httptest.Server {
	t.Helper()
	return configuredServer(t, protocol, handler, nil)
}

func configuredServer(t *testing.T, protocol string, handler http.Handler, configure func(*http.Server)) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, netConnKey{}, conn)
	}
	if configure != nil {
		configure(server.Config)
	}
	if protocol == http2 {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

var protocols = []string{http1, http2}

func TestWriterOnRealServers(t *testing.T) {
	for protocol, want := range map[string]string{"HTTP/1.1": "FHRN", "HTTP/2.0": "FPN"} {
		t.Run(protocol, func(t *testing.T) {
			in, _ := newInstrument(t, nil)
			var got, gotProtocol string
			var errs []error
			server := newServer(t, protocol, in.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got, gotProtocol = offered(w), r.Proto
				c := http.NewResponseController(w)
				later := time.Now().Add(time.Hour)
				errs = []error{c.SetReadDeadline(later), c.SetWriteDeadline(later), c.EnableFullDuplex(), c.Flush()}
			})))
			fetch(t, server, "GET", "/", nil)
			server.Close()
			if got != want || gotProtocol != protocol {
				t.Errorf("offered %q on %s, want %q on %s", got, gotProtocol, want, protocol)
			}
			if err := errors.Join(errs...); err != nil {
				t.Errorf("ResponseController: %v", err)
			}
		})
	}
}

func TestWriteDeadlineTakesEffect(t *testing.T) {
	in, _ := newInstrument(t, nil)
	var err error
	server := quietServer(t, in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c := http.NewResponseController(w)
		_ = c.SetWriteDeadline(time.Now().Add(-time.Second))
		_, _ = io.WriteString(w, "too late")
		err = c.Flush()
	})))
	resp, getErr := server.Client().Get(server.URL)
	if getErr == nil {
		_ = resp.Body.Close()
		t.Error("the client got a response")
	}
	server.Close()
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("flush: got %v, want %v", err, os.ErrDeadlineExceeded)
	}
	if status, errorType := onlySeries(t, in); status != "200" || errorType != "timeout" {
		t.Errorf("counted %s, %s, want 200, timeout", status, errorType)
	}
}

// fetch makes a request and returns the response and its body.
func fetch(t *testing.T, server *httptest.Server, method, path string, body io.Reader) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, body)
	if err != nil {
		t.Fatal(err)
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
	return resp, string(text)
}

// An answer is a response as the client gets it, and its counts.
type answer struct {
	Status    int
	Body      string
	Trailer   string
	Counted   string // label of the status
	SentBytes float64
}

// TestAnswers compares the client's response with and without the
// instrument, and checks the counts.
func TestAnswers(t *testing.T) {
	content := strings.Repeat("0123456789", 10_000)
	cases := []struct {
		name, method string
		handler      http.HandlerFunc
		want         answer
	}{
		{"a Write", "GET", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) },
			answer{200, "ok", "", "200", 2}},
		{"a WriteString", "GET", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") },
			answer{200, "ok", "", "200", 2}},
		{"an empty Write, then a status", "GET", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(nil)
			w.WriteHeader(500)
		}, answer{200, "", "", "200", 0}},
		{"two Writes", "GET", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "one")
			_, _ = io.WriteString(w, "two")
		}, answer{200, "onetwo", "", "200", 6}},
		{"a copy", "GET", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, strings.NewReader(content)) },
			answer{200, content, "", "200", 100_000}},
		{"an empty copy, then a status", "GET", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, onlyReader{strings.NewReader("")})
			w.WriteHeader(404)
		}, answer{404, "", "", "404", 0}},
		{"a failed copy, then a status", "GET", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, failingReader{})
			w.WriteHeader(502)
		}, answer{502, "", "", "502", 0}},
		{"HEAD", "HEAD", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "not sent") },
			answer{200, "", "", "200", 0}},
		{"204 with a body", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(204)
			_, _ = io.WriteString(w, "not allowed")
		}, answer{204, "", "", "204", 0}},
		{"304 with a body", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(304)
			_, _ = io.WriteString(w, "not allowed")
		}, answer{304, "", "", "304", 0}},
		{"103, then 201", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(103)
			w.WriteHeader(201)
		}, answer{201, "", "", "201", 0}},
		{"a flush, then a status", "GET", func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).Flush()
			w.WriteHeader(500)
		}, answer{200, "", "", "200", 0}},
		{"a trailer", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "Checksum")
			_, _ = io.WriteString(w, "ok")
			w.Header().Set("Checksum", "42")
		}, answer{200, "ok", "42", "200", 2}},
		{"ServeContent", "GET", func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "digits.txt", time.Time{}, strings.NewReader(content))
		}, answer{200, content, "", "200", 100_000}},
		{"an event stream", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 3 {
				_, _ = fmt.Fprintf(w, "data: %d\n\n", i)
				w.(http.Flusher).Flush()
			}
		}, answer{200, "data: 0\n\ndata: 1\n\ndata: 2\n\n", "", "200", 27}},
	}
	for _, c := range cases {
		for _, protocol := range protocols {
			t.Run(c.name+"/"+protocol, func(t *testing.T) {
				bare := c.want
				bare.Counted, bare.SentBytes = "", 0
				resp, body := fetch(t, newServer(t, protocol, c.handler), c.method, "/", nil)
				if diff := cmp.Diff(bare, answer{Status: resp.StatusCode, Body: body, Trailer: resp.Trailer.Get("Checksum")}); diff != "" {
					t.Fatalf("without the instrument (-want +got):\n%s", diff)
				}

				for _, kind := range signalSets {
					w := newWatch(t, kind, middleware.Options{})
					server := newServer(t, protocol, w.wrap(c.handler))
					resp, body = fetch(t, server, c.method, "/", nil)
					server.Close() // waits for the handler
					got := answer{Status: resp.StatusCode, Body: body, Trailer: resp.Trailer.Get("Checksum")}
					var errorType string
					got.Counted, errorType = onlySeries(t, w.in)
					got.SentBytes = onlyHistogram(t, w.in, "http_server_response_body_size_bytes").GetSampleSum()
					if diff := cmp.Diff(c.want, got); diff != "" {
						t.Errorf("%s: (-want +got):\n%s", kind, diff)
					}
					w.check(t, c.want.Counted, errorType)
				}
			})
		}
	}
}

// onlyReader hides all other methods of a reader.
type onlyReader struct{ io.Reader }

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("the file is gone") }

// copyingConn counts the copies that a server makes by the connection's
// ReadFrom, which uses sendfile.
type copyingConn struct {
	*net.TCPConn
	copies *atomic.Int64
}

func (c copyingConn) ReadFrom(src io.Reader) (int64, error) {
	c.copies.Add(1)
	return c.TCPConn.ReadFrom(src)
}

type copyingListener struct {
	net.Listener
	copies *atomic.Int64
}

func (l copyingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return copyingConn{c.(*net.TCPConn), l.copies}, nil
}

func TestFileIsSentByTheKernel(t *testing.T) {
	path := t.TempDir() + "/digits.txt"
	content := strings.Repeat("0123456789", 10_000)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, kind := range signalSets {
		w := newWatch(t, kind, middleware.Options{}, availability)
		server := httptest.NewUnstartedServer(w.wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, path)
		})))
		var copies atomic.Int64
		server.Listener = copyingListener{server.Listener, &copies}
		server.Start()
		t.Cleanup(server.Close)
		if _, body := fetch(t, server, "GET", "/", nil); body != content {
			t.Errorf("got %d bytes, want %d", len(body), len(content))
		}
		server.Close()
		if copies.Load() == 0 {
			t.Error("the connection's ReadFrom was not used")
		}
		if got := onlyHistogram(t, w.in, "http_server_response_body_size_bytes").GetSampleSum(); got != 100_000 {
			t.Errorf("counted %v bytes, want 100000", got)
		}
	}
}

// TestUpgrade hijacks a connection like a WebSocket and uses it in both
// directions.
func TestUpgrade(t *testing.T) {
	for _, by := range []string{"Hijacker", "ResponseController"} {
		for _, kind := range signalSets {
			t.Run(by+"/"+kind, func(t *testing.T) { checkUpgrade(t, by, newWatch(t, kind, middleware.Options{}, availability)) })
		}
	}
}

func checkUpgrade(t *testing.T, by string, w *watch) {
	t.Helper()
	var opened time.Time
	server := quietServer(t, w.wrap(handle(func(w http.ResponseWriter, _ *http.Request) {
		hijack := http.NewResponseController(w).Hijack
		if by == "Hijacker" {
			hijack = w.(http.Hijacker).Hijack
		}
		conn, buf, err := hijack()
		if err != nil {
			t.Error(err)
			return
		}
		opened = time.Now()
		defer func() { _ = conn.Close() }()
		_, _ = buf.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
		line, _ := buf.ReadString('\n')
		time.Sleep(time.Millisecond)
		_, _ = buf.WriteString(strings.ToUpper(line))
		_ = buf.Flush()
	})))
	began := time.Now()
	conn := dial(t, server, "GET / HTTP/1.1\r\nHost: shop\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nhello\n")
	reply, _ := io.ReadAll(conn)
	if head, last, _ := strings.Cut(string(reply), "\r\n\r\n"); !strings.HasPrefix(head, "HTTP/1.1 101 ") || last != "HELLO\n" {
		t.Errorf("got %q", reply)
	}
	event := (<-w.records).Event
	if event.Status != 101 || event.Duration > opened.Sub(began) || event.Duration <= 0 {
		t.Errorf("got status %d after %v, want 101 after at most %v", event.Status, event.Duration, opened.Sub(began))
	}
	if c, _ := w.rec.Counts("availability"); c != (sli.Counts{}) {
		t.Errorf("counted %v, want nothing", c)
	}
	w.check(t, "101", "")
}

// dial opens a connection to the server and sends text.
func dial(t *testing.T, server *httptest.Server, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn
}

// hidden is another middleware's writer, which has Unwrap and no optional
// interface.
type hidden struct{ http.ResponseWriter }

func (h hidden) Unwrap() http.ResponseWriter { return h.ResponseWriter }

func TestFlushBelowAWrapper(t *testing.T) {
	in, _ := newInstrument(t, nil)
	inner := newStub()
	in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, ok := w.(http.Flusher); ok {
			t.Error("the writer has Flusher although the server's writer does not")
		}
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		w.WriteHeader(500) // too late
	})).ServeHTTP(hidden{stubF{inner}}, httptest.NewRequest("GET", "/", nil))
	if !slices.Equal(inner.calls, []string{"Flush"}) {
		t.Errorf("got calls %q", inner.calls)
	}
	if status, _ := onlySeries(t, in); status != "200" {
		t.Errorf("counted %s, want 200", status)
	}
}

func TestUnsupportedFlushLeavesTheStatusOpen(t *testing.T) {
	in, _ := newInstrument(t, nil)
	in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("got %v, want %v", err, http.ErrNotSupported)
		}
		w.WriteHeader(404)
	})).ServeHTTP(newStub(), httptest.NewRequest("GET", "/", nil))
	if status, _ := onlySeries(t, in); status != "404" {
		t.Errorf("counted %s, want 404", status)
	}
}

// TestConcurrentWrites is for the race detector: some handlers have
// goroutines that still write when the handler returns.
func TestConcurrentWrites(t *testing.T) {
	in, _ := newInstrument(t, nil)
	stopped := make(chan struct{})
	in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		started := make(chan struct{})
		go func() {
			defer close(stopped)
			for i := range 1000 {
				if i == 1 {
					close(started)
				}
				_, _ = io.WriteString(w, "late")
			}
		}()
		<-started
	})).ServeHTTP(newStub(), httptest.NewRequest("GET", "/", nil))
	<-stopped
}

// readLine returns the next line of a response.
func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}
