package encode

import (
	"log/slog"
	"slices"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// An Encoder writes attributes as the members of a JSON object, redacted. A
// member replaces an earlier one with the same name in the same object, but a
// group joins an earlier object when Close is called. An Encoder is not safe
// for concurrent use. Reset makes it ready for reuse and keeps its buffers.
type Encoder struct {
	writer

	members []member
	base    int // first member of the current object
	root    int // number of members of the outermost object, if another is open
	hidden  int // number of open groups that are secret, or in a secret one
	opened  int // number of open groups
	inValue int // number of values that attributes are written for
	repeats int // number of names that occur twice in an object, until Close

	outermost string // name of the outermost open group

	nodes int       // values visited for the current attribute
	seen  []uintptr // pointers and maps that are being written
}

// A member is the place of one member of an open object in the buffer.
type member struct {
	key        string
	start, end int
}

// Reset starts again with nothing written. It drops buffers that one long line
// has made large.
func (e *Encoder) Reset() {
	const maxKept = 16 << 10
	if cap(e.buf) > maxKept {
		e.buf = nil
	}
	e.buf, e.members, e.seen = e.buf[:0], e.members[:0], e.seen[:0]
	e.inValue = 0
	e.hits, e.base, e.root, e.hidden, e.opened, e.repeats, e.nodes = 0, 0, 0, 0, 0, 0, 0
}

// Append appends the members that from wrote. If e has written any, it must not
// have an open group.
func (e *Encoder) Append(from *Encoder) {
	if len(from.buf) == 0 {
		return
	}
	if len(e.members) > 0 || from.repeats > 0 {
		e.countRepeats(from)
	}
	e.comma()
	shift, first := len(e.buf), len(e.members)
	e.buf = append(e.buf, from.buf...)
	e.members = append(e.members, from.members...)
	if shift > 0 {
		for i := range e.members[first:] {
			e.members[first+i].start += shift
			e.members[first+i].end += shift
		}
	}
	if from.opened > 0 {
		e.base = first + from.base
		e.root = first + from.root
	}
	e.opened, e.hidden, e.outermost = from.opened, from.hidden, from.outermost
}

// countRepeats counts the names of from's outermost object that e has, too.
func (e *Encoder) countRepeats(from *Encoder) {
	e.repeats += from.repeats
	for i := range e.members {
		key := e.members[i].key
		if from.Has(key) || from.opened > 0 && from.outermost == key {
			e.repeats++
		}
	}
}

// Bytes returns the members, without the braces of the outermost object.
// They are valid until the next call of a method.
func (e *Encoder) Bytes() []byte { return e.buf }

// Len returns the number of bytes written.
func (e *Encoder) Len() int { return len(e.buf) }

// Has reports whether the outermost object has a member of this name.
func (e *Encoder) Has(key string) bool {
	root := e.members
	if e.opened > 0 {
		root = root[:e.root]
	}
	return slices.ContainsFunc(root, func(m member) bool { return m.key == key })
}

// Open opens a group, to which the following members belong. In a group with
// the name of a secret every value is replaced.
func (e *Encoder) Open(group string) {
	if e.find(group) >= 0 {
		e.repeats++
	}
	e.comma()
	k := e.key(group)
	e.buf = append(e.buf, '{')
	if e.opened == 0 {
		e.root = len(e.members)
		e.outermost = group
	}
	e.base = len(e.members)
	e.opened++
	if e.hidden > 0 || k.verdict.Hides(name.ShapeCompound) {
		e.hidden++
	}
}

// Close closes all open groups. Groups of the same name in one object become
// one group.
func (e *Encoder) Close() {
	e.relate()
	if e.opened > 0 {
		for range e.opened {
			e.buf = append(e.buf, '}')
		}
		e.opened, e.hidden, e.base = 0, 0, 0
		e.members = e.members[:e.root]
		e.relate()
	}
	if e.repeats > 0 {
		e.merge()
		e.relate()
	}
}

// Record writes the attributes of a record into groups, which stay open. Groups
// without a member are not written.
func (e *Encoder) Record(groups []string, r *slog.Record) {
	m := e.within(groups)
	r.Attrs(func(a slog.Attr) bool {
		e.Attr(a, 0)
		return true
	})
	e.relate()
	e.unlessEmpty(m, len(groups))
}

// Attrs writes attributes as Record does, and reports whether it wrote any.
func (e *Encoder) Attrs(groups []string, attrs []slog.Attr) (wrote bool) {
	m := e.within(groups)
	for _, a := range attrs {
		e.Attr(a, 0)
	}
	e.relate()
	return e.unlessEmpty(m, len(groups))
}

func (e *Encoder) within(groups []string) mark {
	m := e.mark()
	for _, g := range groups {
		e.Open(g)
	}
	return m
}

// unlessEmpty goes back to m if the groups opened since have no member.
func (e *Encoder) unlessEmpty(m mark, groups int) (wrote bool) {
	if groups > 0 && e.buf[len(e.buf)-1] == '{' {
		e.rewind(m)
		return false
	}
	return len(e.buf) > m.buf
}
