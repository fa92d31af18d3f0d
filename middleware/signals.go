package middleware

import (
	"context"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/scope"
)

// Signal is a set of signals: the telemetry that an instrument makes of a
// request.
type Signal uint8

const (
	// SignalEvent is the event that the recorder's indicators judge.
	SignalEvent Signal = 1 << iota
	// SignalMetrics are the histograms. The gauge of active requests always
	// counts.
	SignalMetrics
	// SignalSpan is the span.
	SignalSpan
	// SignalLine is the line of the access log.
	SignalLine

	// SignalAll is everything. Request IDs are not in the set.
	SignalAll = SignalEvent | SignalMetrics | SignalSpan | SignalLine
)

// omit returns the signals that the options omit for a request.
func (in *Instrument) omit(r *http.Request) (omit Signal) {
	if in.opts.Omit != nil {
		_ = guard.Call(func() { omit = in.opts.Omit(r) })
	}
	return omit
}

// signals are the parts of a call's state for its span, its request ID and its
// line of the access log.
type signals struct {
	*callContext
	span  trace.Span // nil without a span
	began int64      // in Unix nanoseconds
}

// callContext is the context of a call with signals. The program may keep it
// when the call has ended, so it never serves another call.
type callContext struct {
	call.Context
	unrecorded unrecordedSpan // is the span if it is not recorded
}

// Value returns the unrecorded span, or a value of the context without it.
func (c *callContext) Value(key any) any {
	if c.unrecorded.of != nil && key == spanKey {
		return &c.unrecorded
	}
	return c.Context.Value(key)
}

// begin notes when a call begins, and returns the instrument's time. The zero
// Time means now.
func (s *signals) begin(in *Instrument, began time.Time) time.Duration {
	if began.IsZero() {
		began = time.Now()
	}
	s.began = began.UnixNano()
	return began.Sub(in.created)
}

// observed is one allocation for the response of a request with signals, and
// for the handler's request and context.
type observed struct {
	answer  response
	request http.Request
	id      [1]string // in the response's header
	own     callContext
}

// observedUpload is one allocation for a request with a body.
type observedUpload struct {
	exchange
	observed
	watched body
}

// observes reports whether requests need signals.
func (in *Instrument) observes() bool { return in.spans != nil || in.ids != nil || in.lines != nil }

// newObserved returns the state of a request that has just arrived.
func (in *Instrument) newObserved(w http.ResponseWriter, r *http.Request) *exchange {
	if hasBody(r) {
		u := new(observedUpload)
		u.watched.ReadCloser, u.watched.server, u.watched.exchange = r.Body, r, &u.exchange
		u.body = &u.watched
		return in.attach(&u.observed, &u.exchange, w, r)
	}
	e := exchanges.Get().(*exchange)
	e.reusable = true
	return in.attach(new(observed), e, w, r)
}

// attach connects an exchange that begins with its signals.
func (in *Instrument) attach(o *observed, e *exchange, w http.ResponseWriter, r *http.Request) *exchange {
	e.own.callContext = &o.own
	e.start = e.own.begin(in, time.Time{})
	o.answer.ResponseWriter, o.answer.of = w, e
	e.response, e.r, e.arrived, e.observed, e.signals = &o.answer, r, r, o, &e.own
	return e
}

// observe starts the signals, and gives the handler a copy of the request, with
// the signals' context. The server's request does not change; see [newUpload].
func (e *exchange) observe() {
	in, s, r := e.in, e.signals, e.r
	var ctx context.Context = s.callContext
	outer := scope.Of(r.Context())
	s.Init(r.Context(), outer, in.ids.of(r, outer))
	in.ids.answer(e.ResponseWriter, e.observed)
	header := in.ids.replace(r.Header, s)
	if in.spans != nil && e.omit&SignalSpan == 0 {
		public := asks(in.spans.Public, r)
		ctx = in.spans.start(s, r, public)
		if public {
			header = in.spans.strip(header)
		}
	}
	copied := &e.observed.request
	*copied = *r.WithContext(ctx)
	copied.Header = header
	if e.body != nil {
		copied.Body = e.body
		e.body.capture = in.lines.captures(ctx, r, e.omit)
	}
	e.r = copied
}

// returnRequest copies the handler's request back for the server, except its
// body and its context; see [body.returnRequest].
func (e *exchange) returnRequest() {
	body := e.arrived.Body
	*e.arrived = *e.r.WithContext(e.arrived.Context())
	e.arrived.Body = body
}
