package logging

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// A scope is the logging state in a context. Once it is in a context, only the
// user changes.
type scope struct {
	requestID string
	attrs     []slog.Attr

	// All contexts of one request share the user. It is nil without a request.
	user *atomic.Pointer[string]
}

type scopeKey struct{}

func scopeOf(ctx context.Context) *scope {
	if ctx == nil {
		return nil
	}
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// WithRequest returns a context for one request or job. Every line logged with
// it, or with a context derived from it, carries the ID as request_id and the
// user that [SetUser] sets. An empty ID does not appear on the lines.
//
// If ctx already belongs to a request with the same ID, the new context shares
// its user. So two middlewares may both call WithRequest.
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

// SetUser sets the user of the request that ctx belongs to. From then on the
// user is on every line of the request. That includes lines logged with an
// outer context, such as the access line of a middleware around the
// authentication. If ctx does not belong to a request, SetUser does nothing
// and returns false.
func SetUser(ctx context.Context, userID string) bool {
	s := scopeOf(ctx)
	if s == nil || s.user == nil {
		return false
	}
	s.user.Store(&userID)
	return true
}

// With returns a context whose lines carry the attributes at the top of
// additional_info, even if the logger has a group open. An attribute of the
// logger or of the call with the same name replaces them.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	s := &scope{}
	if outer := scopeOf(ctx); outer != nil {
		*s = *outer
	}
	s.attrs = append(s.attrs[:len(s.attrs):len(s.attrs)], attrs...)
	return context.WithValue(ctx, scopeKey{}, s)
}

// RequestID returns the request ID in ctx, or "" if ctx has no request ID.
func RequestID(ctx context.Context) string {
	if s := scopeOf(ctx); s != nil {
		return s.requestID
	}
	return ""
}

// UserID returns the user of the request that ctx belongs to, or "" if ctx
// has no user.
func UserID(ctx context.Context) string {
	if s := scopeOf(ctx); s != nil {
		return s.userID()
	}
	return ""
}

func (s *scope) userID() string {
	if s.user == nil {
		return ""
	}
	if id := s.user.Load(); id != nil {
		return *id
	}
	return ""
}
