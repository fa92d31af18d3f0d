package middleware

import (
	"context"
	"errors"
	"log"
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
	aborted           // by http.ErrAbortHandler or runtime.Goexit
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
	ending   ending
	status   int
	duration time.Duration
	err      error
}

func (o *outcome) errorType() string {
	if o.ending == answered && o.status >= http.StatusInternalServerError {
		return statusLabel(o.status)
	}
	return errorTypes[o.ending]
}

// decide returns the outcome of a request that took d. The value is the one
// that the handler panicked with. It is nil if the handler returned, or
// ended its goroutine by runtime.Goexit.
func (e *exchange) decide(d time.Duration, value any) outcome {
	began := e.streaming.Load()
	if began != 0 {
		d = time.Duration(began)
	}
	gone := e.clientGone()
	switch {
	case !e.returned && value == nil:
		return outcome{aborted, http.StatusInternalServerError, d, errGoexit}
	case value == http.ErrAbortHandler && !gone:
		return outcome{aborted, http.StatusInternalServerError, d, http.ErrAbortHandler}
	case value != nil && value != http.ErrAbortHandler:
		return outcome{panicked, http.StatusInternalServerError, d, &PanicError{value}}
	case gone && e.unsent.Load() == deadlinePassed:
		return outcome{timedOut, int(e.status.Load()), d, os.ErrDeadlineExceeded}
	case gone && began == 0 && !e.answeredBefore():
		return outcome{clientGone, statusClientGone, d, nil}
	}
	return e.decideAnswer(d)
}

// decideAnswer returns the outcome of a request whose client received the
// response, or disconnected from a stream, which is a stream's usual end.
func (e *exchange) decideAnswer(d time.Duration) outcome {
	o := outcome{answered, int(e.status.Load()), d, e.err}
	if o.status == 0 {
		o.status = http.StatusOK // net/http sends it if the handler sends nothing
		if o.err == nil && e.r.Context().Err() == context.DeadlineExceeded {
			return outcome{timedOut, o.status, d, context.DeadlineExceeded}
		}
	} else if e.overruled() {
		o.status = http.StatusServiceUnavailable
	}
	if o.err != nil && o.status < http.StatusInternalServerError {
		o.ending = failed
	}
	return o
}

// overruled reports whether an http.TimeoutHandler around the instrument
// discarded the handler's response and sent its own 503. Only a write shows
// it; once a response has begun, an empty write has no other effect.
func (e *exchange) overruled() bool {
	if e.r.Context().Err() != context.DeadlineExceeded {
		return false
	}
	_, err := e.ResponseWriter.Write(nil)
	return err == http.ErrHandlerTimeout //nolint:errorlint // it is never wrapped
}

// clientGone reports whether net/http canceled the request, as it does when
// the connection is closed. A cancellation with a cause comes from the
// program.
func (e *exchange) clientGone() bool {
	ctx := e.r.Context()
	//nolint:errorlint // a cause that wraps it is the program's
	return ctx.Err() != nil && context.Cause(ctx) == context.Canceled
}

// answeredBefore reports whether a client that disconnected had its
// response: a server error, or the whole of a declared length. After the
// whole response, clients may close the connection before the handler
// returns.
func (e *exchange) answeredBefore() bool {
	status := e.status.Load()
	if status == 0 || e.unsent.Load() != 0 {
		return false
	}
	declared := e.Header()["Content-Length"]
	complete := len(declared) > 0 && declared[0] == strconv.FormatInt(e.written.Load(), 10)
	return complete || status >= http.StatusInternalServerError
}

// end is deferred around the handler. It decides the outcome, counts it, and
// lets a panic continue. It recovers in its own frame, because it has to
// panic again with the same value.
func (e *exchange) end() {
	var value any
	if !e.returned {
		value = recover()
	}
	if e.body != nil {
		e.body.returnRequest(e.r)
	}
	o := e.decide(e.elapsed(), value)
	answers := o.ending == panicked && e.mayAnswer()
	if answers {
		logPanic(e.r, value)
		http.Error(e, http.StatusText(o.status), o.status)
	}
	e.count(&o)
	if value != nil && !answers {
		panic(value)
	}
}

// mayAnswer reports whether a panic is answered: by option, and only if
// nothing of the handler's response can have been sent.
func (e *exchange) mayAnswer() bool {
	return e.in.opts.Recover && e.status.Load() == 0 && !e.copying.Load()
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

// count records the event and adds the outcome to all metrics.
func (e *exchange) count(o *outcome) {
	in, protocol, shard := e.in, int(e.protocol), int(e.shard)
	rt := e.routeAtReturn()
	event := sli.Event{
		Operation: rt.operation,
		Status:    o.status,
		Duration:  o.duration,
		Canceled:  o.ending == clientGone,
		Err:       o.err,
		Ignore:    e.ignore(),
	}
	rt.events.Record(event)
	in.histograms.observe(rt.find(o, in.histograms), shard, o.duration, e.requestBytes(), e.responseBytes())
	in.active.Add(shard, protocol, ^uint64(0)) // minus one
	if in.opts.Done != nil {
		_ = guard.Call(func() { in.opts.Done(e.r, event) })
	}
}

// SetError marks the request that is answered on w as failed, whatever status
// its response has. A GraphQL response, for example, is 200 even if the query
// failed. The event is then bad unless the indicator counts failed events. A
// nil err cancels an earlier call.
//
// SetError finds the instrument, must be called, and reports whether it found
// the instrument, like [SetRoute]. If it reports false, the failure is lost.
func SetError(w http.ResponseWriter, err error) bool {
	return each(w, func(e *exchange) { e.err = err })
}
