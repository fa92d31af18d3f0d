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
	began int64      // in Unix nanoseconds

	// The server's request, and the place of the handler's. They are nil if the
	// call is no served request.
	server, request *http.Request
}

// begin notes when a call begins, and returns the instrument's time.
func (s *signals) begin(in *Instrument) time.Duration {
	now := time.Now()
	s.began = now.UnixNano()
	return now.Sub(in.created)
}

// observed is one allocation for the response of a request with signals, and
// for the handler's request and context.
type observed struct {
	answer  response
	request http.Request
	own     signals
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
	e.start = o.own.begin(in)
	o.answer.ResponseWriter, o.answer.of = w, e
	o.own.server, o.own.request = r, &o.request
	e.response, e.r, e.signals = &o.answer, r, &o.own
	return e
}

// observe starts the signals, and gives the handler a copy of the request, with
// the signals' context. The server's request does not change; see [newUpload].
func (e *exchange) observe() {
	in, s, r := e.in, e.signals, e.r
	s.Init(r.Context(), in.ids.of(r))
	in.ids.answer(e.ResponseWriter, s)
	var ctx context.Context = &s.Context
	header := in.ids.replace(r.Header, s)
	if in.spans != nil && e.omit&SignalSpan == 0 {
		public := asks(in.spans.Public, r)
		ctx, s.span = in.spans.start(ctx, r, public)
		if public {
			header = in.spans.strip(header)
		}
	}
	*s.request = *r.WithContext(ctx)
	s.request.Header = header
	if e.body != nil {
		s.request.Body = e.body
		e.body.capture = in.lines.captures(ctx, r, e.omit)
	}
	e.r = s.request
}

// returnRequest copies the handler's request back for the server, except its
// body and its context; see [body.returnRequest].
func (s *signals) returnRequest(r *http.Request) {
	body := s.server.Body
	*s.server = *r.WithContext(s.server.Context())
	s.server.Body = body
}
