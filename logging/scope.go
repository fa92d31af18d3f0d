package logging

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/scope"
)

// WithRequest returns a context for one request or job. Every line logged with
// it, or with a context derived from it, carries the ID as request_id and the
// user that [SetUser] sets. An empty ID does not appear on the lines.
//
// If ctx already belongs to a request with the same ID, the new context shares
// its user. So two middlewares may both call WithRequest.
func WithRequest(ctx context.Context, requestID string) context.Context {
	s := &scope.Scope{RequestID: requestID, User: new(atomic.Pointer[string])}
	if outer := scope.Of(ctx); outer != nil {
		s.Attrs = outer.Attrs
		if outer.RequestID == requestID {
			s.User = outer.User
		}
	}
	return context.WithValue(ctx, scope.Key{}, s)
}

// SetUser sets the user of the request that ctx belongs to. From then on the
// user is on every line of the request. That includes lines logged with an
// outer context, such as the access line of a middleware around the
// authentication. If ctx does not belong to a request, SetUser does nothing
// and returns false.
func SetUser(ctx context.Context, userID string) bool {
	s := scope.Of(ctx)
	if s == nil || s.User == nil {
		return false
	}
	s.User.Store(&userID)
	return true
}

// With returns a context whose lines carry the attributes at the top of
// additional_info, even if the logger has a group open. An attribute of the
// logger or of the call with the same name replaces them.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	s := new(describedScope)
	if outer := scope.Of(ctx); outer != nil {
		s.Scope = *outer
	}
	s.attrs = append(slices.Clip(s.List()), attrs...)
	s.Attrs = &s.attrs
	return context.WithValue(ctx, scope.Key{}, &s.Scope)
}

// describedScope is one allocation for a scope and its attributes.
type describedScope struct {
	scope.Scope
	attrs []slog.Attr
}

// RequestID returns the request ID in ctx, or "" if ctx has no request ID.
func RequestID(ctx context.Context) string {
	if s := scope.Of(ctx); s != nil {
		return s.RequestID
	}
	return ""
}

// UserID returns the user of the request that ctx belongs to, or "" if ctx
// has no user.
func UserID(ctx context.Context) string { return scope.Of(ctx).UserID() }
