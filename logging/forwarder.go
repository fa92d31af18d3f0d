package logging

import (
	"context"
	"encoding/hex"
	"log/slog"

	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/redact"
)

// A forwarder feeds a handler of another package: with redacted records that have
// the application and the identity as attributes, outside any open group.
type forwarder struct {
	base    slog.Handler // redacting, with the application bound
	next    slog.Handler // base with what With and WithGroup added
	derived []func(slog.Handler) slog.Handler
	grouped bool
}

func newForwarder(next slog.Handler, r *redact.Redactor, application string) *forwarder {
	base := r.NewHandler(next).WithAttrs([]slog.Attr{slog.String("application", application)})
	return &forwarder{base: base, next: base}
}

func (f *forwarder) derive(step func(slog.Handler) slog.Handler, group bool) *forwarder {
	if f == nil {
		return nil
	}
	c := *f
	c.derived = append(f.derived[:len(f.derived):len(f.derived)], step)
	c.grouped = f.grouped || group
	c.next = step(f.next)
	return &c
}

// handle passes a record on. With a group open the identity must come before it,
// so the handler is derived anew from the base.
func (f *forwarder) handle(ctx context.Context, h *Handler, r slog.Record) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errPanicked
		}
	}()
	if !f.next.Enabled(ctx, r.Level) {
		return nil
	}
	identity := h.identity(ctx)
	if len(identity) == 0 {
		return f.next.Handle(ctx, r.Clone())
	}
	if !f.grouped {
		r = r.Clone()
		r.AddAttrs(identity...)
		return f.next.Handle(ctx, r)
	}
	next := f.base.WithAttrs(identity)
	for _, step := range f.derived {
		next = step(next)
	}
	return next.Handle(ctx, r.Clone())
}

// identity returns what the context knows, as attributes.
func (h *Handler) identity(ctx context.Context) []slog.Attr {
	var attrs []slog.Attr
	if s := scopeOf(ctx); s != nil {
		if s.requestID != "" {
			attrs = append(attrs, field.RequestID(s.requestID))
		}
		if id := s.userID(); id != "" {
			attrs = append(attrs, field.UserID(id))
		}
		attrs = append(attrs, s.attrs...)
	}
	if h.trace != nil && ctx != nil {
		if trace, span, ok := h.trace(ctx); ok {
			attrs = append(attrs, field.TraceID(hex.EncodeToString(trace[:])), field.SpanID(hex.EncodeToString(span[:])))
		}
	}
	return attrs
}
