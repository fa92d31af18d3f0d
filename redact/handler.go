package redact

import (
	"context"
	"log/slog"

	"github.com/sligo-go/sligo/internal/redaction/encode"
)

// NewHandler returns a handler that passes records to next with all attributes,
// group names and messages redacted. It is for handlers of other packages
// (consoles, error trackers, OpenTelemetry). Next receives strings, numbers and
// times, and all other values as redacted JSON. None of these share memory with
// the caller's values, so next may keep them.
func (r *Redactor) NewHandler(next slog.Handler) slog.Handler {
	return &handler{next: next, text: r.Text, encoding: r.encoding}
}

type handler struct {
	next     slog.Handler
	text     func(string) string
	encoding *encode.Encoding
	hidden   bool // in a group with the name of a secret
}

// Enabled reports whether the next handler is enabled.
func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle passes on a redacted copy of the record.
func (h *handler) Handle(ctx context.Context, rec slog.Record) error {
	out := slog.NewRecord(rec.Time, rec.Level, h.text(rec.Message), rec.PC)
	attrs := make([]slog.Attr, 0, rec.NumAttrs())
	rec.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	out.AddAttrs(h.encoding.Attrs(attrs, h.hidden)...)
	return h.next.Handle(ctx, out)
}

// WithAttrs binds redacted copies of the attributes.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	c := *h
	c.next = h.next.WithAttrs(h.encoding.Attrs(attrs, h.hidden))
	return &c
}

// WithGroup opens a group under its redacted name.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	c := *h
	shown, hidden := h.encoding.Group(name)
	c.hidden = h.hidden || hidden
	c.next = h.next.WithGroup(shown)
	return &c
}
