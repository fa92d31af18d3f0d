package middleware

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// CallInfo describes a call that begins.
type CallInfo struct {
	// Operation is the name of the operation, such as "import" or "process
	// orders". It must come from the program: beyond 1000 operations of a family,
	// it is "overflow". Empty means "unknown".
	Operation string

	// Kind says which side of the call the service is on. It decides how spans
	// join and which indicators count the event: a call of kind CallServer is an
	// operation that the service serves, any other one counts only for indicators
	// that name it. See [sli.Recorder.Outgoing].
	Kind CallKind

	// Family is the histogram that the duration is added to. Nil means
	// sli_operation_duration_seconds, which the instrument exposes.
	Family *Family

	// Labels are the values of the family's Labels. They must be the same
	// whenever the operation is. Missing ones are the operation.
	Labels []string

	// Carrier holds the headers of the call. The caller's span and request ID are
	// read from it if the call is of kind CallServer or CallConsumer, and the
	// call's own are written to it if it is of kind CallClient or CallProducer.
	// Nil means that it has no headers.
	Carrier propagation.TextMapCarrier

	// Attributes are set when the span starts.
	Attributes []attribute.KeyValue

	// Group is the group of the event.
	Group string

	// Allowed is the time that the caller allows for the call; see [sli.Event].
	Allowed time.Duration
}

// Result is the result of a call. The zero Result is a success.
type Result struct {
	// Code is the gRPC code of the call, as in [sli.Event], or the result by
	// another protocol. It is optional.
	Code string

	// Status is the HTTP status of the call. It is optional.
	Status int

	// Err is the error of a call that failed.
	Err error

	// ErrorType is the value of the label error_type. Empty means "timeout" if
	// TimedOut, "canceled" if Canceled, "_OTHER" if Err is set, and none
	// otherwise. It must come from the program: beyond 100 results of an
	// operation, it is "_OTHER".
	ErrorType string

	// TimedOut says that a deadline passed. If [Call.Answered] was not called
	// before, nobody knows the answer, and the event is bad.
	TimedOut bool

	// Canceled says that the caller left before it had the answer. The indicators
	// decide by the time that it waited.
	Canceled bool

	// Ignore says why no indicator judges the event.
	Ignore sli.Reason
}

// errorType returns the value of the label error_type.
func (r *Result) errorType() string {
	switch {
	case r.ErrorType != "":
		return strings.ToValidUTF8(r.ErrorType, "\uFFFD")
	case r.TimedOut:
		return errorTypes[timedOut]
	case r.Canceled:
		return errorTypes[clientGone]
	case r.Err != nil:
		return errorTypes[failed]
	}
	return ""
}

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
	kind     CallKind
	group    string
	allowed  time.Duration
	start    time.Duration // since the instrument was made
	ctx      context.Context
	signals  *signals // nil without spans, request IDs and lines
	pending  sli.Pending
	node     call.Node
	at       atomic.Pointer[operation]
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
	c := &Call{in: in, kind: info.Kind.known(), family: info.Family, group: info.Group, allowed: info.Allowed, ctx: ctx}
	if c.family == nil {
		c.family = in.work
	}
	c.at.Store(c.family.find(nameOf(info.Operation), info.Labels, c.kind))
	if in.observes() {
		c.signals = &signals{began: time.Now()}
		c.start = c.signals.began.Sub(in.created)
		c.beginSignals(&info)
	} else {
		c.start = in.now()
	}
	in.calls.Enter(&c.node, callInFlight{c}, 0)
	return c
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
	id := ""
	if c.kind.incoming() {
		id = c.in.ids.ofCarrier(c.ctx, carrier)
	} else {
		id = c.in.ids.ofWork(c.ctx)
	}
	s.Init(c.ctx, id)
	c.ctx = &s.Context
	if c.in.spans != nil {
		c.ctx, s.span = c.in.spans.startCall(c.ctx, c.kind, carrier, c.at.Load().name, info.Attributes)
	}
	if c.kind.outgoing() && info.Carrier != nil {
		c.in.ids.send(carrier, id)
		if c.in.spans != nil {
			c.in.spans.inject(c.ctx, carrier)
		}
	}
	begun = true
}

// Context returns the context for the work of the call, with its span, its
// request ID and its user.
func (c *Call) Context() context.Context { return c.ctx }

// SetOperation changes the operation of a call whose name is known only after
// it has begun. The values of the family's labels are as in CallInfo.
func (c *Call) SetOperation(name string, labels ...string) {
	c.at.Store(c.family.find(nameOf(name), labels, c.kind))
}

// Answered says that the answer has begun. From then on the call is not judged
// in flight. Only the first call has an effect.
func (c *Call) Answered() {
	c.answered.CompareAndSwap(0, max(1, int64(c.in.now()-c.start)))
}

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
	now, o := c.in.now(), c.at.Load()
	rec := Record{Kind: c.kind, Event: c.event(&result, o, now), ErrorType: result.errorType(), Status: result.Status}
	s := c.family.seriesOf(o, statusOf(&result), rec.ErrorType)
	defer func() { c.in.show(c.ctx, c.signals, &s.handler, &rec, o.name, nil) }()
	defer c.in.calls.Leave(&c.node)
	if c.signals != nil {
		c.signals.describe(&rec, now-c.start)
	}
	c.in.observe(c.family.histograms, s, c.node.Shard(), &rec)
	rec.Bad = o.events.Finish(&c.pending, rec.Event, c.waited(now))
}

func (c *Call) event(r *Result, o *operation, now time.Duration) sli.Event {
	return sli.Event{
		Operation:  o.name,
		Status:     r.Status,
		Code:       r.Code,
		Duration:   now - c.start,
		Canceled:   r.Canceled,
		Unanswered: r.TimedOut && c.answered.Load() == 0,
		Err:        r.Err,
		Ignore:     r.Ignore,
		Group:      c.group,
		Allowed:    c.allowed,
	}
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

// Judge judges a call that has not ended, by its context.
func (c callInFlight) Judge() bool {
	if c.answered.Load() != 0 {
		return true
	}
	now, o := c.in.now(), c.at.Load()
	event := sli.Event{Duration: now - c.start, Group: c.group, Allowed: c.allowed}
	switch err := c.ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		event.Err = err
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
	return Result{Err: &PanicError{value}, ErrorType: errorTypes[panicked]}
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
