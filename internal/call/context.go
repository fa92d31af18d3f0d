package call

import (
	"context"
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/scope"
)

// Context is the context of a call, with its request ID and its user. It is a
// part of the call's state, so that a call allocates once. The zero Context is
// not valid; call Init. Before Init, a Context with a parent returns the
// parent's values.
type Context struct {
	context.Context // of the caller

	scope scope.Scope
	user  atomic.Pointer[string]
}

// Init sets the parent, its scope, and the request ID. If the parent has a
// request with the same ID, the two share their user.
func (c *Context) Init(parent context.Context, outer *scope.Scope, requestID string) {
	c.Context = parent
	c.scope.User = &c.user
	if outer != nil {
		c.scope.Attrs = outer.Attrs
		if outer.User != nil && outer.RequestID == requestID {
			c.scope.User = outer.User
		}
	}
	c.scope.RequestID = requestID
}

// Value returns the call's scope, or a value of the parent.
func (c *Context) Value(key any) any {
	if _, ok := key.(scope.Key); ok && c.scope.User != nil {
		return &c.scope
	}
	return c.Context.Value(key)
}

// In reports whether a context is c or made from it.
func (c *Context) In(ctx context.Context) bool { return scope.Of(ctx) == &c.scope }

// RequestID returns the request ID.
func (c *Context) RequestID() string { return c.scope.RequestID }

// UserID returns the user that was set meanwhile, or "".
func (c *Context) UserID() string { return c.scope.UserID() }
