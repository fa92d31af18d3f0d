package middleware

import (
	"context"
	"maps"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/sli"
)

// attempt is one request that the service sends. It holds no reference to the
// response's body, so that a body that nobody closes becomes garbage.
type attempt struct {
	in      *Instrument
	call    *clientCall
	target  *destination
	request *http.Request   // the caller's
	ctx     context.Context // of the caller's request
	signals *signals        // nil without spans, request IDs and lines, or own
	own     signals
	start   time.Duration // since the instrument was made
	before  int           // attempts of the call before this one
	omit    Signal
	node    call.Node

	// The answer, which is set before the caller has it.
	status   int
	version  string
	media    media
	redirect bool

	began atomic.Int64 // ns from start to the answer, or 0
	read  atomic.Int64 // bytes of the body
	left  atomic.Int64 // when the context was first seen to be done, or 0
	ended atomic.Bool
}

// firstAttempt is one allocation for a call and its first attempt.
type firstAttempt struct {
	attempt
	own clientCall
}

// outgoing is one allocation for the context and the header that the next
// transport gets.
type outgoing struct {
	callContext
	id [1]string // in the request's header
}

func (in *Instrument) newAttempt(r *http.Request, o attemptOptions) *attempt {
	t := in.client.destination(r)
	c, before := in.callOf(r, t, o)
	var a *attempt
	if c != nil {
		a = &attempt{call: c, before: before, start: in.now()}
	} else {
		first := new(firstAttempt)
		a, c = &first.attempt, &first.own
		c.enter(in, t.operation, r.Context(), o)
		a.call, a.start = c, c.start
	}
	a.in, a.target, a.request, a.ctx, a.omit = in, t, r, r.Context(), o.omit
	in.client.attempts.Enter(&a.node, attemptInFlight{a}, t.method)
	return a
}

// prepare starts the signals, and returns the request for the next transport:
// a copy if it has something to tell the other service.
func (a *attempt) prepare() *http.Request {
	in, r := a.in, a.request
	if !in.observes() {
		return r
	}
	o := new(outgoing)
	s := &a.own
	s.callContext = &o.callContext
	s.begin(in, time.Time{})
	a.signals = s
	outer := scope.Of(a.ctx)
	s.Init(a.ctx, outer, in.ids.ofSent(outer, r))
	ctx := context.Context(s.callContext)
	if in.spans != nil && a.omit&SignalSpan == 0 {
		ctx = in.spans.begin(s, a.target.spanName, &in.spans.kinds[kindClient])
	}
	sent := r.WithContext(ctx)
	if r.Header != nil { // else the next transport returns an error
		sent.Header = make(http.Header, len(r.Header)+4)
		maps.Copy(sent.Header, r.Header)
		in.ids.forward(sent.Header, o)
		if s.span != nil {
			in.spans.inject(ctx, propagation.HeaderCarrier(sent.Header))
		}
	}
	return sent
}

// receive notes the answer and watches its body.
func (a *attempt) receive(sent *http.Request, resp *http.Response) {
	a.began.Store(int64(max(1, a.in.now()-a.start)))
	a.status = resp.StatusCode
	a.version = version(resp.ProtoMajor, resp.ProtoMinor)
	a.media = mediaOf(resp.Header)
	a.redirect = isRedirect(resp)
	a.call.noteAnswer()
	if resp.Request == sent || resp.Request == nil {
		resp.Request = a.request
	}
	if a.redirect {
		ctx := context.WithValue(resp.Request.Context(), chainKey{a.in}, a.call)
		resp.Request = resp.Request.WithContext(ctx)
	}
	a.watch(resp)
}

// isRedirect reports whether a client may send another request because of a
// response.
func isRedirect(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location") != ""
	}
	return false
}

// end makes all signals of an attempt. Only the first call has an effect.
func (a *attempt) end(r Result) {
	if a.ended.Swap(true) {
		return
	}
	in, now := a.in, a.in.now()
	rec := Record{
		Kind: trace.SpanKindClient, Event: a.event(&r, now), Status: a.status, ErrorType: r.errorType(),
		Request: a.request, Method: methods[a.target.method], Route: a.target.template,
		RequestBytes: max(0, a.request.ContentLength), ResponseBytes: a.read.Load(),
	}
	var handler *atomic.Pointer[boundHandler]
	defer func() { in.show(a.ctx, a.signals, a.omit, handler, &rec, a.target.spanName, nil) }()
	defer in.client.attempts.Leave(&a.node)
	if a.signals != nil {
		a.signals.describe(&rec, now-a.start)
		if a.signals.span != nil {
			defer func() { _ = guard.Call(func() { in.spans.describeAttempt(a.signals.span, a, &rec) }) }()
		}
	}
	if a.omit&SignalMetrics == 0 {
		s := in.client.histogram.seriesOf(a.target.operation, a.statusLabel(), rec.ErrorType)
		in.observe(in.client.histogram.histograms, s, a.node.Shard(), &rec)
		handler = &s.handler
	}
	end := a.endOf(rec.Event, now)
	rec.Bad = a.call.leave(a.start, &end, a.redirect && r.Err == nil)
}

// statusLabel returns the status as the metrics show it: empty without an
// answer.
func (a *attempt) statusLabel() string {
	if a.status == 0 {
		return ""
	}
	return statusLabel(a.status)
}

// event returns the event of the attempt, which is the call's if it has no
// other attempt.
func (a *attempt) event(r *Result, now time.Duration) sli.Event {
	e := sli.Event{
		Operation:  a.target.name,
		Status:     namedCode(r.Code).status(a.status),
		Code:       r.Code,
		Duration:   a.duration(now),
		Canceled:   r.Canceled,
		Unanswered: a.status == 0 && !r.Canceled,
		Err:        r.Err,
		Ignore:     r.Ignore,
		Group:      a.call.group,
	}
	if r.Canceled {
		e.Status, e.Code = statusClientGone, ""
	}
	return e
}

// duration returns the time to the end of the answer, or to the beginning of a
// stream.
func (a *attempt) duration(now time.Duration) time.Duration {
	if began := a.began.Load(); began != 0 && (a.media == mediaStream || a.status == http.StatusSwitchingProtocols) {
		return time.Duration(began)
	}
	return now - a.start
}

// endOf returns the end of the attempt for its call, whose clock began with the
// first attempt.
func (a *attempt) endOf(e sli.Event, now time.Duration) attemptEnd {
	waited := now - a.start
	if began := a.began.Load(); began != 0 {
		waited = time.Duration(began)
	}
	earlier := a.start - a.call.start
	e.Operation = a.call.of.name
	e.Duration += earlier
	return attemptEnd{e, waited + earlier, now, rankOf(&e)}
}

// rankOf returns how useful the end of an attempt is to a caller that sends
// several at the same time.
func rankOf(e *sli.Event) uint8 {
	switch {
	case e.Canceled:
		return 0
	case e.Err != nil || e.Status >= http.StatusInternalServerError:
		return 1
	}
	return 2
}

// attemptInFlight is an attempt in the list of those that have not ended.
type attemptInFlight struct{ *attempt }

// Judge ends an attempt whose context is done, and whose caller neither reads
// nor closes its body.
func (a attemptInFlight) Judge() bool {
	if a.began.Load() == 0 || a.ctx.Err() == nil {
		return false
	}
	now := a.in.now()
	if a.left.CompareAndSwap(0, int64(now)) || now-time.Duration(a.left.Load()) < grace {
		return false
	}
	a.end(a.failure(a.ctx.Err()))
	return true
}
