package redact

import (
	"log/slog"
	"slices"
)

// An Encoder writes attributes as the members of a JSON object, redacted. A
// member written later replaces an earlier one with the same name in the same
// object. It is for one goroutine; its buffers are kept by [Encoder.Reset].
type Encoder struct {
	r    *Redactor
	buf  []byte
	hits int // replacements so far

	members []member
	base    int // first member of the object at hand
	root    int // members of the outermost object, when another is open
	hidden  int // open groups that are secret, and those within
	opened  int

	level int       // of texts that what is written was in
	nodes int       // values visited for the attribute at hand
	seen  []uintptr // pointers and maps that are being written
}

// A member is where one member of an open object is in the buffer.
type member struct {
	key        string
	start, end int
}

// NewEncoder returns an encoder with nothing written.
func (r *Redactor) NewEncoder() *Encoder { return &Encoder{r: r} }

// Reset forgets what was written and starts with what from wrote, which may be
// nil for nothing and is not changed. Buffers that one long line has made large
// are dropped.
func (e *Encoder) Reset(from *Encoder) {
	const maxKept = 16 << 10
	if cap(e.buf) > maxKept {
		e.buf = nil
	}
	e.buf, e.members = e.buf[:0], e.members[:0]
	e.hits, e.base, e.root, e.hidden, e.opened, e.nodes, e.seen = 0, 0, 0, 0, 0, 0, e.seen[:0]
	if from != nil {
		e.Append(from)
	}
}

// Append continues with what from wrote, behind what is there. Both must have
// written to their outermost object only, or e nothing that from repeats.
func (e *Encoder) Append(from *Encoder) {
	if len(from.buf) == 0 {
		return
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
	e.opened, e.hidden = from.opened, from.hidden
}

// Bytes returns the members written, without the braces of the outermost object.
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

// Open starts a group that the following members belong to. In a group with a
// secret's name every value is replaced.
func (e *Encoder) Open(name string) {
	e.comma()
	e.key(name)
	e.buf = append(e.buf, '{')
	if e.opened == 0 {
		e.root = len(e.members)
	}
	e.base = len(e.members)
	e.opened++
	if e.hidden > 0 || hidesGroup(e.r.name(name).verdict, nil) {
		e.hidden++
	}
}

// hidesGroup reports whether a verdict hides the members of a group. Those of an
// open group are not known yet: attrs is nil.
func hidesGroup(v verdict, attrs []slog.Attr) bool {
	return v == secret || v == counted && (attrs == nil || !onlyCounts(attrs))
}

// Close ends all open groups.
func (e *Encoder) Close() {
	for range e.opened {
		e.buf = append(e.buf, '}')
	}
	e.opened, e.hidden, e.base = 0, 0, 0
	e.members = e.members[:min(e.root, len(e.members))]
}

// A mark is a state of an encoder to go back to.
type mark struct{ buf, members, base, root, opened, hidden, seen int }

func (e *Encoder) mark() mark {
	return mark{len(e.buf), len(e.members), e.base, e.root, e.opened, e.hidden, len(e.seen)}
}

func (e *Encoder) rewind(m mark) {
	e.buf, e.members, e.seen = e.buf[:m.buf], e.members[:m.members], e.seen[:m.seen]
	e.base, e.root, e.opened, e.hidden = m.base, m.root, m.opened, m.hidden
}

// Record writes the attributes of a record into groups, which are opened for them
// and stay open; groups that get no member are not written.
func (e *Encoder) Record(groups []string, r *slog.Record) {
	m := e.within(groups)
	r.Attrs(func(a slog.Attr) bool {
		e.Attr(a)
		return true
	})
	e.unlessEmpty(m, len(groups))
}

// Attrs writes attributes as Record does, and reports whether it wrote any.
func (e *Encoder) Attrs(groups []string, attrs []slog.Attr) (wrote bool) {
	m := e.within(groups)
	for _, a := range attrs {
		e.Attr(a)
	}
	return e.unlessEmpty(m, len(groups))
}

func (e *Encoder) within(groups []string) mark {
	m := e.mark()
	for _, n := range groups {
		e.Open(n)
	}
	return m
}

// unlessEmpty goes back to m if nothing was written in the groups opened since.
func (e *Encoder) unlessEmpty(m mark, groups int) (wrote bool) {
	if groups > 0 && e.buf[len(e.buf)-1] == '{' {
		e.rewind(m)
		return false
	}
	return len(e.buf) > m.buf
}

func (e *Encoder) comma() {
	if n := len(e.buf); n > 0 && e.buf[n-1] != '{' {
		e.buf = append(e.buf, ',')
	}
}

// key writes a name and its colon. Names are data too: what looks like a secret
// in one is replaced, and it is escaped.
func (e *Encoder) key(name string) judged {
	j := e.r.name(name)
	if j.clean {
		e.buf = append(e.buf, j.member...)
		return j
	}
	e.buf = append(appendQuoted(e.buf, e.r.shownName(name)), ':')
	return j
}

func (r *Redactor) shownName(name string) string {
	if len(name) > maxName {
		return r.Text(name[:maxName]) + cutNote
	}
	return r.Text(name)
}

// Attr writes an attribute. An empty one, and a group without members, is not
// written; the members of a group without a name are written in its place.
func (e *Encoder) Attr(a slog.Attr) {
	e.nodes, e.seen = 0, e.seen[:0]
	e.attr(a, 0)
}

func (e *Encoder) attr(a slog.Attr, depth int) {
	kind := a.Value.Kind()
	if kind == slog.KindLogValuer {
		a.Value = a.Value.Resolve()
		kind = a.Value.Kind()
	}
	switch kind {
	case slog.KindGroup:
		e.group(a.Key, a.Value.Group(), depth)
		return
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case nil:
			if a.Key == "" {
				return
			}
		case []slog.Attr:
			e.group(a.Key, v, depth)
			return
		}
	}
	e.comma()
	start := len(e.buf)
	v := e.key(a.Key).verdict
	if e.hidden > 0 {
		v = secret
	}
	if v == plain && kind == slog.KindString {
		e.str(a.Value.String())
	} else {
		e.under(v, a.Value, depth)
	}
	e.wrote(a.Key, start)
}

// wrote records a member and removes an earlier one of the same name.
func (e *Encoder) wrote(key string, start int) {
	for i := e.base; i < len(e.members); i++ {
		if e.members[i].key == key {
			start -= e.remove(i)
			break
		}
	}
	e.members = append(e.members, member{key, start, len(e.buf)})
}

// remove takes a member out of the object at hand, with the comma behind it,
// and returns how far the rest moved. Another member is known to follow.
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

func (e *Encoder) group(name string, attrs []slog.Attr, depth int) {
	if len(attrs) == 0 {
		return
	}
	if name == "" {
		for _, a := range attrs {
			e.attr(a, depth)
		}
		return
	}
	if depth >= maxDepth {
		e.attr(slog.String(name, cutNote), depth)
		return
	}
	m := e.mark()
	opened := len(e.buf)
	e.comma()
	start := len(e.buf)
	e.key(name)
	e.buf = append(e.buf, '{')
	e.base = len(e.members)
	if e.hidden > 0 || hidesGroup(e.r.name(name).verdict, attrs) {
		e.hidden++
	}
	empty := len(e.buf)
	for _, a := range attrs {
		e.attr(a, depth+1)
	}
	if len(e.buf) == empty {
		e.rewind(m)
		e.buf = e.buf[:opened]
		return
	}
	e.members, e.base, e.hidden = e.members[:m.members], m.base, m.hidden
	e.buf = append(e.buf, '}')
	e.wrote(name, start)
}
