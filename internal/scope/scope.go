package scope

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// A Scope is the logging state in a context. Once it is in a context, only the
// user changes.
type Scope struct {
	// RequestID is empty if it is unknown.
	RequestID string
	// Attrs are on each line. Nil means none. It is a pointer, because each call
	// has a scope and few have attributes.
	Attrs *[]slog.Attr

	// User is shared by all contexts of one request. It is nil without a request.
	User *atomic.Pointer[string]
}

// Key is the key of a *Scope in a context. A context that contains its scope
// returns it for this key.
type Key struct{}

// Of returns the scope of ctx, or nil.
func Of(ctx context.Context) *Scope {
	if ctx == nil {
		return nil
	}
	s, _ := ctx.Value(Key{}).(*Scope)
	return s
}

// List returns the attributes.
func (s *Scope) List() []slog.Attr {
	if s.Attrs == nil {
		return nil
	}
	return *s.Attrs
}

// UserID returns the current user, or "" if it is unknown. The scope may be
// nil.
func (s *Scope) UserID() string {
	if s == nil || s.User == nil {
		return ""
	}
	if id := s.User.Load(); id != nil {
		return *id
	}
	return ""
}

// An Identifier is an [slog.Handler] that writes the identity of a record's
// context on its line, so that a caller need not add it as attributes.
type Identifier interface {
	// Identifies reports whether the handler writes the request ID and the user,
	// and whether it writes the trace.
	Identifies() (request, trace bool)
}
