package encode

import (
	"slices"
)

// manyNames is the number of names that a search compares one by one.
const manyNames = 16

// A jsonMember is a member of an object of JSON that was written.
type jsonMember struct {
	name              string
	start, value, end int // in the buffer
}

// names finds names that occur twice in one object of JSON. The last member of
// a name counts, as for encoding/json.
type names struct {
	list  []jsonMember
	last  map[string]int // index of a name, if there are many
	twice bool
}

// add adds a member. It marks an earlier one of the same name by an empty
// value.
func (n *names) add(m jsonMember) {
	if i := n.find(m.name); i >= 0 {
		n.list[i].value = n.list[i].end
		n.twice = true
	}
	n.list = append(n.list, m)
	switch {
	case n.last != nil:
		n.last[m.name] = len(n.list) - 1
	case len(n.list) > manyNames:
		n.last = make(map[string]int)
		for i := range n.list {
			n.last[n.list[i].name] = i
		}
	}
}

// find returns the index of the last member of a name, or -1.
func (n *names) find(name string) int {
	if n.last != nil {
		if i, ok := n.last[name]; ok {
			return i
		}
		return -1
	}
	for i := len(n.list) - 1; i >= 0; i-- {
		if n.list[i].name == name {
			return i
		}
	}
	return -1
}

// compact removes the members that do not count from an object, whose members
// begin at open and are the end of the buffer. It returns the others.
func (n *names) compact(w *writer, open int) []jsonMember {
	to := open
	kept := n.list[:0]
	for _, m := range n.list {
		if m.value == m.end {
			continue
		}
		if to > open {
			w.buf[to] = ','
			to++
		}
		copy(w.buf[to:], w.buf[m.start:m.end])
		shift := m.start - to
		m.start, m.value, m.end = m.start-shift, m.value-shift, m.end-shift
		to = m.end
		kept = append(kept, m)
	}
	w.buf = w.buf[:to]
	return kept
}

// merge makes objects of the same name in one object one object. It rewrites
// the whole buffer, so Close calls it only if a name occurs twice. The members
// of a later object come last and count.
func (e *Encoder) merge() {
	r := jsonReader{s: "{" + string(e.buf) + "}"}
	o := r.merged()
	e.buf, e.members, e.repeats = e.buf[:0], e.members[:0], 0
	for _, quoted := range o.names {
		e.comma()
		start := len(e.buf)
		key, _ := e.mergedMember(o, quoted)
		e.members = append(e.members, member{key, start, len(e.buf)})
	}
}

// mergedMember writes a member of a merged object. It returns the name and the
// place of the value.
func (e *Encoder) mergedMember(o *object, quoted string) (key string, start int) {
	e.raw(quoted)
	e.buf = append(e.buf, ':')
	start = len(e.buf)
	if v := o.values[quoted]; v.object != nil {
		e.mergedObject(v.object)
	} else {
		e.raw(v.text)
	}
	r := jsonReader{s: quoted}
	return r.string(), start
}

// mergedObject writes an object whose members may have been in several.
func (e *Encoder) mergedObject(o *object) {
	e.buf = append(e.buf, '{')
	var watch siblings
	for _, quoted := range o.names {
		e.comma()
		key, start := e.mergedMember(o, quoted)
		watch.note(&e.writer, e.c.key(key).role, start, len(e.buf))
	}
	watch.close(&e.writer)
	e.buf = append(e.buf, '}')
}

// An object is an object of JSON in parts.
type object struct {
	names  []string // as they are written, quoted
	values map[string]value
}

// A value is an object or the text of any other value.
type value struct {
	object *object
	text   string
}

// merged reads an object, and the objects within it.
func (r *jsonReader) merged() *object {
	o := &object{values: make(map[string]value)}
	r.i++
	for r.next('}') {
		r.blank()
		key := r.skip()
		r.blank()
		r.i++ // colon
		r.blank()
		if r.s[r.i] == '{' {
			o.add(key, value{object: r.merged()})
		} else {
			o.add(key, value{text: r.skip()})
		}
	}
	r.i++
	return o
}

// add adds a member. It merges an object with an earlier one of the same name.
func (o *object) add(key string, v value) {
	before, ok := o.values[key]
	if ok {
		i := slices.Index(o.names, key)
		o.names = slices.Delete(o.names, i, i+1)
	}
	if before.object != nil && v.object != nil {
		for _, k := range v.object.names {
			before.object.add(k, v.object.values[k])
		}
		v = before
	}
	o.names = append(o.names, key)
	o.values[key] = v
}
