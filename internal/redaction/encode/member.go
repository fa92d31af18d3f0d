package encode

import (
	"log/slog"
	"slices"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// A mark is a state of an encoder to go back to.
type mark struct{ buf, members, base, root, opened, hidden, seen, inValue, repeats int }

func (e *Encoder) mark() mark {
	return mark{len(e.buf), len(e.members), e.base, e.root, e.opened, e.hidden, len(e.seen), e.inValue, e.repeats}
}

func (e *Encoder) rewind(m mark) {
	e.buf, e.members, e.seen = e.buf[:m.buf], e.members[:m.members], e.seen[:m.seen]
	e.base, e.root, e.opened, e.hidden = m.base, m.root, m.opened, m.hidden
	e.inValue, e.repeats = m.inValue, m.repeats
}

// Attr writes an attribute as a member of the current object. It skips an
// empty attribute and a group without members. For a group without a name it
// writes the members in its place. Depth is the number of groups that the
// attribute was found in; at 0 the limits start anew.
func (e *Encoder) Attr(a slog.Attr, depth int) {
	if depth == 0 {
		e.nodes, e.seen = 0, e.seen[:0]
	}
	kind := a.Value.Kind()
	if kind == slog.KindLogValuer {
		a.Value = a.Value.Resolve()
		kind = a.Value.Kind()
	}
	if kind == slog.KindGroup || kind == slog.KindAny {
		if members, ok := groupOf(a.Value); ok {
			e.group(a.Key, members, depth)
			return
		}
		if isZeroAttr(&a) {
			return
		}
	}
	e.comma()
	start := len(e.buf)
	v := e.key(a.Key).verdict
	if e.hidden > 0 {
		v = name.VerdictSecret
	}
	switch {
	case v == name.VerdictPlain && kind == slog.KindString:
		e.str(a.Value.String())
	case hides(v, a.Value):
		e.replace()
	default:
		e.value(a.Value, depth)
	}
	e.wrote(a.Key, start)
}

// wrote records a member and removes earlier ones of the same name.
func (e *Encoder) wrote(key string, start int) {
	for i := e.base; i < len(e.members); i++ { // find would take longer
		if e.members[i].key == key {
			start -= e.remove(i)
			i--
		}
	}
	e.members = append(e.members, member{key, start, len(e.buf)})
}

// wroteGroup records a group. If an earlier member of the same name is an
// object, both stay until Close makes them one, unless they are in a value.
func (e *Encoder) wroteGroup(key string, start int) {
	if i := e.find(key); i < 0 || e.inValue > 0 || e.buf[e.members[i].start+len(e.c.key(key).member)] != '{' {
		e.wrote(key, start)
		return
	}
	e.repeats++
	e.members = append(e.members, member{key, start, len(e.buf)})
}

// find returns the index of a member of the current object, or -1.
func (e *Encoder) find(key string) int {
	for i := e.base; i < len(e.members); i++ {
		if e.members[i].key == key {
			return i
		}
	}
	return -1
}

// remove removes a member of the current object with the comma after it, and
// returns how far the rest moved. Another member must follow.
func (e *Encoder) remove(i int) int {
	m := e.members[i]
	n := m.end + len(",") - m.start
	e.buf = append(e.buf[:m.start], e.buf[m.start+n:]...)
	e.members = slices.Delete(e.members, i, i+1)
	for k := i; k < len(e.members); k++ {
		e.members[k].start -= n
		e.members[k].end -= n
	}
	return n
}

// group writes a group as a member, or its members if it has no name.
func (e *Encoder) group(key string, attrs []slog.Attr, depth int) {
	switch {
	case len(attrs) == 0:
		return
	case key == "":
		for _, a := range attrs {
			e.Attr(a, depth)
		}
		return
	case depth >= maxDepth:
		e.Attr(slog.String(key, text.Cut), depth)
		return
	}
	m := e.mark()
	e.comma()
	start := len(e.buf)
	if k := e.key(key); e.hidden > 0 || hidesGroup(k.verdict, attrs) {
		e.hidden++
	}
	if !e.attrs(attrs, depth) {
		e.rewind(m)
		return
	}
	e.hidden = m.hidden
	e.wroteGroup(key, start)
}

// attrs writes attributes as an object of their own, and reports whether it
// has a member.
func (e *Encoder) attrs(attrs []slog.Attr, depth int) (wrote bool) {
	m := e.mark()
	e.buf = append(e.buf, '{')
	e.base = len(e.members)
	for _, a := range attrs {
		e.Attr(a, depth+1)
	}
	e.relate()
	wrote = len(e.buf) > m.buf+len("{")
	e.members, e.base = e.members[:m.members], m.base
	e.buf = append(e.buf, '}')
	return wrote
}
