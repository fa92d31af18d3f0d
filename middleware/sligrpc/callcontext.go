package sligrpc

import (
	"context"
	"math"
	"sync/atomic"

	"github.com/sligo-go/sligo/middleware"
)

// callContext is the context of a call that a server serves. The program may
// keep it, and an interceptor around may leave the handler behind in a
// goroutine. They use the call's state only between use and done, because the
// state of a unary call that has ended serves another one if nobody uses it.
//
// The stats handler calls neither. gRPC calls it in the goroutine of the call.
type callContext struct {
	middleware.CallContext
	call *serverCall
	uses atomic.Int32 // the uses in progress, negative if the call has ended
}

// retired makes the number of uses negative.
const retired = math.MinInt32

// use returns the call, which the caller may use until it calls done. If the
// call has ended, it returns nil, and the caller must not call done.
func (c *callContext) use() *serverCall {
	if c.uses.Load() < 0 || c.uses.Add(1) < 0 {
		return nil
	}
	return c.call
}

func (c *callContext) done() { c.uses.Add(-1) }

// retire ends the use of the call, and reports whether nobody is using it. It
// must be called once.
func (c *callContext) retire() bool { return c.uses.Add(retired) == retired }

// Value returns the context, or a value of the call.
func (c *callContext) Value(key any) any {
	switch key := key.(type) {
	case groupKey:
		return c
	case callKey:
		if key.server == c.call.server { // is the same for all calls of a state
			return c
		}
	}
	return c.CallContext.Value(key)
}

// groupKey is the key of the innermost call in its context.
type groupKey struct{}

// SetGroup sets the group of the call that a handler's context belongs to, for
// indicators with groups. It must come from the program, because the group
// becomes a label. The last call wins, also over [Options.Group]. SetGroup
// reports whether it found the call, which has not ended.
func SetGroup(ctx context.Context, group string) bool {
	in, _ := ctx.Value(groupKey{}).(*callContext)
	if in == nil {
		return false
	}
	c := in.use()
	if c == nil {
		return false
	}
	defer in.done()
	if c.call == nil {
		return false
	}
	c.call.SetGroup(group)
	return true
}

// callKey is the key of a server's call in its context.
type callKey struct{ *server }

// contextOf returns the context of the server's call that a context belongs to,
// or nil.
func (s *server) contextOf(ctx context.Context) *callContext {
	if c, ok := ctx.(*callContext); ok && c.call.server == s {
		return c
	}
	return s.contextIn(ctx)
}

// contextIn is contextOf for a context that another handler may have made from
// the call's. It is a function of its own so that contextOf is inlined.
func (s *server) contextIn(ctx context.Context) *callContext {
	c, _ := ctx.Value(callKey{s}).(*callContext)
	return c
}

// newCall returns the state of a call that a context begins.
func (s *server) newCall(parent context.Context, fullMethod string, conn *connection, m *method) *serverCall {
	c, ok := s.calls.Get().(*serverCall)
	if !ok {
		c = &serverCall{server: s}
	}
	c.ctx = &callContext{call: c}
	c.ctx.Init(parent)
	c.name, c.conn = fullMethod, conn
	c.method.Store(m)
	return c
}

// release gives the state of a call that has ended to another one, unless
// somebody may still use it. A handler may leave its stream behind.
func (c *serverCall) release() {
	if c.ctx.retire() && !c.stream && c.state.Reset() {
		c.callFacts = callFacts{}
		c.server.calls.Put(c)
	}
}
