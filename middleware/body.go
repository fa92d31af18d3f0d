package middleware

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// upload is an exchange whose request has a body. It is one allocation with its
// response and the handler's request and body.
type upload struct {
	exchange
	answer  response
	request http.Request
	watched body
}

// hasBody reports whether a request has a body. Over HTTP/2 the Body of a
// request without one is not [http.NoBody], but its length is zero.
func hasBody(r *http.Request) bool {
	return r.ContentLength != 0 && r.Body != nil && r.Body != http.NoBody
}

// newUpload gives the handler a copy of the request whose body is watched.
// The server's request does not change, because net/http decides by the type
// of its body whether to send 100 Continue and how to drain the rest.
func newUpload(w http.ResponseWriter, r *http.Request) *exchange {
	u := &upload{request: *r}
	u.answer.ResponseWriter, u.answer.of, u.response = w, &u.exchange, &u.answer
	u.watched.ReadCloser, u.watched.server, u.watched.exchange = r.Body, r, &u.exchange
	u.request.Body = &u.watched
	u.r, u.body = &u.request, &u.watched
	return &u.exchange
}

// body is the handler's view of a request's body. It counts the bytes, and
// the time in which a Read waits for the client. A nil body is empty.
type body struct {
	io.ReadCloser // the server's

	exchange *exchange
	capture  *capture      // nil if the access log does not show the body
	server   *http.Request // the server's
	read     atomic.Int64  // bytes
	since    atomic.Int64  // the instrument's time when a Read began, or 0
	waited   atomic.Int64  // ns in Reads that returned
	first    atomic.Int64  // ns in Reads until the response began
}

func (b *body) Read(p []byte) (int, error) {
	began := b.exchange.in.now()
	b.since.Store(int64(began))
	n, err := b.ReadCloser.Read(p)
	b.waited.Add(int64(b.exchange.in.now() - began))
	b.since.Store(0) // after waited, see blocked
	b.read.Add(int64(n))
	if b.capture != nil && n > 0 && n <= len(p) {
		b.capture.add(p[:n])
	}
	if err != nil {
		b.noteEnd(err)
	}
	return n, err
}

// noteEnd notes why a Read failed. At the end of the body, net/http sets the
// trailers that the client has not declared on the server's request only.
func (b *body) noteEnd(err error) {
	ending, noted := bodyEnding(err), &b.exchange.noted
	if ending == bodyEnded && !noted.has(bodyEnded) && b.exchange.r.Trailer == nil {
		b.exchange.r.Trailer = b.server.Trailer
	}
	noted.add(ending)
}

// bodyEnding returns the note of a failed Read.
func bodyEnding(err error) uint32 {
	switch {
	case err == io.EOF: //nolint:errorlint // net/http does not wrap it
		return bodyEnded
	case errors.Is(err, os.ErrDeadlineExceeded):
		return readTimedOut
	case errors.Is(err, http.ErrBodyReadAfterClose):
		return 0
	}
	return bodyBroken
}

// blocked returns the time until now that Reads waited for the client. A Read
// that returns meanwhile may count twice. The client's wait then seems shorter
// than it was, until the next call.
func (b *body) blocked(now time.Duration) time.Duration {
	if b == nil {
		return 0
	}
	var current time.Duration
	if since := time.Duration(b.since.Load()); since != 0 {
		current = max(0, now-since)
	}
	return current + time.Duration(b.waited.Load())
}

// noteResponse records that the response begins now.
func (b *body) noteResponse(now time.Duration) {
	if b != nil {
		b.first.Store(int64(b.blocked(now)))
	}
}

// blockedFirst returns the time that Reads waited until the response began.
func (b *body) blockedFirst() time.Duration {
	if b == nil {
		return 0
	}
	return time.Duration(b.first.Load())
}

func (b *body) size() int64 {
	if declared := b.server.ContentLength; declared >= 0 {
		return declared
	}
	return b.read.Load()
}

// returnRequest copies the handler's request back for the server and for
// outer handlers. They need its multipart form, whose files they remove, its
// pattern and its path values.
func (b *body) returnRequest(r *http.Request) {
	*b.server = *r
	b.server.Body = b.ReadCloser
}
