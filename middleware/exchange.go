package middleware

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/internal/cells"
)

// exchange is the state of one request and the core of its ResponseWriter. It is allocated once per
// request and never pooled: a handler may leak its writer, which must not reach another request.
//
// What the writer notes is atomic, since handlers exist whose goroutines still write while the
// handler returns.
type exchange struct {
	http.ResponseWriter // of the server

	in       *Instrument
	r        *http.Request // that the handler gets
	body     *countedBody  // nil if the body's size is declared
	start    time.Duration // since the instrument was made
	pattern  string        // from SetRoute
	err      error         // from SetError
	protocol uint8
	shard    uint8
	returned bool // the handler returned, as opposed to panicked

	copying   atomic.Bool  // an io.Reader is being copied to the answer
	unsent    atomic.Int32 // why the client cannot have its answer, 0 as long as it may
	status    atomic.Int32 // the final status, 0 before it is decided
	written   atomic.Int64 // bytes of the answer's body
	streaming atomic.Int64 // when a stream began, in nanoseconds since start; 0 for no stream
}

// Values of exchange.unsent, of which the first one holds.
const (
	goneBefore     = 1 + iota // the client was gone when the answer began
	deadlinePassed            // the deadline for writing passed in the answer
)

// begin counts the start of a request.
func (in *Instrument) begin(w http.ResponseWriter, r *http.Request) *exchange {
	e := &exchange{
		ResponseWriter: w,
		in:             in,
		r:              r,
		protocol:       uint8(protocolOf(r)),
		shard:          uint8(cells.Shard()),
	}
	in.active.Add(int(e.shard), int(e.protocol), 1)
	if r.ContentLength < 0 && r.Body != nil && r.Body != http.NoBody && !in.config.OmitBodySizes {
		e.countBody()
	}
	e.start = time.Since(in.created) // one reading of one clock, where time.Now takes two
	return e
}

// elapsed returns the time since the start.
func (e *exchange) elapsed() time.Duration { return time.Since(e.in.created) - e.start }

// noteStatus notes the final status, the first one that is told.
func (e *exchange) noteStatus(status int) {
	if e.status.Load() != 0 || !e.status.CompareAndSwap(0, int32(status)) {
		return
	}
	if e.clientGone() {
		e.unsent.CompareAndSwap(0, goneBefore)
		return // nobody is there to read a stream
	}
	if contentType := e.Header()["Content-Type"]; len(contentType) > 0 && strings.HasPrefix(contentType[0], "text/event-stream") {
		e.noteStream()
	}
}

// noteStream notes that a stream has begun, which lasts as long as the client likes.
func (e *exchange) noteStream() {
	e.streaming.CompareAndSwap(0, max(1, int64(e.elapsed())))
}

func (e *exchange) noteWritten(n int64, err error) {
	e.written.Add(n)
	e.noteFailure(err)
}

// noteFailure notes that net/http gave up on writing: by its WriteTimeout or the program's deadline. It
// then cancels the request as if the client had left.
func (e *exchange) noteFailure(err error) {
	if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		e.unsent.CompareAndSwap(0, deadlinePassed)
	}
}

// countedBody counts what is read of a request's body.
type countedBody struct {
	io.ReadCloser
	read    atomic.Int64
	request *http.Request // of the server
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read.Add(int64(n))
	return n, err
}

// countBody gives the handler a copy of the request whose body is counted. The server's own stays as
// it is: net/http looks at the type of its body to decide on 100 Continue and on what is left unread.
func (e *exchange) countBody() {
	e.body = &countedBody{ReadCloser: e.r.Body, request: e.r}
	e.r = e.r.WithContext(e.r.Context())
	e.r.Body = e.body
}

// returnRequest lets the server and outer handlers see what became of the copy: files of a form that
// are to be removed, the pattern, the path's values.
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

// responseBytes returns what was sent of the body: nothing in answer to HEAD.
func (e *exchange) responseBytes() int64 {
	if e.r.Method == http.MethodHead {
		return 0
	}
	return e.written.Load()
}
