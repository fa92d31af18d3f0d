package middleware

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// exchange is the state of one request and the core of its ResponseWriter. It is allocated once per
// request and never pooled: a handler may leak its writer, which must not reach another request.
//
// What the writer notes is atomic, since handlers exist whose goroutines still write while the
// handler returns.
type exchange struct {
	http.ResponseWriter // of the server

	in       *Instrument
	r        *http.Request
	protocol int
	shard    int
	start    time.Time
	body     countedBody
	pattern  string // from SetRoute
	err      error  // from SetError
	returned bool   // the handler returned, as opposed to panicked

	status    atomic.Int32 // the final status, 0 before it is decided
	begun     atomic.Bool  // something of the answer may have been sent
	failedFor atomic.Bool  // the answer is 5xx, and the client was there to see it
	written   atomic.Int64 // bytes of the answer's body
	streaming atomic.Int64 // when a stream began, in nanoseconds since start; 0 for no stream
}

// Unwrap returns the server's writer, for [http.ResponseController].
func (e *exchange) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// WriteHeader passes on and notes the final status.
func (e *exchange) WriteHeader(status int) {
	e.ResponseWriter.WriteHeader(status)
	if status >= 200 || status == http.StatusSwitchingProtocols {
		e.noteStatus(status)
	}
}

// Write passes on and counts.
func (e *exchange) Write(p []byte) (int, error) {
	n, err := e.ResponseWriter.Write(p)
	e.noteWritten(int64(n), err)
	return n, err
}

// WriteString passes on and counts.
func (e *exchange) WriteString(s string) (int, error) {
	n, err := io.WriteString(e.ResponseWriter, s)
	e.noteWritten(int64(n), err)
	return n, err
}

// readFrom passes on to the server's ReadFrom, which may use sendfile, and counts.
func (e *exchange) readFrom(src io.Reader) (int64, error) {
	e.begun.Store(true) // src may panic in the middle
	n, err := e.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
	if n > 0 || err == nil {
		e.noteWritten(n, err)
	}
	return n, err
}

// flush passes on to the server's FlushError or Flush.
func (e *exchange) flush() error {
	var err error
	switch f := e.ResponseWriter.(type) {
	case interface{ FlushError() error }:
		err = f.FlushError()
	case http.Flusher:
		f.Flush()
	}
	e.noteStatus(http.StatusOK)
	return err
}

// noteStatus notes the final status, the first one that is told.
func (e *exchange) noteStatus(status int) {
	if e.status.Load() != 0 || !e.status.CompareAndSwap(0, int32(status)) {
		return
	}
	e.begun.Store(true)
	if status >= http.StatusInternalServerError && e.r.Context().Err() == nil {
		e.failedFor.Store(true)
	}
	if contentType := e.Header()["Content-Type"]; len(contentType) > 0 && strings.HasPrefix(contentType[0], "text/event-stream") {
		e.noteStream()
	}
}

// noteStream notes that a stream has begun, which lasts as long as the client likes.
func (e *exchange) noteStream() {
	e.streaming.CompareAndSwap(0, max(1, int64(time.Since(e.start))))
}

func (e *exchange) noteWritten(n int64, err error) {
	if err == http.ErrHandlerTimeout { //nolint:errorlint // as http.TimeoutHandler returns it, which answered 503
		e.status.Store(http.StatusServiceUnavailable)
	}
	e.noteStatus(http.StatusOK)
	e.written.Add(n)
}

// noteHijacked notes that the connection has left HTTP.
func (e *exchange) noteHijacked() {
	e.noteStatus(http.StatusSwitchingProtocols)
	e.noteStream()
}

// countedBody counts what is read of a request's body.
type countedBody struct {
	io.ReadCloser
	read atomic.Int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read.Add(int64(n))
	return n, err
}

// watchBody has the body counted if its size is not declared.
func (e *exchange) watchBody() {
	if e.r.ContentLength < 0 && e.r.Body != nil && !e.in.config.OmitBodySizes {
		e.body.ReadCloser = e.r.Body
		e.r.Body = &e.body
	}
}

func (e *exchange) requestBytes() int64 {
	return max(e.r.ContentLength, e.body.read.Load())
}

// responseBytes returns what was sent of the body: nothing in answer to HEAD.
func (e *exchange) responseBytes() int64 {
	if e.r.Method == http.MethodHead {
		return 0
	}
	return e.written.Load()
}
