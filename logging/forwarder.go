package logging

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/redact"
)

// A forwarder passes lines to a handler of another package, as redacted records
// with the application and the identity as attributes outside any open group.
type forwarder struct {
	base    slog.Handler // redacts, with the application bound
	next    slog.Handler // base after the steps
	steps   []step       // of With and WithGroup
	grouped bool         // a group is open
	origin  *forwarder   // of which this one is derived
}

// A step derives a handler by WithAttrs or WithGroup.
type step func(slog.Handler) slog.Handler

func newForwarder(next slog.Handler, r *redact.Redactor, application string) *forwarder {
	base := r.NewHandler(next).WithAttrs([]slog.Attr{slog.String("application", application)})
	f := &forwarder{base: base, next: base}
	f.origin = f
	return f
}

// derive returns a forwarder with one more step. A nil forwarder stays nil.
func (f *forwarder) derive(s step, group bool) *forwarder {
	if f == nil {
		return nil
	}
	c := *f
	c.steps = append(f.steps[:len(f.steps):len(f.steps)], s)
	c.grouped = f.grouped || group
	c.next = s(f.next)
	return &c
}

// A forwarding is the key in the context of a record that a forwarder passes
// on.
type forwarding struct{ origin *forwarder }

var errFeedsItself = errors.New("logging: next handler logs to the handler that feeds it, record dropped")

// handle passes a record on with the identity of its line. If the next handler
// panics, or if the record comes from the next handler, it returns an error.
func (f *forwarder) handle(ctx context.Context, id *identity, r *slog.Record) error {
	key := forwarding{f.origin}
	if ctx == nil {
		ctx = context.Background()
	}
	if ctx.Value(key) != nil {
		return errFeedsItself
	}
	ctx = context.WithValue(ctx, key, true)
	var err error
	if p := guard.Call(func() { err = f.forward(ctx, id, r) }); p != nil {
		return fmt.Errorf("logging: next handler: %w", p)
	}
	return err
}

func (f *forwarder) forward(ctx context.Context, id *identity, r *slog.Record) error {
	if !f.next.Enabled(ctx, r.Level) {
		return nil
	}
	own, next := r.Clone(), f.next
	switch attrs := id.asAttrs(); {
	case len(attrs) == 0:
	case f.grouped:
		next = f.withIdentity(attrs)
	default:
		own.AddAttrs(attrs...)
	}
	return next.Handle(ctx, own)
}

// withIdentity derives the next handler anew, with the identity bound before
// any group is open.
func (f *forwarder) withIdentity(attrs []slog.Attr) slog.Handler {
	next := f.base.WithAttrs(attrs)
	for _, s := range f.steps {
		next = s(next)
	}
	return next
}
