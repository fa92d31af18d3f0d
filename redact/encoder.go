package redact

import (
	"log/slog"

	"github.com/sligo-go/sligo/internal/redaction/encode"
)

// An Encoder writes attributes as the members of a JSON object, redacted. A
// member replaces an earlier one with the same name in the same object, but a
// group joins an earlier object when [Encoder.Close] is called. Use
// [Redactor.NewEncoder]. An Encoder is not safe for concurrent use.
// [Encoder.Reset] makes it ready for reuse and keeps its buffers.
type Encoder struct{ e encode.Encoder }

// Attr writes an attribute. It skips an empty attribute and a group without
// members. For a group without a name it writes the members in its place.
func (e *Encoder) Attr(a slog.Attr) { e.e.Attr(a, 0) }

// Record writes the attributes of a record into groups, which stay open. Groups
// without a member are not written.
func (e *Encoder) Record(groups []string, r *slog.Record) { e.e.Record(groups, r) }

// Attrs writes attributes as [Encoder.Record] does, and reports whether it
// wrote any.
func (e *Encoder) Attrs(groups []string, attrs []slog.Attr) (wrote bool) {
	return e.e.Attrs(groups, attrs)
}

// Open opens a group, to which the following members belong. In a group with
// the name of a secret every value is replaced.
func (e *Encoder) Open(name string) { e.e.Open(name) }

// Close closes all open groups. Groups of the same name in one object become
// one group.
func (e *Encoder) Close() { e.e.Close() }

// Bytes returns the members, without the braces of the outermost object.
// They are valid until the next call of a method.
func (e *Encoder) Bytes() []byte { return e.e.Bytes() }

// Len returns the number of bytes written.
func (e *Encoder) Len() int { return e.e.Len() }

// Has reports whether the outermost object has a member of this name.
func (e *Encoder) Has(key string) bool { return e.e.Has(key) }

// Reset replaces the members of e with those that from wrote, or by none if
// from is nil. It does not change from. It drops buffers that one long line
// has made large.
func (e *Encoder) Reset(from *Encoder) {
	e.e.Reset()
	if from != nil {
		e.e.Append(&from.e)
	}
}

// Append appends the members that from wrote. If e has written any, it must not
// have an open group.
func (e *Encoder) Append(from *Encoder) { e.e.Append(&from.e) }
