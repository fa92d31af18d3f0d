package logging

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// A scope is what the context knows of the work at hand. It is not changed once
// it is in a context, but for the user.
type scope struct {
	requestID string
	user      *atomic.Pointer[string] // shared by all contexts of one request
	attrs     []slog.Attr
}

type scopeKey struct{}

func scopeOf(ctx context.Context) *scope {
	if ctx == nil {
		return nil
	}
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// WithRequest returns a context for one request (or job), which every line logged
// with it carries as request_id. The user set with [SetUser] in this context, or
// in one derived from it, is seen in both. The empty ID is no ID.
//
// A context that is already of the same request stays of it: two middlewares
// that both call WithRequest see the same user.
func WithRequest(ctx context.Context, requestID string) context.Context {
	s := &scope{requestID: requestID, user: new(atomic.Pointer[string])}
	if outer := scopeOf(ctx); outer != nil {
		s.attrs = outer.attrs
		if outer.requestID == requestID {
			s.user = outer.user
		}
	}
	return context.WithValue(ctx, scopeKey{}, s)
}

// SetUser sets the user of the request that ctx is of: from now on it is on every
// line of the request, also on those logged with an outer context, such as the
// access line of a middleware around the authentication. It reports false, and
// does nothing, when ctx is of no request.
func SetUser(ctx context.Context, userID string) bool {
	s := scopeOf(ctx)
	if s == nil || s.user == nil {
		return false
	}
	s.user.Store(&userID)
	return true
}

// With returns a context whose lines carry the attributes in additional_info, at
// its top even where the logger has a group open. An attribute of the logger or
// of the call with the same name wins.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	s := &scope{}
	if outer := scopeOf(ctx); outer != nil {
		*s = *outer
	}
	s.attrs = append(s.attrs[:len(s.attrs):len(s.attrs)], attrs...)
	return context.WithValue(ctx, scopeKey{}, s)
}

// RequestID returns the request ID in ctx, or "".
func RequestID(ctx context.Context) string {
	if s := scopeOf(ctx); s != nil {
		return s.requestID
	}
	return ""
}

// UserID returns the user set for the request that ctx is of, or "".
func UserID(ctx context.Context) string {
	if s := scopeOf(ctx); s != nil {
		return s.userID()
	}
	return ""
}

func (s *scope) userID() string {
	if s.user != nil {
		if id := s.user.Load(); id != nil {
			return *id
		}
	}
	return ""
}
