package middleware

import (
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// count makes all signals of a request that has ended.
func (e *exchange) count(o *outcome, now time.Duration) {
	in, rt := e.in, e.routeAtReturn()
	rec := Record{Event: e.event(o, rt, now)}
	if e.omit&SignalEvent == 0 {
		rec.Bad = rt.events.Finish(&e.pending, rec.Event, e.waited(now))
	}
	if e.signals != nil || in.opts.Done != nil {
		e.describe(&rec, o, rt, now)
	}
	var handler *atomic.Pointer[boundHandler]
	if e.omit&SignalMetrics == 0 {
		s := rt.find(o, in.histograms)
		e.observe(s, &rec)
		handler = &s.handler
	}
	in.inFlight.Leave(&e.node)
	if s := e.signals; s != nil {
		if s.span != nil {
			in.spans.end(s.span, e, &rec)
		}
		if in.lines != nil && e.omit&SignalLine == 0 {
			in.lines.write(e.r.Context(), handler, in, &rec)
		}
	}
	if in.opts.Done != nil {
		_ = guard.Call(func() { in.opts.Done(rec) })
	}
}

func (e *exchange) event(o *outcome, rt *route, now time.Duration) sli.Event {
	return sli.Event{
		Operation:  rt.operation,
		Status:     o.code.status(o.status),
		Code:       o.code.name(),
		Duration:   e.duration(now),
		Canceled:   o.ending == clientGone,
		Unanswered: o.ending == timedOut,
		Err:        o.err,
		Ignore:     o.ignore,
		Group:      e.groupNow(),
		Allowed:    e.allowed(),
	}
}

// describe completes the record of a request that ends now.
func (e *exchange) describe(rec *Record, o *outcome, rt *route, now time.Duration) {
	rec.Request = e.r
	rec.Method, rec.Route = methodLabel(int(e.protocol)), rt.label
	rec.Status, rec.ErrorType = o.status, o.errorType()
	rec.RequestBytes, rec.ResponseBytes = e.requestBytes(), e.responseBytes()
	s := e.signals
	if s == nil {
		return
	}
	rec.RequestID, rec.UserID = s.RequestID(), s.UserID()
	rec.End = s.began.Add(now - e.start)
	if s.span != nil {
		rec.Span = s.span.SpanContext()
	}
}

// observe adds a request that has ended to the histograms of a series.
func (e *exchange) observe(s *series, rec *Record) {
	hs, shard := e.in.histograms, e.node.Shard()
	if rec.Span.IsSampled() && !e.in.spans.NoExemplars {
		hs.ObserveTraced(s.Series, shard, rec.Event.Duration, call.Trace{ID: rec.Span.TraceID(), At: rec.End})
	} else {
		hs.ObserveDuration(s.Series, shard, rec.Event.Duration)
	}
	if hs.requestSize != nil {
		s.Observe(hs.requestSize, shard, e.requestBytes())
		s.Observe(hs.responseSize, shard, e.responseBytes())
	}
}
