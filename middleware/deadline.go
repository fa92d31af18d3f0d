package middleware

import (
	"context"
	"errors"
	"math"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// deadline is a deadline of the connection that the handler set: in ns since
// the instrument was made, or 0 if it set none.
type deadline struct{ at atomic.Int64 }

// set records a deadline. The zero Time lifts it.
func (d *deadline) set(in *Instrument, t time.Time) {
	if t.IsZero() {
		d.at.Store(math.MaxInt64)
	} else {
		d.at.Store(max(1, int64(t.Sub(in.created))))
	}
}

// passed reports whether the deadline has passed. If the handler set none,
// the one that the server set from its timeout counts.
func (d *deadline) passed(now, start, timeout time.Duration) bool {
	if at := d.at.Load(); at != 0 {
		return int64(now) >= at
	}
	return timeout > 0 && now-start >= timeout
}

// SetReadDeadline sets the server's read deadline and records it. Like
// SetWriteDeadline, it is for [http.ResponseController].
func (w *response) SetReadDeadline(t time.Time) error {
	err := http.NewResponseController(w.ResponseWriter).SetReadDeadline(t)
	if err != nil {
		return err
	}
	if e := w.use(); e != nil {
		e.makeRare().readDeadline.set(e.in, t)
		w.done()
	}
	return nil
}

// SetWriteDeadline sets the server's write deadline and records it. Over
// HTTP/2, a deadline that has passed cannot be extended.
func (w *response) SetWriteDeadline(t time.Time) error {
	err := http.NewResponseController(w.ResponseWriter).SetWriteDeadline(t)
	if err != nil {
		return err
	}
	if e := w.use(); e != nil {
		if e.http1 || !e.writeDeadlinePassed(e.in.now()) {
			e.makeRare().writeDeadline.set(e.in, t)
		}
		w.done()
	}
	return nil
}

// server returns the server of the request. It returns an empty one if the
// request has none, as in a test.
func (e *exchange) server() *http.Server {
	if s, ok := e.ctx.Value(http.ServerContextKey).(*http.Server); ok {
		return s
	}
	return &http.Server{}
}

// shortest is less than any WriteTimeout in use. Faster requests need not
// look for their server.
const shortest = time.Millisecond

func (e *exchange) writeDeadlinePassed(now time.Duration) bool {
	var timeout time.Duration
	if now-e.start >= shortest {
		timeout = e.server().WriteTimeout
	}
	return e.rarely().writeDeadline.passed(now, e.start, timeout)
}

// contextDeadlinePassed reports whether the deadline of the request's context
// passed before a byte of the response reached the client.
func (e *exchange) contextDeadlinePassed() bool {
	return e.ctx.Err() == context.DeadlineExceeded && !e.noted.has(reached)
}

// cutOff reports whether the write deadline cut the response off, or passed
// before any of it reached the connection. net/http tells only by a flush,
// which it is about to do itself: the response is not damaged.
func (e *exchange) cutOff(now time.Duration) bool {
	switch {
	case e.noted.has(writeTimedOut):
		return true
	case e.status.Load() == http.StatusSwitchingProtocols:
		return false
	case e.canceled():
		return e.cutOffCanceled(now)
	case !e.writeDeadlinePassed(now):
		return false
	}
	whole, untouched := e.whole(), e.untouched()
	if !e.returned {
		return untouched // nothing may be sent after a panic
	}
	switch err := e.FlushError(); {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return true
	case err != nil:
		return untouched
	case untouched:
		return e.canceled() // net/http only now resets the stream
	}
	return !whole // the end of the response is to come
}

// cutOffCanceled is cutOff for a canceled request. Over HTTP/2, net/http
// cancels it when the write deadline passes, by a clock that began before the
// instrument's. The failure of this flush is not noted, because the client may
// have had the whole response before it left.
func (e *exchange) cutOffCanceled(now time.Duration) bool {
	var timeout time.Duration // of a stream
	if !e.http1 {
		timeout = e.server().WriteTimeout
	}
	if !e.returned { // nothing may be sent after a panic
		return e.untouched() && e.writeDeadlinePassed(now+min(timeout/10, maxEarly))
	}
	passed := e.writeDeadlinePassed(now)
	if !passed && timeout <= 0 {
		return false
	}
	err := http.NewResponseController(e.ResponseWriter).Flush()
	return errors.Is(err, os.ErrDeadlineExceeded) || err != nil && passed && e.untouched()
}

// untouched reports whether no part of the response has left net/http's
// buffers.
func (e *exchange) untouched() bool {
	return e.flushed.Load() == 0 && (e.written.Load() < buffer || e.offers&flushes == 0)
}

// noteFailure records why the connection did not take the response.
// net/http then cancels the request's context, which would otherwise look
// like a client disconnect. The first reason is the right one, because
// net/http closes the connection after a failed write. Over HTTP/2, the write
// may fail before the context is canceled, and a write beyond the declared
// length fails with an error that has no name.
func (e *exchange) noteFailure(err error) {
	switch {
	case err == nil || e.noted.has(writeFailed):
	case errors.Is(err, os.ErrDeadlineExceeded):
		e.noted.add(writeFailed | writeTimedOut)
	case errors.Is(err, http.ErrBodyNotAllowed), errors.Is(err, http.ErrContentLength), errors.Is(err, http.ErrHandlerTimeout):
	case e.canceled(), !e.http1 && e.declared.Load() == 0:
		e.noted.add(writeFailed | closedBy(err))
	}
}

// closedBy returns the note of a write that failed because the server had
// closed the connection.
func closedBy(err error) uint32 {
	if errors.Is(err, net.ErrClosed) {
		return closedHere
	}
	return 0
}

// closedByServer reports whether [http.Server.Close] closed the connection:
// setting a read deadline then fails. It must be called at the return, when the
// connection is not used again. It does not lift the server's read timeout
// while net/http has to read the rest of the body.
func (e *exchange) closedByServer() bool {
	switch {
	case !e.http1, e.status.Load() == http.StatusSwitchingProtocols:
		return false
	case e.noted.has(writeFailed):
		return e.noted.has(closedHere)
	}
	var deadline time.Time
	if e.body != nil && !e.noted.has(bodyEnded) {
		deadline = past
	}
	return errors.Is(http.NewResponseController(e.ResponseWriter).SetReadDeadline(deadline), net.ErrClosed)
}

var past = time.Unix(1, 0)

// readDeadlinePassed reports whether a read deadline passed in a Read of the
// request's body, or in net/http's own when it waits for a disconnect.
func (e *exchange) readDeadlinePassed(now time.Duration) bool {
	if e.noted.has(readTimedOut | bodyBroken) {
		return e.noted.has(readTimedOut)
	}
	return e.rarely().readDeadline.passed(now, e.start, 0)
}

// drainTimedOut reports whether the read deadline passed when net/http read the
// rest of the body, as it does when the response begins. The next Read fails
// in the same way. If net/http was canceled for another reason, the Read
// waits for a moment only. It must be called at the return.
func (e *exchange) drainTimedOut() bool {
	if !e.http1 || e.body == nil || e.status.Load() == 0 || e.noted.has(bodyEnded|bodyBroken|writeFailed) {
		return false
	}
	if e.rarely().readDeadline.at.Load() == 0 && e.server().ReadTimeout <= 0 {
		return false
	}
	soon := time.Now().Add(time.Millisecond)
	if http.NewResponseController(e.ResponseWriter).SetReadDeadline(soon) != nil {
		return false
	}
	_, err := e.body.ReadCloser.Read(make([]byte, 1))
	return errors.Is(err, os.ErrDeadlineExceeded)
}
