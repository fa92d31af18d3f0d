package redact

import (
	"context"
	"encoding/json"
	"log/slog"
)

// NewHandler returns a handler that passes records to next with every attribute,
// group name and message redacted. It is for handlers of other packages
// (consoles, error trackers, OpenTelemetry). What next receives holds no value
// of the caller's: strings, numbers and times, and for everything else the redacted
// content as JSON text, so that next may keep it.
func (r *Redactor) NewHandler(next slog.Handler) slog.Handler {
	return &handler{next: next, r: r}
}

type handler struct {
	next   slog.Handler
	r      *Redactor
	hidden bool // in a group with a secret's name
}

// Enabled asks the next handler.
func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle passes on a redacted copy of the record.
func (h *handler) Handle(ctx context.Context, rec slog.Record) error {
	out := slog.NewRecord(rec.Time, rec.Level, h.r.Text(rec.Message), rec.PC)
	rec.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(h.r.attr(a, h.hidden, 0))
		return true
	})
	return h.next.Handle(ctx, out)
}

// WithAttrs binds redacted copies of the attributes.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	c := *h
	c.next = h.next.WithAttrs(h.r.attrs(attrs, h.hidden, 0))
	return &c
}

// WithGroup opens a group under its redacted name.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	c := *h
	c.hidden = h.hidden || hidesGroup(h.r.name(name).verdict, nil)
	c.next = h.next.WithGroup(h.r.shownName(name))
	return &c
}

// Attr returns a redacted copy of an attribute.
func (r *Redactor) Attr(a slog.Attr) slog.Attr { return r.attr(a, false, 0) }

func (r *Redactor) attrs(attrs []slog.Attr, hidden bool, depth int) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = r.attr(a, hidden, depth)
	}
	return out
}

func (r *Redactor) attr(a slog.Attr, hidden bool, depth int) slog.Attr {
	if a.Equal(slog.Attr{}) {
		return a
	}
	j := r.name(a.Key)
	if hidden {
		j.verdict = secret
	}
	key := a.Key
	if !j.clean {
		key = r.shownName(key)
	}
	v := a.Value.Resolve()
	if members, ok := groupOf(v); ok {
		if depth >= maxDepth {
			return slog.String(key, cutNote)
		}
		return slog.Attr{Key: key, Value: slog.GroupValue(r.attrs(members, hidden || hidesGroup(j.verdict, members), depth+1)...)}
	}
	if j.verdict != plain && concealed(j.verdict, v) {
		return slog.String(key, Replacement)
	}
	return slog.Attr{Key: key, Value: r.plainValue(v)}
}

func groupOf(v slog.Value) ([]slog.Attr, bool) {
	switch v.Kind() {
	case slog.KindGroup:
		return v.Group(), true
	case slog.KindAny:
		attrs, ok := v.Any().([]slog.Attr)
		return attrs, ok
	}
	return nil, false
}

// plainValue returns a redacted value that shares nothing with the original.
func (r *Redactor) plainValue(v slog.Value) slog.Value {
	switch v.Kind() {
	case slog.KindString:
		return slog.StringValue(r.Text(v.String()))
	case slog.KindBool, slog.KindTime, slog.KindDuration:
		return v
	}
	e := r.NewEncoder()
	e.value(v, 0)
	if e.hits == 0 && v.Kind() != slog.KindAny {
		return v
	}
	if e.buf[0] == '"' {
		var text string
		if err := json.Unmarshal(e.buf, &text); err == nil {
			return slog.StringValue(text)
		}
	}
	return slog.AnyValue(document(e.buf))
}

// A document is redacted JSON. JSON encoders take it as it is, everything else
// as a text.
type document string

// MarshalJSON returns the document.
func (d document) MarshalJSON() ([]byte, error) { return []byte(d), nil }
