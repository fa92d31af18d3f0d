package middleware

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/cells"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/sli"
)

// classify is the default of [Options.Classify].
func classify(ctx context.Context, err error) Result {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return Result{Err: err, TimedOut: true}
	case !errors.Is(err, context.Canceled):
		return Result{Err: err}
	case errors.Is(context.Cause(ctx), context.Canceled), ctx.Err() == nil:
		return Result{Err: err, Canceled: true}
	}
	// The program canceled it with a cause.
	return Result{Err: err, Canceled: true, Ignore: sli.ReasonClientLeft}
}

// Call is a call that has begun. Make it with [Instrument.Begin]. Its methods
// may be called by several goroutines.
type Call struct {
	in       *Instrument
	family   *Family
	kind     callKind
	omit     Signal
	stream   bool
	madeID   bool // the caller does not know the request ID
	allowed  time.Duration
	caller   string
	start    time.Duration // since the instrument was made
	ctx      context.Context
	signals  *signals // nil without spans, request IDs and lines, or own
	own      signals
	pending  sli.Pending
	node     call.Node
	at       atomic.Pointer[operation]
	streamOf atomic.Pointer[operation] // whose gauge counts the stream, or nil
	group    atomic.Pointer[group]
	answered atomic.Int64 // ns from start to the answer, or 0
	ended    atomic.Bool
}

// unknownOperation is the name of operations that have none.
const unknownOperation = "unknown"

// Begin begins a call of any protocol: a message, a query, a job. The result is
// never nil. Call End when the call is over; until then it is in flight, and
// judged as a hanging request is. Use the context of [Call.Context] within the
// call. For a function call, [Instrument.Do] is shorter.
func (in *Instrument) Begin(ctx context.Context, info CallInfo) *Call {
	if in.observes() {
		c := new(observedCall)
		c.observe(&c.lasting)
		return in.beginCall(ctx, &c.Call, &info)
	}
	return in.beginCall(ctx, new(Call), &info)
}

func nameOf(operation string) string {
	if operation == "" {
		return unknownOperation
	}
	return operation
}

// beginSignals starts the span and finds the request ID. A call whose tracer
// ends the goroutine is over.
func (c *Call) beginSignals(info *CallInfo) {
	s, begun := c.signals, false
	defer func() {
		if !begun {
			c.End(broken(nil))
		}
	}()
	carrier := info.Carrier
	if carrier == nil {
		carrier = propagation.MapCarrier(nil) // is read only
	}
	outer := scope.Of(c.ctx)
	id := c.requestID(info, outer, carrier)
	s.Init(c.ctx, outer, id)
	c.ctx = s.callContext
	if c.in.spans != nil && c.omit&SignalSpan == 0 {
		c.ctx = c.in.spans.startCall(c, info, carrier)
	}
	if c.kind.incoming() {
		c.caller = c.in.addressOf(info.Caller, carrier)
	}
	if c.kind.outgoing() && info.Carrier != nil {
		c.in.ids.send(carrier, id)
		if c.in.spans != nil {
			c.in.spans.inject(c.ctx, carrier)
		}
	}
	begun = true
}

// requestID returns the request ID of a call that begins.
func (c *Call) requestID(info *CallInfo, outer *scope.Scope, carrier propagation.TextMapCarrier) (id string) {
	ids := c.in.ids
	switch {
	case c.kind.incoming() && !info.Public:
		id, c.madeID = ids.ofCarrier(outer, carrier)
		return id
	case c.kind.outgoing():
		return ids.ofOutgoing(outer, carrier)
	}
	c.madeID = info.Public && ids != nil
	return ids.ofWork(outer)
}

// Context returns the context for the work of the call, with its span, its
// request ID and its user.
func (c *Call) Context() context.Context { return c.ctx }

// SetOperation changes the operation of a call whose name is known only after
// it has begun. The values of the family's labels are as in CallInfo.
func (c *Call) SetOperation(name string, labels ...string) {
	o := c.family.find(nameOf(name), labels, c.kind)
	c.at.Store(o)
	for before := c.streamOf.Load(); before != nil; before = c.streamOf.Load() {
		o.addStream(1)
		if c.streamOf.CompareAndSwap(before, o) {
			before.addStream(-1)
			return
		}
		o.addStream(-1)
	}
}

// SetGroup sets the group of the event, as [SetGroup] does for a request. The
// last call wins.
func (c *Call) SetGroup(group string) { c.group.Store(c.in.groups.find(group)) }

// WriteRequestID writes the request ID to the headers of the answer, as
// responses of HTTP have it, unless the caller sent the ID itself.
func (c *Call) WriteRequestID(answer propagation.TextMapCarrier) {
	if c.madeID {
		c.in.ids.send(answer, c.signals.RequestID())
	}
}

// Answered says that the answer has begun. From then on the call is not judged
// in flight. Only the first call has an effect.
func (c *Call) Answered() { c.AnsweredAt(time.Time{}) }

// AnsweredAt is Answered for a caller that has read the clock.
func (c *Call) AnsweredAt(t time.Time) {
	if c.answered.Load() == 0 {
		c.answered.CompareAndSwap(0, max(1, int64(c.in.at(t)-c.start)))
	}
}

// Elapsed returns the time since Begin.
func (c *Call) Elapsed() time.Duration { return c.in.now() - c.start }

// EndError ends the call with an error, which [Options.Classify] judges. A nil
// error is a success.
func (c *Call) EndError(err error) {
	var result Result
	defer func() { c.End(result) }()
	if err == nil {
		return
	}
	result = classify(c.ctx, err)
	if custom := c.in.opts.Classify; custom != nil {
		_ = guard.Call(func() { result = custom(c.ctx, err) })
	}
}

// End ends the call with its result, from which all signals are made. Only the
// first call has an effect.
func (c *Call) End(result Result) {
	if c.ended.Swap(true) {
		return
	}
	now, o := max(c.start, c.in.at(result.Ended)), c.at.Load()
	var rec Record
	rec.Kind, rec.Status, rec.ErrorType = trace.SpanKind(c.kind), result.Status, result.errorType()
	rec.Cause, rec.Caller, rec.attributes = result.Cause, c.caller, result.Attributes
	c.fillEvent(&rec.Event, &result, o, now)
	var handler *atomic.Pointer[boundHandler]
	defer c.leave()
	defer func() { c.in.show(c.ctx, c.signals, c.omit, handler, &rec, o.span, nil) }()
	if c.signals != nil {
		c.signals.describe(&rec, now-c.start)
	}
	if c.omit&SignalMetrics == 0 {
		s := c.family.seriesOf(o, statusOf(&result), rec.ErrorType)
		c.in.observe(c.family.histograms, s, c.node.Shard(), &rec)
		c.family.observeSizes(s, c.node.Shard(), result.Sizes)
		handler = &s.handler
	}
	if c.omit&SignalEvent == 0 {
		rec.Bad = o.events.Finish(&c.pending, rec.Event, c.bounded(now))
	}
}

// Count counts a call that is over and took some time: a message of a batch or
// of a stream. It makes the event and the metrics, and no span, no line and no
// record for [Options.Done]. It ignores the Carrier of info.
func (in *Instrument) Count(info CallInfo, took time.Duration, r Result) {
	c := Call{in: in, family: info.Family, kind: callKindOf(info.Kind), allowed: info.Allowed}
	if c.family == nil {
		c.family = in.work
	}
	if info.Group != "" {
		c.SetGroup(info.Group)
	}
	o := c.family.find(nameOf(info.Operation), info.Labels, c.kind)
	var rec Record
	c.fillEvent(&rec.Event, &r, o, in.now())
	rec.Event.Duration = took
	if info.Omit&SignalMetrics == 0 {
		in.observe(c.family.histograms, c.family.seriesOf(o, statusOf(&r), r.errorType()), cells.Shard(), &rec)
	}
	if info.Omit&SignalEvent == 0 {
		o.events.Record(rec.Event)
	}
}

// leave removes a call from those in flight.
func (c *Call) leave() {
	if c.stream {
		c.streamOf.Swap(nil).addStream(-1)
	}
	c.in.calls.Leave(&c.node)
}

// fillEvent completes the event of a call that ends now. It writes to the
// record: a goroutine of its own for each call starts with a small stack, which
// copies would make grow.
func (c *Call) fillEvent(event *sli.Event, r *Result, o *operation, now time.Duration) {
	answered := time.Duration(c.answered.Load())
	event.Operation, event.Status, event.Code = o.name, r.Status, r.Code
	event.Duration, event.Allowed = now-c.start, promised(c.allowed)
	event.Canceled, event.Unanswered = r.Canceled, r.TimedOut && answered == 0
	event.Err, event.Ignore = r.Err, cmp.Or(r.Ignore, c.tooShort())
	event.Group = c.groupNow()
	if c.stream && answered != 0 {
		event.Duration = answered
	}
	if event.Status == 0 {
		event.Status = statusOfCode(r.Code)
	}
}

// bounded returns the time that the bound of an indicator is compared with. A
// stream has no bound.
func (c *Call) bounded(now time.Duration) time.Duration {
	if c.stream {
		return 0
	}
	return c.waited(now)
}

// waited returns how long the caller waited until the answer began, or until
// now.
func (c *Call) waited(now time.Duration) time.Duration {
	if answered := c.answered.Load(); answered != 0 {
		return time.Duration(answered)
	}
	return now - c.start
}

// callInFlight is a call in the list of calls in flight.
type callInFlight struct{ *Call }

// Judge judges a call that has not ended, by its context and by the time that
// the caller allows.
func (c callInFlight) Judge() bool {
	if c.answered.Load() != 0 || c.omit&SignalEvent != 0 {
		return true
	}
	now, o := c.in.now(), c.at.Load()
	event := sli.Event{Duration: now - c.start, Group: c.groupNow(), Allowed: promised(c.allowed), Ignore: c.tooShort()}
	switch err := c.ctx.Err(); {
	case c.expired(now), errors.Is(err, context.DeadlineExceeded):
		event.Err = context.DeadlineExceeded
	case c.stream:
		return false
	case err != nil:
		event.Canceled = errors.Is(context.Cause(c.ctx), context.Canceled)
	}
	return o.events.Check(&c.pending, event, c.waited(now)) == 0
}

// Do does work of the service's own as an operation: a job, a query, a message.
// It calls f with the context of the call and returns its error, which
// [Options.Classify] judges. A panic of f is bad and continues.
func (in *Instrument) Do(ctx context.Context, operation string, f func(context.Context) error) (err error) {
	c := in.Begin(ctx, CallInfo{Operation: operation})
	returned := false
	defer func() {
		if returned {
			c.EndError(err)
			return
		}
		value := recover()
		c.End(broken(value))
		if value != nil {
			panic(value)
		}
	}()
	err = f(c.Context())
	returned = true
	return err
}

// broken returns the result of a function that panicked with a value, or that
// ended its goroutine.
func broken(value any) Result {
	if value == nil {
		return Result{Err: errGoexit, ErrorType: errorTypes[aborted]}
	}
	return Result{Err: &PanicError{Value: value}, ErrorType: errorTypes[panicked]}
}

// statusOf returns the value of the status label.
func statusOf(r *Result) string {
	switch {
	case r.Code != "":
		return strings.ToValidUTF8(r.Code, "\uFFFD")
	case r.Status != 0:
		return statusLabel(r.Status)
	}
	return ""
}
