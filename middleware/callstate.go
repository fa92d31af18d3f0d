package middleware

import (
	"context"
	"time"
)

// CallState is the memory of one call, for a protocol that has a state of its
// own for each call. The zero CallState is ready for one [Instrument.BeginIn].
// It must not be copied.
type CallState struct{ call Call }

// Reset makes the state of a call that has ended ready for another one, and
// reports whether it could. If it reports false, the state must not be used
// again. When Reset is called, no goroutine may use the Call or call a method
// of it afterwards.
func (s *CallState) Reset() bool {
	c := &s.call
	if c.in != nil && !c.ended.Load() || c.node.Walked() {
		return false
	}
	node := c.node
	*c = Call{}
	c.node = node
	return true
}

// CallContext is the context of one call in a [CallState]. A program may keep
// it when the call has ended: unlike the CallState, it never serves another
// call. Call Init before any other use.
type CallContext struct {
	own     callContext
	started context.Context // with the recorded span, or nil
}

// Init sets the parent. Until the call begins, the context returns the parent's
// values.
func (c *CallContext) Init(parent context.Context) { c.own.Context.Context = parent }

// Deadline returns the deadline of the parent.
func (c *CallContext) Deadline() (time.Time, bool) { return c.own.Deadline() }

// Done returns the channel of the parent.
func (c *CallContext) Done() <-chan struct{} { return c.own.Done() }

// Err returns the error of the parent.
func (c *CallContext) Err() error { return c.own.Err() }

// Value returns the span, the request ID or the user of the call, or a value of
// the parent.
func (c *CallContext) Value(key any) any {
	if c.started != nil {
		return c.started.Value(key)
	}
	return c.own.Value(key)
}

// BeginIn is Begin for a call in a given memory and a given context, in which
// Init has set the parent. The work of the call may use the CallContext or
// [Call.Context].
func (in *Instrument) BeginIn(ctx *CallContext, s *CallState, info CallInfo) *Call {
	c := &s.call
	if in.observes() {
		c.observe(&ctx.own)
	}
	in.beginCall(ctx.own.Context.Context, c, &info)
	if c.signals != nil && c.ctx != context.Context(&ctx.own) {
		ctx.started = c.ctx
	}
	return c
}

// observedCall is one allocation for a call with signals and its context.
type observedCall struct {
	Call
	lasting callContext
}

// observe gives a call signals with a context.
func (c *Call) observe(ctx *callContext) {
	c.own.callContext = ctx
	c.signals = &c.own
}

func (in *Instrument) beginCall(ctx context.Context, c *Call, info *CallInfo) *Call {
	if ctx == nil { // a scrape asks it while the call is in flight
		ctx = context.Background()
	}
	c.in, c.kind, c.family, c.ctx = in, callKindOf(info.Kind), info.Family, ctx
	c.omit, c.stream, c.allowed, c.caller = info.Omit, info.Stream, info.Allowed, info.Caller
	if info.Group != "" {
		c.SetGroup(info.Group)
	}
	if c.family == nil {
		c.family = in.work
	}
	o := c.family.find(nameOf(info.Operation), info.Labels, c.kind)
	c.at.Store(o)
	if c.stream {
		o.addStream(1)
		c.streamOf.Store(o)
	}
	if c.signals != nil {
		c.start = c.signals.begin(in, info.Began)
		c.beginSignals(info)
	} else {
		c.start = in.at(info.Began)
	}
	in.calls.Enter(&c.node, callInFlight{c}, callsOf(c.kind))
	return c
}
