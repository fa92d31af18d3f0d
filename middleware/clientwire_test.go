package middleware_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
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

// exchanged is everything that a caller and the other service see of a request.
type exchanged struct {
	Requests []string // as the other service read them
	Status   string
	Header   http.Header
	Trailer  http.Header
	Body     string
	Length   int64
	Failed   string // the error of the caller
	ReadErr  string
}

// dialogs are requests that go the same way with and without the transport.
var dialogs = map[string]struct {
	handler http.HandlerFunc
	method  string
	body    string
	header  http.Header
	client  func(*http.Client, *http.Transport)
}{
	"nothing": {handler: func(http.ResponseWriter, *http.Request) {}},
	"body":    {handler: answerWhole, method: "POST", body: "hello"},
	"HEAD":    {handler: answerWhole, method: "HEAD"},
	"204":     {handler: status(204)},
	"304":     {handler: status(304)},
	"1xx": {handler: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusCreated)
	}},
	"trailers": {handler: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "data")
		w.Header().Set("X-Sum", "17")
	}},
	"gzip": {handler: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, r.Header.Get("Accept-Encoding"))
		_ = z.Close()
	}},
	"corrupt gzip": {handler: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, "no gzip at all")
	}},
	"broken body": {handler: hijacks(func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
	})},
	"malformed":          {handler: hijacks(func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0\r\n\r\n") })},
	"a redirect of POST": {handler: redirects(1, answerWhole), method: "POST", body: "hello"},
	"307 of POST": {handler: func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/new" {
			http.Redirect(w, r, "/new", http.StatusTemporaryRedirect)
			return
		}
		_, _ = io.Copy(w, r.Body)
	}, method: "POST", body: "hello"},
	"too many redirects": {handler: redirects(100, answerWhole)},
	"the last response": {handler: redirects(1, answerWhole), client: func(c *http.Client, _ *http.Transport) {
		c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}},
	"continue": {handler: func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) },
		method: "PUT", body: "hello", header: http.Header{"Expect": {"100-continue"}}, client: expectsContinue},
	"continue, refused": {handler: status(http.StatusUnauthorized),
		method: "PUT", body: "hello", header: http.Header{"Expect": {"100-continue"}}, client: expectsContinue},
}

func expectsContinue(_ *http.Client, next *http.Transport) { next.ExpectContinueTimeout = time.Minute }

// TestSameWithAndWithoutTransport compares both sides of each dialog.
func TestSameWithAndWithoutTransport(t *testing.T) {
	for name, d := range dialogs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := observe(t, sdktrace.NeverSample(), nil)
			plain, _ := newInstrument(t, nil, dependencies)
			var all []exchanged
			for _, wrap := range []func(http.RoundTripper) http.RoundTripper{
				func(next http.RoundTripper) http.RoundTripper { return next }, plain.Transport, o.in.Transport,
			} {
				var got exchanged
				var mu sync.Mutex
				server := newServer(t, http1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					read := new(bytes.Buffer)
					if d.header == nil {
						_, _ = io.Copy(read, r.Body)
						r.Body = io.NopCloser(bytes.NewReader(read.Bytes()))
					}
					mu.Lock()
					got.Requests = append(got.Requests, fmt.Sprint(r.Method, " ", r.URL, " ", r.ContentLength, " ", read))
					mu.Unlock()
					d.handler(w, r)
				}))
				next := http.DefaultTransport.(*http.Transport).Clone()
				client := &http.Client{Transport: wrap(next)}
				if d.client != nil {
					d.client(client, next)
				}
				var body io.Reader
				if d.body != "" {
					body = strings.NewReader(d.body)
				}
				r, _ := http.NewRequestWithContext(t.Context(), d.method, server.URL, body)
				for k, v := range d.header {
					r.Header[k] = v
				}
				resp, err := client.Do(r)
				if err != nil {
					got.Failed = strings.ReplaceAll(err.Error(), server.URL, "")
				} else {
					text, readErr := io.ReadAll(resp.Body)
					_ = resp.Body.Close()
					resp.Header.Del("Date")
					got.Status, got.Header, got.Trailer = resp.Status, resp.Header, resp.Trailer
					got.Body, got.Length, got.ReadErr = string(text), resp.ContentLength, fmt.Sprint(readErr)
				}
				next.CloseIdleConnections()
				server.Close()
				all = append(all, got)
			}
			for i, got := range all[1:] {
				if diff := cmp.Diff(all[0], got); diff != "" {
					t.Errorf("instrument %d (-bare +wrapped):\n%s", i, diff)
				}
			}
		})
	}
}

// TestResponseKnowsItsRequest returns the caller's request, as net/http's
// transport does, except for a redirect.
func TestResponseKnowsItsRequest(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	server := newServer(t, http1, redirects(1, answerWhole))
	for _, path := range []string{"/1", "/0"} {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
		resp, err := o.in.Transport(nil).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if path == "/1" && resp.Request != r || resp.Request.URL.Path != path || len(resp.Request.Header) != 0 {
			t.Errorf("%s: got request %+v", path, resp.Request)
		}
	}
}

// TestRepeatedByNetHTTP counts one attempt if the transport sends the request
// again, with its body from GetBody.
func TestRepeatedByNetHTTP(t *testing.T) {
	in, rec := newInstrument(t, nil, dependencies)
	var served atomic.Int64
	server := newServer(t, http1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if served.Add(1) == 2 { // on the connection that is kept
			hijacks(func(net.Conn) {})(w, r)
			return
		}
		_, _ = io.Copy(w, r.Body)
	}))
	client := &http.Client{Transport: in.Transport(http.DefaultTransport.(*http.Transport).Clone())}
	for range 2 {
		r, _ := http.NewRequestWithContext(t.Context(), "POST", server.URL, strings.NewReader("hello"))
		r.Header.Set("Idempotency-Key", "17")
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := io.ReadAll(resp.Body); string(text) != "hello" {
			t.Errorf("got %q", text)
		}
		_ = resp.Body.Close()
	}
	if served.Load() != 3 {
		t.Errorf("the service got %d requests, want 3", served.Load())
	}
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 2, Valid: 2})
	if got := histogramCountOf(t, in, "http_client_request_duration_seconds"); got != 2 {
		t.Errorf("got %d attempts, want 2", got)
	}
}

// frame is one of HTTP/2.
func frame(kind, flags byte, stream uint32, payload ...byte) []byte {
	n := len(payload)
	head := binary.BigEndian.AppendUint32([]byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags}, stream)
	return append(head, payload...)
}

const (
	frameHeaders, frameReset, frameSettings, frameGoAway = 1, 3, 4, 7

	endOfStream, endOfHeaders = 1, 4
	refusedStream             = 7
)

// refuses is an HTTP/2 server that answers the first request by the frame, and
// the others by 200. It returns its URL and the number of requests.
func refuses(t *testing.T, first []byte) (url string, served *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	served = new(atomic.Int64)
	serveConn := func(conn net.Conn) {
		defer conn.Close()
		r := bufio.NewReader(conn)
		_, _ = io.CopyN(io.Discard, r, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")))
		_, _ = conn.Write(frame(frameSettings, 0, 0))
		for head := make([]byte, 9); ; {
			if _, err := io.ReadFull(r, head); err != nil {
				return
			}
			_, _ = io.CopyN(io.Discard, r, int64(head[0])<<16|int64(head[1])<<8|int64(head[2]))
			switch {
			case head[3] == frameSettings && head[4] == 0:
				_, _ = conn.Write(frame(frameSettings, 1, 0)) // an acknowledgement
			case head[3] == frameHeaders && served.Add(1) == 1:
				_, _ = conn.Write(first)
			case head[3] == frameHeaders:
				const status200 = 0x88 // in HPACK's static table
				_, _ = conn.Write(frame(frameHeaders, endOfStream|endOfHeaders, binary.BigEndian.Uint32(head[5:]), status200))
			}
		}
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveConn(conn)
		}
	}()
	return "http://" + listener.Addr().String(), served
}

// TestRefusedStreams are sent again by net/http's transport, and count once.
func TestRefusedStreams(t *testing.T) {
	for name, first := range map[string][]byte{
		"REFUSED_STREAM": frame(frameReset, 0, 1, 0, 0, 0, refusedStream),
		"GOAWAY":         frame(frameGoAway, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	} {
		t.Run(name, func(t *testing.T) {
			in, rec := newInstrument(t, nil, dependencies)
			url, served := refuses(t, first)
			next := &http.Transport{Protocols: new(http.Protocols)}
			next.Protocols.SetUnencryptedHTTP2(true)
			t.Cleanup(next.CloseIdleConnections)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			resp := getResponse(ctx, &http.Client{Transport: in.Transport(next)}, "GET", url)
			if resp == nil {
				t.Fatal("got no response")
			}
			_ = resp.Body.Close()
			if served.Load() != 2 || resp.ProtoMajor != 2 {
				t.Errorf("the service got %d requests over %s, want 2 over HTTP/2.0", served.Load(), resp.Proto)
			}
			checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 1})
			if got := histogramCountOf(t, in, "http_client_request_duration_seconds"); got != 1 {
				t.Errorf("got %d attempts, want 1", got)
			}
		})
	}
}

// TestOperationOfRedirects is the one of the first attempt, though the second
// one is a GET.
func TestOperationOfRedirects(t *testing.T) {
	posts := dependencies
	posts.Requests = []string{"POST //127.0.0.1/charges/{id}"}
	in, rec := newInstrument(t, nil, posts)
	server := newServer(t, http1, redirects(1, answerWhole))
	ctx := middleware.WithURLTemplate(t.Context(), "/charges/{id}")
	r, _ := http.NewRequestWithContext(ctx, "POST", server.URL, strings.NewReader("x"))
	resp, err := (&http.Client{Transport: in.Transport(nil)}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 1})
	got := make(map[string]string)
	for _, l := range clientSeries(t, in) {
		got[l["http_request_method"]] = l["http_response_status_code"]
	}
	if diff := cmp.Diff(map[string]string{"POST": "302", "GET": "200"}, got); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

// TestCodesOfGRPC reads the code of a call over net/http from the header or the
// trailer.
func TestCodesOfGRPC(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		closes  bool // without reading
		want    ending
	}{
		"OK":            {handler: declaredTrailer("0"), want: ending{"good", ""}},
		"UNAVAILABLE":   {handler: declaredTrailer("14"), want: ending{"bad", "UNAVAILABLE"}},
		"NOT_FOUND":     {handler: declaredTrailer("5"), want: ending{"good", ""}},
		"trailers only": {handler: trailersOnly("13", true), want: ending{"bad", "INTERNAL"}},
		"no code":       {handler: rpc("application/grpc", nothing), want: ending{"bad", "UNKNOWN"}},
		"not read":      {handler: declaredTrailer("0"), closes: true, want: ending{"unjudged", ""}},
		"gRPC-Web":      {handler: rpc("application/grpc-web+proto", nothing), want: ending{"unjudged", ""}},
	} {
		for _, protocol := range protocols {
			t.Run(name+" "+protocol, func(t *testing.T) {
				var record middleware.Record
				in, rec := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { record = r }}, dependencies)
				server := newServer(t, protocol, c.handler)
				r, _ := http.NewRequestWithContext(t.Context(), "POST", server.URL, nil)
				resp, err := in.Transport(server.Client().Transport).RoundTrip(r)
				if err != nil {
					t.Fatal(err)
				}
				if !c.closes {
					_, _ = io.Copy(io.Discard, resp.Body)
				}
				_ = resp.Body.Close()
				tally := rec.Report().Indicators[0]
				got := ending{verdict(tally.Counts), record.ErrorType}
				if tally.Ignored[sli.ReasonUnjudged] == 1 {
					got.verdict = "unjudged"
				}
				if got != c.want {
					t.Errorf("got %+v, want %+v", got, c.want)
				}
			})
		}
	}
}
