package middleware

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/internal/cells"
)

// exchange is the state of one request and the core of its ResponseWriter. A
// request allocates its own and never reuses another's: a handler may leak
// its writer, which must not reach another request.
//
// The fields that the writer changes are atomic, because some handlers have
// goroutines that still write while the handler returns.
type exchange struct {
	http.ResponseWriter // the server's

	in        *Instrument
	r         *http.Request // as the handler gets it
	body      *countedBody  // nil if the body's size is declared
	start     time.Duration // since the instrument was made
	target    target        // of the request as it arrived
	err       error         // from SetError
	protocol  uint8
	shard     uint8
	preflight bool
	returned  bool // the handler returned and did not panic

	copying   atomic.Bool  // an io.Reader is being copied to the response
	unsent    atomic.Int32 // why the client cannot get its response, or 0
	status    atomic.Int32 // the final status, 0 before it is decided
	written   atomic.Int64 // bytes of the response's body
	streaming atomic.Int64 // ns from start to a stream's first byte, or 0

	routed atomic.Pointer[route] // from SetRoute or ReportRoute
	mu     sync.Mutex            // guards the place
	place  place                 // changed by the handler's goroutine only
}

// Values of exchange.unsent. The first one that is set remains.
const (
	goneBefore     = 1 + iota // the client disconnected before the response began
	deadlinePassed            // the write deadline passed during the response
)

// newExchange counts the start of a request.
func newExchange(in *Instrument, mux *http.ServeMux, w http.ResponseWriter, r *http.Request) *exchange {
	e := &exchange{
		ResponseWriter: w,
		in:             in,
		r:              r,
		target:         targetOf(r),
		place:          place{mux: mux},
		preflight:      isPreflight(r),
		protocol:       uint8(protocolOf(r)),
		shard:          uint8(cells.Shard()),
	}
	in.active.Add(int(e.shard), int(e.protocol), 1)
	if r.ContentLength < 0 && r.Body != nil && r.Body != http.NoBody && !in.opts.OmitBodySizes {
		e.countBody()
	}
	e.start = time.Since(in.created) // reads one clock; time.Now reads two
	return e
}

// elapsed returns the time since the start.
func (e *exchange) elapsed() time.Duration { return time.Since(e.in.created) - e.start }

// noteStatus records the final status. Only the first call has an effect.
func (e *exchange) noteStatus(status int) {
	if e.status.Load() != 0 || !e.status.CompareAndSwap(0, int32(status)) {
		return
	}
	if e.clientGone() {
		e.unsent.CompareAndSwap(0, goneBefore)
		return // there is no stream without a client
	}
	if contentType := e.Header()["Content-Type"]; len(contentType) > 0 && strings.HasPrefix(contentType[0], "text/event-stream") {
		e.noteStream()
	}
}

// noteStream records that a stream has begun. The client decides when it
// ends.
func (e *exchange) noteStream() {
	e.streaming.CompareAndSwap(0, max(1, int64(e.elapsed())))
}

func (e *exchange) noteWritten(n int64, err error) {
	e.written.Add(n)
	e.noteFailure(err)
}

// noteFailure records that a write deadline passed, either WriteTimeout or
// one that the program set. net/http then cancels the request's context,
// which would otherwise look like a client disconnect.
func (e *exchange) noteFailure(err error) {
	if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		e.unsent.CompareAndSwap(0, deadlinePassed)
	}
}

// countedBody counts the bytes that a handler reads from a request's body.
type countedBody struct {
	io.ReadCloser
	read    atomic.Int64
	request *http.Request // the server's
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read.Add(int64(n))
	return n, err
}

// countBody gives the handler a copy of the request whose body is counted.
// The server's request does not change, because net/http decides by the type
// of its body whether to send 100 Continue and how to drain the rest.
func (e *exchange) countBody() {
	e.body = &countedBody{ReadCloser: e.r.Body, request: e.r}
	e.r = e.r.WithContext(e.r.Context())
	e.r.Body = e.body
}

// returnRequest copies the handler's request back for the server and for
// outer handlers. They need its multipart form, whose files they remove, its
// pattern and its path values.
func (b *countedBody) returnRequest(r *http.Request) {
	*b.request = *r
	b.request.Body = b.ReadCloser
}

func (e *exchange) requestBytes() int64 {
	if e.body != nil {
		return e.body.read.Load()
	}
	return e.r.ContentLength
}

// responseBytes returns the size of the body that was sent. A response to
// HEAD has no body.
func (e *exchange) responseBytes() int64 {
	if e.r.Method == http.MethodHead {
		return 0
	}
	return e.written.Load()
}
