package sligrpc

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// clientCall is a call that a client makes.
type clientCall struct {
	call     *middleware.Call
	method   *method
	conn     *grpc.ClientConn
	parent   context.Context // of the caller
	ctx      context.Context // of the call
	got      atomic.Bool     // a message of a stream
	messages *messages       // events of messages, or nil
	sizes    *sizes          // or nil

	over  atomic.Pointer[error]       // of the stream's end, unless it is OK
	stop  atomic.Pointer[func() bool] // of unread
	ended atomic.Bool
}

// received notes a message of a stream.
func (c *clientCall) received() {
	if !c.got.Load() {
		c.got.Store(true)
		c.call.Answered()
	}
}

// finished is called when gRPC is done with a stream. Its caller usually sees
// the end before, in RecvMsg. This is for a caller that cancels a stream
// without reading it to its end. Any other error may be the one of an attempt,
// after which an interceptor tries again.
func (c *clientCall) finished(err error) {
	switch {
	case c.parent.Err() != nil, isClosing(err):
		c.end(err)
	case err == nil:
		c.over.Store(nil)
	default:
		over := err // the parameter would always be on the heap
		c.over.Store(&over)
	}
}

// unread is called when a stream has ended before its header. It ends the call
// when the caller's context is done, unless the caller has read the end before:
// gRPC has called finished, and does not call it again.
func (c *clientCall) unread() {
	stop := context.AfterFunc(c.parent, func() {
		var err error
		if over := c.over.Load(); over != nil {
			err = *over
		}
		c.end(err)
	})
	if c.stop.Store(&stop); c.ended.Load() {
		stop()
	}
}

// isClosing reports whether an error says that the program closed the
// connection.
func isClosing(err error) bool {
	//nolint:staticcheck // a server can send its code
	return errors.Is(err, grpc.ErrClientConnClosing)
}

// end ends the call with the error that the caller sees.
func (c *clientCall) end(err error) { c.finish(c.result(err)) }

func (c *clientCall) result(err error) middleware.Result {
	switch code := codeOf(err); {
	case code == codes.DeadlineExceeded && c.deadlinePassed():
		return timedOut()
	case code == codes.Canceled && c.parent.Err() != nil:
		return c.left()
	case isClosing(err):
		r := canceled()
		r.Ignore = sli.ReasonClientLeft
		return r
	default:
		return answered(code, err, true)
	}
}

// deadlinePassed reports whether a deadline of the program's own passed: of the
// context or of the service config.
func (c *clientCall) deadlinePassed() bool {
	if deadline, ok := c.parent.Deadline(); ok && !time.Now().Before(deadline) {
		return true
	}
	timeout := c.conn.GetMethodConfig("/" + c.method.labels[1]).Timeout
	return timeout != nil && c.call.Elapsed() >= *timeout
}

// left returns the result of a call that the program canceled. A deadline is a
// time-out, also if it is the cause of the cancellation, and any other cause
// is the program's decision.
func (c *clientCall) left() middleware.Result {
	cause := context.Cause(c.parent)
	var timeout interface{ Timeout() bool }
	isTimeout := false
	guard(func() {
		isTimeout = errors.Is(cause, context.DeadlineExceeded) || errors.As(cause, &timeout) && timeout.Timeout()
	})
	r := canceled()
	switch {
	case isTimeout:
		return timedOut()
	case c.got.Load():
		// The caller had all that it wanted.
		return answered(codes.OK, nil, true)
	case cause != context.Canceled: //nolint:errorlint // a program may wrap it
		r.Ignore = sli.ReasonClientLeft
	}
	return r
}

// broke ends a call whose interceptor panicked with a value, or ended its
// goroutine without one. The panic goes on.
func (c *clientCall) broke(value any) {
	if value == nil {
		c.finish(middleware.Result{Err: errGoexit, ErrorType: "aborted"})
		return
	}
	c.finish(middleware.Result{Err: &middleware.PanicError{Value: value}, ErrorType: "panic"})
	panic(value)
}

func (c *clientCall) finish(r middleware.Result) {
	c.ended.Store(true)
	if stop := c.stop.Load(); stop != nil {
		(*stop)()
	}
	r.Attributes, r.Sizes = c.method.attrs, c.sizes.values()
	defer c.messages.end(r) // also if a function of the program ends the goroutine
	c.call.End(r)
}
