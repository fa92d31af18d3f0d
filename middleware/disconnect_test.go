package middleware_test

import (
	"bufio"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/middleware"
)

// brief is a bound that passes soon.
const brief = 20 * time.Millisecond

// beyond is longer than brief.
const beyond = 3 * brief

// after waits, as a handler that works does, and then calls do.
func after(d time.Duration, do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(d)
		do(w, r)
	}
}

// then calls do, flushes, and waits until the client has disconnected.
func then(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		do(w, r)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// halfClosed makes a request and closes the client's half of the connection.
func halfClosed(t *testing.T, server *httptest.Server, entered <-chan struct{}) string {
	conn := dial(t, server, "GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
	<-entered
	_ = conn.(*net.TCPConn).CloseWrite()
	return read(conn)
}

// read reads a response and returns it as the client saw it.
func read(conn net.Conn) string {
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return "broken"
	}
	defer func() { _ = resp.Body.Close() }()
	return seen(resp)
}

// closing closes the server while it handles the request.
func closing(t *testing.T, server *httptest.Server, entered <-chan struct{}) string {
	conn := dial(t, server, "GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
	<-entered
	_ = server.Config.Close()
	return read(conn)
}

// closingAfterResponse closes the server when the client has its response.
func closingAfterResponse(t *testing.T, server *httptest.Server, _ <-chan struct{}) string {
	conn := dial(t, server, "GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
	defer func() { _ = server.Config.Close() }()
	return read(conn)
}

// slow sends the half of a body.
func slow(t *testing.T, server *httptest.Server, _ <-chan struct{}) string {
	return read(dial(t, server, "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 8\r\n\r\nhalf"))
}

// trickle is a body that ends when its reader has given up.
type trickle struct{ sent bool }

func (b *trickle) Read(p []byte) (int, error) {
	if !b.sent {
		b.sent = true
		return copy(p, "half"), nil
	}
	time.Sleep(2 * beyond)
	return 0, io.ErrUnexpectedEOF
}

// readsThen reads the request's body and then sends a status.
func readsThen(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(code)
	}
}

// proxy serves by an upstream that sends half of its response, and then calls
// end.
func proxy(end func(*http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answerHalf(w)
			end(r)
		}))
		defer upstream.Close()
		target, _ := url.Parse(upstream.URL)
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.ErrorLog = log.New(io.Discard, "", 0)
		proxy.FlushInterval = -1
		proxy.ServeHTTP(w, r)
	}
}

func writeUntilFailure(w http.ResponseWriter, _ *http.Request) {
	for {
		if _, err := w.Write(make([]byte, 1<<16)); err != nil {
			return
		}
	}
}

func answerWhole(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "5")
	_, _ = io.WriteString(w, "whole")
}

func empty(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "0") }

func declare(w http.ResponseWriter) { w.Header().Set("Content-Length", "8") }

var halfClosedClients = middleware.Options{HalfClosedClients: true}

// disconnects are the scenarios in which net/http cancels the request.
var disconnects = map[string]scenario{
	"client disconnected after the bound": {
		handler: afterClient(after(beyond, status(200))), patience: brief, leaves: "entered",
	},
	"response after the bound, then client disconnected": {
		handler: after(beyond, then(func(w http.ResponseWriter, _ *http.Request) { answerHalf(w) })), patience: brief, leaves: "answered", reads: 4,
	},
	"response before the bound, then client disconnected": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			answerHalf(w)
			<-r.Context().Done()
			time.Sleep(beyond)
		}, patience: 10 * time.Second, leaves: "answered", reads: 4,
	},
	"client disconnected after 204":                {handler: then(status(204)), leaves: "answered"},
	"client disconnected after 304":                {handler: then(status(304)), leaves: "answered"},
	"client disconnected after a response to HEAD": {handler: then(answerWhole), method: "HEAD", leaves: "answered"},
	"client disconnected after Content-Length 0":   {handler: then(empty), leaves: "answered"},
	"client disconnected before 204 was flushed": {handler: func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(204)
		<-r.Context().Done()
	}, leaves: "entered"},
	"client disconnected, then handler sent 204": {handler: afterClient(status(204)), leaves: "entered"},
	"handler did not flush 500, then client disconnected": {handler: func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		<-r.Context().Done()
	}, leaves: "entered"},
	"handler called SetError, then client disconnected": {handler: func(w http.ResponseWriter, r *http.Request) {
		middleware.SetError(w, io.ErrNoProgress)
		<-r.Context().Done()
	}, leaves: "entered"},
	"client disconnected, then handler called SetError": {handler: afterClient(func(w http.ResponseWriter, _ *http.Request) {
		middleware.SetError(w, io.ErrNoProgress)
	}), leaves: "entered"},
	"client disconnected, then a write failed": {
		handler: writeUntilFailure, leaves: "answered", reads: 4,
	},
	"the same, with HalfClosedClients": {
		handler: writeUntilFailure, leaves: "answered", reads: 4, opts: halfClosedClients,
	},
	"client disconnected, then runtime.Goexit":      {handler: afterClient(func(http.ResponseWriter, *http.Request) { runtime.Goexit() }), leaves: "entered"},
	"client closed its half, then handler sent 200": {handler: afterClient(status(200)), client: halfClosed, only: http1},
	"client closed its half, then handler sent 500": {handler: afterClient(status(500)), client: halfClosed, only: http1},
	"HalfClosedClients, then handler sent 200": {
		handler: afterClient(status(200)), client: halfClosed, opts: halfClosedClients, only: http1,
	},
	"HalfClosedClients, then handler sent 500": {
		handler: afterClient(status(500)), client: halfClosed, opts: halfClosedClients, only: http1,
	},
	"HalfClosedClients, then http.ErrAbortHandler": {
		handler: afterClient(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		client:  halfClosed, opts: halfClosedClients, only: http1,
	},
	"client disconnected in its request's body": {
		handler: readsThen(200), method: "POST", body: func() io.Reader { return &trickle{} }, leaves: "entered",
	},
	"the same, after the bound": {
		handler: after(beyond, readsThen(200)), patience: brief, method: "POST", body: func() io.Reader { return &trickle{} }, leaves: "entered",
	},
	"read deadline passed, then handler sent 408": {
		handler: readsThen(408), server: readTimeout, client: slow, only: http1,
	},
	"read deadline passed, then handler sent 500": {
		handler: readsThen(500), server: readTimeout, client: slow, only: http1,
	},
	"SetReadDeadline passed, then handler sent 408": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(brief))
			readsThen(408)(w, r)
		}, client: slow, only: http1,
	},
	"read deadline passed after handler sent 401": {
		handler: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(401)
			_ = http.NewResponseController(w).Flush()
		}, server: readTimeout, client: slow, only: http1,
	},
	"SetReadDeadline passed after the request's body": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(brief))
			<-r.Context().Done()
			status(200)(w, r)
		}, only: http1,
	},
	"Server.Close during the request":     {handler: afterClient(status(200)), client: closing, only: http1},
	"Server.Close, then handler sent 500": {handler: afterClient(status(500)), client: closing, only: http1},
	"Server.Close, then a write failed":   {handler: afterClient(writeUntilFailure), client: closing, only: http1},
	"Server.Close, with HalfClosedClients": {
		handler: afterClient(status(200)), client: closing, opts: halfClosedClients, only: http1,
	},
	"Server.Close after the declared length": {
		handler: then(answerWhole), client: closingAfterResponse, only: http1,
	},
	"upstream of httputil.ReverseProxy broke off":    {handler: proxy(func(*http.Request) { panic(http.ErrAbortHandler) })},
	"client disconnected from httputil.ReverseProxy": {handler: proxy(func(r *http.Request) { <-r.Context().Done() }), leaves: "answered", reads: 4},
	"handler sent less than the declared length":     {handler: func(w http.ResponseWriter, _ *http.Request) { answerHalf(w) }},
	"handler declared a length and sent nothing":     {handler: func(w http.ResponseWriter, _ *http.Request) { declare(w); w.WriteHeader(200) }},
	"handler only declared a length":                 {handler: func(w http.ResponseWriter, _ *http.Request) { declare(w) }},
	"handler sent more than the declared length": {handler: func(w http.ResponseWriter, r *http.Request) {
		declare(w)
		_, _ = io.WriteString(w, strings.Repeat("x", 9))
	}},
	"handler declared a length for HEAD": {handler: func(w http.ResponseWriter, _ *http.Request) { declare(w) }, method: "HEAD"},
	"handler declared a length for 304":  {handler: func(w http.ResponseWriter, _ *http.Request) { declare(w); w.WriteHeader(304) }, only: http1},
	"handler hijacked the connection by Unwrap": {
		handler: func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		}, only: http1,
		around: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(hidden{w}, r) })
		},
	},
}
