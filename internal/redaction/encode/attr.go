package encode

import (
	"log/slog"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// Redacted copies of attributes, for handlers that write them themselves.

// Attr returns a redacted copy of an attribute, which shares no memory with the
// original. In a hidden group every value is secret.
func (c *Encoding) Attr(a slog.Attr, hidden bool) slog.Attr { return c.attr(a, hidden, 0) }

// Attrs returns redacted copies of the attributes of one object.
func (c *Encoding) Attrs(attrs []slog.Attr, hidden bool) []slog.Attr {
	return c.attrs(attrs, hidden, 0)
}

// Group returns the name of a group as it is shown, and whether its members are
// secret.
func (c *Encoding) Group(key string) (shown string, hidden bool) {
	return c.shownName(key), c.key(key).verdict.Hides(name.ShapeCompound)
}

func (c *Encoding) attr(a slog.Attr, hidden bool, depth int) slog.Attr {
	if isZeroAttr(&a) {
		return a
	}
	k := c.key(a.Key)
	if !k.clean {
		a.Key = c.shownName(a.Key)
	}
	if hidden {
		k.verdict = name.VerdictSecret
	}
	v := a.Value.Resolve()
	switch members, isGroup := groupOf(v); {
	case isGroup && depth >= maxDepth:
		a.Value = slog.StringValue(text.Cut)
	case isGroup:
		hidden = hidden || hidesGroup(k.verdict, members)
		a.Value = slog.GroupValue(c.attrs(members, hidden, depth+1)...)
	case hides(k.verdict, v):
		a.Value = slog.StringValue(text.Replacement)
	default:
		a.Value = c.copied(v)
	}
	return a
}

func (c *Encoding) attrs(attrs []slog.Attr, hidden bool, depth int) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = c.attr(a, hidden, depth)
	}
	c.relateAttrs(out)
	return out
}

// groupOf returns the members of a group, which may also be a value of type
// []slog.Attr.
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

// copied returns a redacted copy of a value: a basic value, or JSON.
func (c *Encoding) copied(v slog.Value) slog.Value {
	switch v.Kind() {
	case slog.KindString:
		return slog.StringValue(c.finder.Redact(v.String()))
	case slog.KindBool, slog.KindTime, slog.KindDuration:
		return v
	}
	e := c.NewEncoder()
	e.value(v, 0)
	if e.hits == 0 && v.Kind() != slog.KindAny {
		return v
	}
	if e.buf[0] == '"' {
		return slog.StringValue(unquote(string(e.buf)))
	}
	return slog.AnyValue(document(e.buf))
}

// A document is redacted JSON. JSON encoders write it as it is, all others as a
// text.
type document string

// MarshalJSON returns the document.
func (d document) MarshalJSON() ([]byte, error) { return []byte(d), nil }

// isZeroAttr reports whether an attribute is the zero Attr, which handlers
// ignore.
func isZeroAttr(a *slog.Attr) bool {
	return a.Key == "" && a.Value.Kind() == slog.KindAny && a.Value.Any() == nil
}
