package middleware

import "context"

// CallState is the memory of one call, for a protocol that has a state of its
// own for each call: with a CallState in it, the call is one allocation. The
// zero CallState is ready for one [Instrument.BeginIn]. It must not be copied.
type CallState struct {
	call Call
	own  signals
}

// BeginIn is Begin for a call in a given memory.
func (in *Instrument) BeginIn(ctx context.Context, s *CallState, info CallInfo) *Call {
	if in.observes() {
		s.call.signals = &s.own
	}
	return in.beginCall(ctx, &s.call, &info)
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
