package middleware

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// ending is how a request ended, where its status does not tell.
type ending uint8

const (
	answered   ending = iota
	failed            // SetError said so
	timedOut          // the server's deadline passed before the answer was sent
	panicked          //
	aborted           // http.ErrAbortHandler, or runtime.Goexit
	clientGone        //
)

// errorTypes are the values of the label error_type, OpenTelemetry's error.type, by ending.
var errorTypes = [...]string{
	answered:   "", // but the status for a server error
	failed:     "_OTHER",
	timedOut:   "timeout",
	panicked:   "panic",
	aborted:    "aborted",
	clientGone: "canceled",
}

// statusClientGone is what nginx made the usual status for a client that closed the request.
const statusClientGone = 499

// PanicError is the Err of an event whose handler panicked.
type PanicError struct {
	// Value is what the handler panicked with.
	Value any
}

// Error returns the value as text behind "panic: ".
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

var errGoexit = errors.New("the handler's goroutine exited")

// outcome is what is decided about a request, once, for every signal.
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

// decide returns the outcome after d of a request whose handler returned, or panicked with value, or
// left by runtime.Goexit, which has no value.
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

// decideAnswer returns the outcome of a request whose client is there to see the answer, or has left
// a stream, as clients do.
func (e *exchange) decideAnswer(d time.Duration) outcome {
	o := outcome{answered, int(e.status.Load()), d, e.err}
	if o.status == 0 {
		o.status = http.StatusOK // net/http's answer when a handler says nothing
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

// overruled reports whether http.TimeoutHandler, around the instrument, has dropped the handler's answer
// and sent its own 503. Only who writes is told: once an answer has begun, writing nothing does nothing else.
func (e *exchange) overruled() bool {
	if e.r.Context().Err() != context.DeadlineExceeded {
		return false
	}
	_, err := e.ResponseWriter.Write(nil)
	return err == http.ErrHandlerTimeout //nolint:errorlint // as http.TimeoutHandler returns it
}

// clientGone reports whether net/http has canceled the request, as it does when the connection is
// closed. A cancellation with a cause is the program's own.
func (e *exchange) clientGone() bool {
	ctx := e.r.Context()
	return ctx.Err() != nil && context.Cause(ctx) == context.Canceled //nolint:errorlint // a cause that wraps it is the program's own
}

// answeredBefore reports whether a client that is gone had its answer: a server error, or all of an
// answer of declared length, after which clients may close the connection before the handler returns.
func (e *exchange) answeredBefore() bool {
	status := e.status.Load()
	if status == 0 || e.unsent.Load() != 0 {
		return false
	}
	declared := e.Header()["Content-Length"]
	complete := len(declared) > 0 && declared[0] == strconv.FormatInt(e.written.Load(), 10)
	return complete || status >= http.StatusInternalServerError
}

// end is deferred around the handler: it decides the outcome, counts it, and lets a panic go on.
func (e *exchange) end() {
	var value any
	if !e.returned {
		value = recover()
	}
	if e.body != nil {
		e.body.returnRequest(e.r)
	}
	o := e.decide(e.elapsed(), value)
	answers := e.in.config.Recover && o.ending == panicked && e.status.Load() == 0 && !e.copying.Load()
	if answers {
		logPanic(e.r, value)
		http.Error(e, http.StatusText(o.status), o.status)
	}
	e.count(&o)
	if value != nil && !answers {
		panic(value)
	}
}

// logPanic logs a panic that net/http will not see, where and as net/http would.
func logPanic(r *http.Request, value any) {
	printf := log.Printf
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && server.ErrorLog != nil {
		printf = server.ErrorLog.Printf
	}
	printf("http: panic serving %v: %v\n%s", r.RemoteAddr, value, debug.Stack())
}

// count adds the outcome to everything that counts requests.
func (e *exchange) count(o *outcome) {
	in, protocol, shard := e.in, int(e.protocol), int(e.shard)
	rt := in.route(protocol, e.route())
	event := sli.Event{
		Operation: rt.operation,
		Status:    o.status,
		Duration:  o.duration,
		Canceled:  o.ending == clientGone,
		Err:       o.err,
	}
	rt.events.Record(event)
	in.observe(in.series(protocol, rt, o), shard, o.duration, e.requestBytes(), e.responseBytes())
	in.active.Add(shard, protocol, ^uint64(0)) // minus one
	if in.config.Done != nil {
		done(in.config.Done, e.r, event)
	}
}

// done calls a hook that may not take the service down.
func done(hook func(*http.Request, sli.Event), r *http.Request, event sli.Event) {
	defer func() { _ = recover() }()
	hook(r, event)
}
