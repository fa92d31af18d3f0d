package middleware

import (
	"context"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/call"
)

// Signal is a set of the things that an instrument makes of a request.
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

// signals are the parts of a call's state for its span, its request ID and its
// line of the access log.
type signals struct {
	call.Context
	span  trace.Span // nil without a span
	began time.Time
	owner *observed // nil if the call is no served request
	omit  Signal
}

// observed is an exchange with signals. It is one allocation with its
// response and the handler's request, body and context.
type observed struct {
	exchange
	answer  response
	request http.Request
	watched body
	own     signals
}

// observes reports whether requests need signals.
func (in *Instrument) observes() bool { return in.spans != nil || in.ids != nil || in.lines != nil }

// newObserved returns the state of a request that has just arrived.
func newObserved(w http.ResponseWriter, r *http.Request) *exchange {
	o := new(observed)
	o.own.began, o.own.owner, o.watched.server = time.Now(), o, r
	o.answer.ResponseWriter, o.answer.of, o.response = w, &o.exchange, &o.answer
	o.r, o.signals = r, &o.own
	return &o.exchange
}

// observe starts the signals, and gives the handler a copy of the request, with
// the signals' context. The server's request does not change; see [newUpload].
func (e *exchange) observe() {
	in, s := e.in, e.signals
	o, r := s.owner, e.r
	s.omit = e.omit
	s.Init(r.Context(), in.ids.of(r))
	in.ids.answer(e.ResponseWriter, s)
	var ctx context.Context = &s.Context
	if in.spans != nil && e.omit&SignalSpan == 0 {
		ctx, s.span = in.spans.start(ctx, r)
	}
	o.request = *r.WithContext(ctx)
	if hasBody(r) {
		o.watched.ReadCloser, o.watched.exchange = r.Body, e
		o.request.Body = &o.watched
		o.watched.capture = in.lines.captures(ctx, r, e.omit)
		o.body = &o.watched
	}
	o.r = &o.request
}

// returnRequest copies the handler's request back for the server, except its
// body and its context; see [body.returnRequest].
func (s *signals) returnRequest(r *http.Request) {
	server := s.owner.watched.server
	body := server.Body
	*server = *r.WithContext(server.Context())
	server.Body = body
}
