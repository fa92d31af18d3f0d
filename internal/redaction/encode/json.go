package encode

import (
	"encoding/json"
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// isDocument reports whether s is a JSON object or array.
func isDocument(s string) bool {
	return s != "" && (s[0] == '{' || s[0] == '[') && json.Valid([]byte(s))
}

// A jsonReader walks over valid JSON and writes it to an encoder.
type jsonReader struct {
	e *Encoder
	s string
	i int
}

func (r *jsonReader) blank() {
	for r.i < len(r.s) && r.s[r.i] <= ' ' {
		r.i++
	}
}

// next goes to the next member of an object or array, and reports whether
// there is one before end.
func (r *jsonReader) next(end byte) bool {
	r.blank()
	if r.s[r.i] == ',' {
		r.i++
		r.blank()
	}
	return r.s[r.i] != end
}

// value writes the next value, given the verdict on its name.
func (r *jsonReader) value(v name.Verdict, depth int) {
	r.blank()
	e := r.e
	e.nodes++
	if v != name.VerdictPlain && v.Hides(r.shape()) {
		r.skip()
		e.replace()
		return
	}
	switch r.s[r.i] {
	case '{', '[':
		r.compound(v, depth)
	case '"':
		e.str(r.string())
	case 't', 'f', 'n':
		e.raw(r.skip())
	default:
		e.number(r.skip())
	}
}

// compound writes an object or array, unless it is nested too deeply.
func (r *jsonReader) compound(v name.Verdict, depth int) {
	switch {
	case depth >= maxDepth || r.e.nodes > maxNodes:
		r.skip()
		r.e.hits++
		r.e.verbatim(text.Cut)
	case r.s[r.i] == '{':
		r.object(depth)
	default:
		r.array(v, depth)
	}
}

// shape returns the shape of the current value.
func (r *jsonReader) shape() name.Shape {
	switch r.s[r.i] {
	case 't', 'f', 'n':
		return name.ShapeConstant
	case '"':
		q := *r
		return textShape(q.string())
	case '[':
		return name.ShapeCompound
	case '{':
		q := *r
		if text.IsCounts(q.skip()) {
			return name.ShapeCounts
		}
		return name.ShapeCompound
	}
	return name.ShapeNumber
}

func (r *jsonReader) object(depth int) {
	e := r.e
	e.buf = append(e.buf, '{')
	open, redacted := len(e.buf), 0
	var room [manyNames]jsonMember
	seen := names{list: room[:0]}
	var watch siblings
	r.i++
	for r.next('}') {
		e.comma()
		m := jsonMember{name: r.string(), start: len(e.buf)}
		v := reflector{e}.mapKey(mapEntry{name: m.name}, &redacted)
		r.blank()
		r.i++ // colon
		m.value = len(e.buf)
		r.value(v, depth+1)
		m.end = len(e.buf)
		watch.note(&e.writer, e.c.key(m.name).role, m.value, m.end)
		seen.add(m)
	}
	r.i++
	if seen.twice {
		watch = siblings{}
		for _, m := range seen.compact(&e.writer, open) {
			watch.note(&e.writer, e.c.key(m.name).role, m.value, m.end)
		}
	}
	watch.close(&e.writer)
	e.buf = append(e.buf, '}')
}

func (r *jsonReader) array(v name.Verdict, depth int) {
	e := r.e
	e.buf = append(e.buf, '[')
	told := false // the element before says that this one is secret
	r.i++
	for i := 0; r.next(']'); i++ {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		at := v
		if told {
			at = name.VerdictSecret
		}
		told = r.s[r.i] == '"' && r.tellsNext(i)
		r.value(at, depth+1)
	}
	r.i++
	e.buf = append(e.buf, ']')
}

// tellsNext reports whether the text at index i of a list is a flag or a name
// that makes the next element secret.
func (r *jsonReader) tellsNext(i int) bool {
	q := *r
	c, p := r.e.c, listPair{name: q.string()}
	isFlag := c.judge.Flag(p.name)
	if !isFlag && !p.mayName(c, i) || !q.next(']') {
		return false
	}
	p.isText = q.s[q.i] == '"'
	if p.isText {
		p.value = q.string()
	} else {
		q.skip()
	}
	if isFlag {
		return p.isArgument()
	}
	for p.length = i + 2; p.length < maxPairList && q.next(']'); p.length++ {
		s := q.skip()
		p.note(p.length, strings.Trim(s, `"`), s[0] == '"')
	}
	return p.isSecret(c)
}

// string reads the current string.
func (r *jsonReader) string() string {
	r.blank()
	raw := r.skip()
	if strings.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	return unquote(raw)
}

// skip skips the current value and returns its text.
func (r *jsonReader) skip() string {
	start := r.i
	switch r.s[r.i] {
	case '"':
		r.quoted()
	case '{', '[':
		r.nested()
	default:
		for r.i < len(r.s) && !endsLiteral(r.s[r.i]) {
			r.i++
		}
	}
	return r.s[start:r.i]
}

func endsLiteral(c byte) bool { return c <= ' ' || c == ',' || c == '}' || c == ']' }

// nested skips an object or array.
func (r *jsonReader) nested() {
	for depth := 0; ; r.i++ {
		switch r.s[r.i] {
		case '"':
			r.quoted()
			r.i--
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				r.i++
				return
			}
		}
	}
}

// quoted skips a string.
func (r *jsonReader) quoted() {
	for r.i++; r.s[r.i] != '"'; r.i++ {
		if r.s[r.i] == '\\' {
			r.i++
		}
	}
	r.i++
}
