package middleware

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// ending is the part of an outcome that the status does not tell.
type ending uint8

const (
	answered   ending = iota
	failed            // SetError was called
	timedOut          // a deadline passed before the response was sent
	panicked          // except with http.ErrAbortHandler
	aborted           // the server broke the response off
	clientGone        // the client disconnected before it had its response
)

// errorTypes are the values of the label error_type, OpenTelemetry's
// error.type, by ending.
var errorTypes = [...]string{
	answered:   "", // or the status, if it is a server error
	failed:     "_OTHER",
	timedOut:   "timeout",
	panicked:   "panic",
	aborted:    "aborted",
	clientGone: "canceled",
}

// statusClientGone is the status that nginx logs for a client that
// disconnected.
const statusClientGone = 499

// PanicError is the Err of an event whose handler panicked.
type PanicError struct {
	// Value is the value that the handler panicked with.
	Value any

	// Stack is the stack of the panic, if the code that recovered it kept it.
	Stack string
}

// Error returns "panic: " and the value, even if the value's own methods
// panic.
func (e *PanicError) Error() string { return (&guard.Panic{Value: e.Value}).Error() }

// Unwrap returns the value if it is an error, otherwise nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

var errGoexit = errors.New("the handler's goroutine exited")

// outcome is the result of a request. It is decided once, for every signal.
type outcome struct {
	ending ending
	status int
	err    error
	code   code       // of a gRPC call
	ignore sli.Reason // why no indicator judges the request, if so
}

func (o *outcome) errorType() string {
	if failure := o.failure(); failure != 0 {
		return failure.errorType()
	}
	if o.ending == answered && o.status >= http.StatusInternalServerError {
		return statusLabel(o.status)
	}
	return errorTypes[o.ending]
}

// failure returns the gRPC code of an answer if it is the server's failure.
func (o *outcome) failure() code {
	if o.ending != answered && o.ending != failed {
		return 0 // the ending tells more
	}
	return o.code.failure()
}

// decide returns the outcome of a request at the return of its handler. The
// value is the one that the handler panicked with. It is nil if the handler
// returned, or ended its goroutine by runtime.Goexit.
//
// The cases are the rows of the table in the package documentation, in its
// order: the first one that applies counts. The indicators decide about the
// bound.
func (e *exchange) decide(now time.Duration, value any) outcome {
	switch {
	case value == nil && e.uneventful(now):
		return outcome{ending: answered, status: e.sentStatus()}
	case value != nil && value != http.ErrAbortHandler:
		return outcome{ending: panicked, status: http.StatusInternalServerError, err: &PanicError{Value: value}}
	case e.contextDeadlinePassed():
		return outcome{ending: timedOut, status: e.statusAfterDeadline(), err: cmp.Or(e.err(), context.DeadlineExceeded)}
	case e.cutOff(now):
		return outcome{ending: timedOut, status: e.sentStatus(), err: cmp.Or(e.err(), os.ErrDeadlineExceeded)}
	case !e.canceled():
		return e.decideConnected(value)
	case e.completed(), e.failedBefore():
		return e.answer()
	case e.closedByServer():
		return outcome{ending: aborted, status: http.StatusInternalServerError, err: net.ErrClosed}
	case e.noted.has(streams):
		return e.answer()
	case !e.clientLeft(now), e.drainTimedOut():
		return e.decideConnected(value)
	}
	return outcome{ending: clientGone, status: statusClientGone}
}

// uneventful reports whether the request was answered in a moment and nothing
// was noted about it. No other case of decide applies then. Most requests are
// uneventful.
func (e *exchange) uneventful(now time.Duration) bool {
	if !e.returned || now-e.start >= shortest || e.ctx.Err() != nil {
		return false
	}
	return e.noted.Load() == 0 && e.rare.Load() == nil && e.status.Load() != 0 && e.declared.Load() == 0
}

// decideConnected returns the outcome of a request whose client is there at
// the return of the handler.
func (e *exchange) decideConnected(value any) outcome {
	switch {
	case value != nil:
		return outcome{ending: aborted, status: http.StatusInternalServerError, err: http.ErrAbortHandler}
	case !e.returned:
		return outcome{ending: aborted, status: http.StatusInternalServerError, err: errGoexit}
	case e.misdeclared(), e.onlyDeclared():
		return outcome{ending: aborted, status: http.StatusInternalServerError, err: io.ErrUnexpectedEOF}
	}
	return e.answer()
}

// onlyDeclared reports whether the handler declared the length of a body and
// returned without a status and a body.
func (e *exchange) onlyDeclared() bool {
	if e.status.Load() != 0 || e.isHead() {
		return false
	}
	declared := e.Header()["Content-Length"]
	if len(declared) == 0 {
		return false
	}
	n, err := strconv.ParseInt(declared[0], 10, 64)
	return err == nil && n > 0
}

// answer returns the outcome of a request as the handler answered it.
func (e *exchange) answer() outcome {
	o := outcome{ending: answered, status: e.sentStatus(), err: e.err()}
	if o.err != nil && o.status < http.StatusInternalServerError {
		o.ending = failed
	}
	return o
}

// sentStatus returns the status that the client receives. net/http sends 200
// if the handler sends none.
func (e *exchange) sentStatus() int {
	if status := e.status.Load(); status != 0 {
		return int(status)
	}
	return http.StatusOK
}

// statusAfterDeadline returns the status that the client receives after the
// deadline of the context. An http.TimeoutHandler around the instrument
// discards the handler's response and sends its own 503. Only a write shows
// it; at the return, an empty write has no other effect.
func (e *exchange) statusAfterDeadline() int {
	if e.returned {
		//nolint:errorlint // it is never wrapped
		if _, err := e.ResponseWriter.Write(nil); err == http.ErrHandlerTimeout {
			return http.StatusServiceUnavailable
		}
	}
	return e.sentStatus()
}

// failedBefore reports whether the handler had failed the request before the
// client disconnected: the client would have got a failure in any case.
func (e *exchange) failedBefore() bool {
	failure := e.rarely().failure.Load()
	return failure != nil && failure.first || e.status.Load() >= http.StatusInternalServerError && !e.noted.has(leftFirst)
}

// canceled reports whether net/http canceled the request, or is about to, as
// it does when the client disconnects. A cancellation with a cause comes from
// the program.
func (e *exchange) canceled() bool {
	if e.ctx.Err() == nil {
		return !e.http1 && e.noted.has(writeFailed)
	}
	//nolint:errorlint // a cause that wraps it is the program's
	return context.Cause(e.ctx) == context.Canceled
}

// clientLeft reports whether net/http canceled the request because the client
// disconnected. Over HTTP/1 it also cancels when a read deadline passes, and
// when the client closes its half of the connection.
func (e *exchange) clientLeft(now time.Duration) bool {
	switch {
	case !e.canceled():
		return false
	case !e.http1:
		return true
	case e.readDeadlinePassed(now):
		return false
	}
	return !e.in.opts.HalfClosedClients || e.noted.has(bodyBroken|writeFailed)
}

// end is deferred around the handler. It decides the outcome, counts it, and
// lets a panic continue. It recovers in its own frame, because it has to
// panic again with the same value.
func (e *exchange) end() {
	var value any
	if !e.returned {
		value = recover()
	}
	if e.signals != nil {
		e.returnRequest()
	} else if e.body != nil {
		e.body.returnRequest(e.r)
	}
	now := e.in.now()
	o := e.decide(now, value)
	e.decideCode(&o, now)
	answers := o.ending == panicked && e.mayAnswer()
	defer func() {
		if value != nil && !answers {
			panic(value)
		}
	}()
	if answers {
		logPanic(e.r, value)
		http.Error(e, http.StatusText(o.status), o.status)
	}
	e.count(&o, now)
	if o.ending == answered {
		e.noteEnd()
	}
	if e.returned {
		e.release()
	}
}

// mayAnswer reports whether a panic is answered: by option, and only if
// nothing of the handler's response can have been sent.
func (e *exchange) mayAnswer() bool {
	return e.in.opts.Recover && e.status.Load() == 0 && !e.noted.has(copying)
}

// logPanic logs a panic that net/http will not see, with net/http's logger
// and text.
func logPanic(r *http.Request, value any) {
	printf := log.Printf
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && server.ErrorLog != nil {
		printf = server.ErrorLog.Printf
	}
	printf("http: panic serving %v: %v\n%s", r.RemoteAddr, value, debug.Stack())
}

// duration returns the duration of the request that ends now, or the time to
// a stream's first byte.
func (e *exchange) duration(now time.Duration) time.Duration {
	if began := e.began.Load(); began != 0 && e.noted.has(streams) {
		return time.Duration(began)
	}
	return now - e.start
}

// SetError marks the request that is answered on w as failed, whatever status
// its response has. A GraphQL response, for example, is 200 even if the query
// failed. The event is then bad unless the indicator counts failed events. A
// nil err cancels an earlier call.
//
// Like [SetRoute], it must be called before the handler returns, and reports
// whether it found the instrument. If it reports false, the failure is lost.
func SetError(w http.ResponseWriter, err error) bool {
	return each(w, func(e *exchange) {
		rare := e.makeRare()
		if err == nil {
			rare.failure.Store(nil)
			return
		}
		before := rare.failure.Load()
		first := before != nil && before.first || !e.clientLeft(e.in.now())
		rare.failure.Store(&failure{err, first})
	})
}

// failure is the error of a request that SetError marked as failed.
type failure struct {
	err   error
	first bool // the first call came before the client left
}

// err returns the error from SetError, or nil.
func (e *exchange) err() error {
	if failure := e.rarely().failure.Load(); failure != nil {
		return failure.err
	}
	return nil
}
