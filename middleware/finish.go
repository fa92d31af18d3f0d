package middleware

import (
	"context"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// A function of the options may end the goroutine by runtime.Goexit. Steps that
// must follow it are therefore deferred.

// count makes all signals of a request that has ended.
func (e *exchange) count(o *outcome, now time.Duration) {
	in, rt := e.in, e.routeAtReturn()
	var (
		rec     Record
		handler *atomic.Pointer[boundHandler]
	)
	shown := e.signals != nil || in.opts.Done != nil
	defer in.inFlight.Leave(&e.node)
	if shown {
		defer func() { in.show(e.r.Context(), e.signals, e.omit, handler, &rec, "", e) }()
	}
	rec.Kind = trace.SpanKindServer
	e.fillEvent(&rec.Event, o, rt, now)
	if shown {
		e.describe(&rec, o, rt, now)
	}
	if e.omit&SignalMetrics == 0 {
		s := rt.find(o, e.group.Load(), in.histograms)
		in.observe(in.histograms.Histograms, s, e.node.Shard(), &rec)
		e.observeSizes(s)
		handler = &s.handler
	}
	if e.omit&SignalEvent == 0 {
		rec.Bad = rt.events.Finish(&e.pending, rec.Event, e.waited(now))
	}
}

// observe adds the duration of a call that has ended, with its trace if it is
// sampled.
func (in *Instrument) observe(hs *call.Histograms, s *series, shard int, rec *Record) {
	if rec.Span.IsSampled() && !in.spans.NoExemplars {
		hs.ObserveTraced(s.Series, shard, rec.Event.Duration, call.Trace{ID: rec.Span.TraceID(), At: rec.End})
		return
	}
	hs.ObserveDuration(s.Series, shard, rec.Event.Duration)
}

// show ends the span of a call, writes its lines, and passes its record to
// Done. If the call is not a served request, e is nil, and name is the name of
// its span.
func (in *Instrument) show(ctx context.Context, s *signals, omit Signal, handler *atomic.Pointer[boundHandler], rec *Record, name string, e *exchange) {
	if in.opts.Done != nil {
		defer func() { _ = guard.Call(func() { in.opts.Done(*rec) }) }()
	}
	if s == nil {
		return
	}
	if in.lines != nil && omit&SignalLine == 0 {
		ctx = s.within(ctx)
		defer func() { _ = guard.Call(func() { in.lines.write(ctx, handler, in, rec) }) }()
		if e != nil && e.body != nil && e.body.capture != nil {
			defer in.lines.writeBody(ctx, e.body.capture, rec.End)
		}
	}
	if s.span != nil && s.unrecorded.of == nil {
		_ = guard.Call(func() { in.spans.end(s.span, rec, name, e) })
	}
}

// fillEvent completes the event of a request that ends now. It writes to the
// record, because a copy of the event takes longer than a counter.
func (e *exchange) fillEvent(event *sli.Event, o *outcome, rt *route, now time.Duration) {
	event.Operation = rt.operation
	event.Status, event.Code = o.code.status(o.status), o.code.name()
	event.Duration = e.duration(now)
	event.Canceled, event.Unanswered = o.ending == clientGone, o.ending == timedOut
	event.Err, event.Ignore = o.err, o.ignore
	event.Group, event.Allowed = e.groupNow(), promised(e.allowed())
}

// describe completes the record of a request that ends now.
func (e *exchange) describe(rec *Record, o *outcome, rt *route, now time.Duration) {
	rec.Request = e.r
	rec.Method, rec.Route = e.methodScheme.method(), rt.label
	rec.Status, rec.ErrorType = o.status, o.errorType()
	rec.RequestBytes, rec.ResponseBytes = e.requestBytes(), e.responseBytes()
	if e.signals != nil {
		e.signals.describe(rec, now-e.start)
	}
}

// describe adds the identity of a call that ends after the time it took.
func (s *signals) describe(rec *Record, took time.Duration) {
	rec.RequestID, rec.UserID = s.RequestID(), s.UserID()
	rec.End = time.Unix(0, s.began+int64(took))
	switch {
	case s.unrecorded.of != nil:
		rec.Span = s.unrecorded.SpanContext()
	case s.span != nil:
		_ = guard.Call(func() { rec.Span = s.span.SpanContext() })
	}
}

// within returns the context of a call's lines: ctx, or the call's own if ctx
// is another one. A handler may have given its request another context, and an
// attempt's own is with the next transport.
func (s *signals) within(ctx context.Context) context.Context {
	switch {
	case s.Context.Context == nil: // a function of the options ended the goroutine
		return ctx
	case ctx == context.Context(s.callContext), s.In(ctx):
		return ctx
	case s.span == nil || s.unrecorded.of != nil:
		return s.callContext
	}
	return trace.ContextWithSpan(s.callContext, s.span)
}

// observeSizes adds the sizes of the bodies to a series.
func (e *exchange) observeSizes(s *series) {
	if hs, shard := e.in.histograms, e.node.Shard(); hs.requestSize != nil {
		s.Observe(hs.requestSize, shard, e.requestBytes())
		s.Observe(hs.responseSize, shard, e.responseBytes())
	}
}
