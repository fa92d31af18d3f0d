package redact

import (
	"encoding/json"
	"strings"
)

// maxNestedText is how deep JSON in strings in JSON is followed.
const maxNestedText = 6

// jsonText redacts a text that is a JSON object or array; ok is false when it is
// not. A text with nothing to redact comes back as it was, with its blanks.
func (r *Redactor) jsonText(s string, level int) (out string, ok bool) {
	trimmed := strings.TrimLeft(s, " \t\r\n\ufeff")
	if trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
		return "", false
	}
	if !json.Valid([]byte(trimmed)) {
		return "", false
	}
	if level >= maxNestedText {
		return cutNote, true
	}
	e := Encoder{r: r, level: level + 1}
	e.json(trimmed, 0)
	if e.hits == 0 {
		return s, true
	}
	return string(e.buf), true
}

// rawJSON writes JSON that the value itself provides.
func (e *Encoder) rawJSON(b []byte, depth int) {
	switch {
	case b == nil:
		e.buf = append(e.buf, "null"...)
	case len(b) > maxText || !json.Valid(b):
		e.str(string(b))
	default:
		e.json(string(b), depth)
	}
}

// json writes a valid JSON text, compact and redacted.
func (e *Encoder) json(s string, depth int) {
	p := jsonReader{e: e, s: s}
	p.value(plain, depth)
}

// A jsonReader walks over valid JSON and writes it to an encoder.
type jsonReader struct {
	e *Encoder
	s string
	i int
}

func (p *jsonReader) blank() {
	for p.i < len(p.s) && p.s[p.i] <= ' ' {
		p.i++
	}
}

// value writes the next value; v is the verdict on its name.
func (p *jsonReader) value(v verdict, depth int) {
	p.blank()
	e := p.e
	e.nodes++
	c := p.s[p.i]
	composite := c == '{' || c == '['
	number := c == '-' || c >= '0' && c <= '9'
	switch {
	case c == 't' || c == 'f' || c == 'n':
		e.buf = append(e.buf, p.raw()...)
	case v == secret || v == counted && !number && !p.counts() || v == scalar && !composite:
		p.raw()
		e.replace()
	case composite && (depth >= maxDepth || e.nodes > maxNodes):
		p.raw()
		e.hits++
		e.note(cutNote)
	case c == '{':
		p.object(depth)
	case c == '[':
		p.array(v, depth)
	case c == '"':
		e.str(p.string())
	default:
		start := len(e.buf)
		e.buf = append(e.buf, p.raw()...)
		e.dropCard(start)
	}
}

// counts reports whether the value at hand is an object of numbers.
func (p *jsonReader) counts() bool {
	if p.s[p.i] != '{' {
		return false
	}
	q := *p
	return isCounts(q.raw())
}

// isCounts reports a JSON object of numbers.
func isCounts(s string) bool {
	var numbers map[string]float64
	return s != "" && s[0] == '{' && json.Unmarshal([]byte(s), &numbers) == nil
}

func (p *jsonReader) object(depth int) {
	e := p.e
	e.buf = append(e.buf, '{')
	var pair namedPair
	for p.i++; ; p.i++ {
		if p.blank(); p.s[p.i] == '}' {
			break
		}
		if p.s[p.i] == ',' {
			continue
		}
		e.comma()
		name := p.string()
		j := e.key(name)
		p.blank()
		p.i++ // colon
		start := len(e.buf)
		p.value(j.verdict, depth+1)
		pair.note(name, start, len(e.buf))
		p.i--
	}
	p.i++
	pair.close(e)
	e.buf = append(e.buf, '}')
}

func (p *jsonReader) array(v verdict, depth int) {
	p.e.buf = append(p.e.buf, '[')
	open := len(p.e.buf)
	flagged := false // the string before is a flag for a secret: ["--password","…"]
	for p.i++; ; p.i++ {
		if p.blank(); p.s[p.i] == ']' {
			break
		}
		if p.s[p.i] == ',' {
			continue
		}
		if len(p.e.buf) > open {
			p.e.buf = append(p.e.buf, ',')
		}
		at := v
		if isText := p.s[p.i] == '"'; isText && flagged && p.s[p.i+1] != '-' {
			at = secret
		} else if flagged = false; isText && p.s[p.i+1] == '-' {
			q := *p
			flagged = isSecretFlag(p.e.r, q.string())
		}
		p.value(at, depth+1)
		p.i--
	}
	p.i++
	p.e.buf = append(p.e.buf, ']')
}

// string reads the string at hand.
func (p *jsonReader) string() string {
	p.blank()
	raw := p.raw()
	if strings.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	var s string
	if err := json.Unmarshal([]byte(raw), &s); err != nil {
		return raw
	}
	return s
}

// raw passes over the value at hand and returns it.
func (p *jsonReader) raw() string {
	p.blank()
	start, depth := p.i, 0
	for p.i < len(p.s) {
		switch c := p.s[p.i]; c {
		case '"':
			p.quoted()
			if depth == 0 {
				return p.s[start:p.i]
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return p.s[start:p.i]
			}
			if depth--; depth == 0 {
				p.i++
				return p.s[start:p.i]
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return p.s[start:p.i]
			}
		}
		p.i++
	}
	return p.s[start:]
}

func (p *jsonReader) quoted() {
	for p.i++; p.s[p.i] != '"'; p.i++ {
		if p.s[p.i] == '\\' {
			p.i++
		}
	}
	p.i++
}

// A namedPair watches one object for a name and a value that are kept as two
// members: {"name":"DB_PASSWORD","value":"…"}.
type namedPair struct {
	nameStart, nameEnd, start, end int
	loose                          bool // the name may be of something else: {"type":"email"}
	vague                          bool // so may the value: {"data":{}}
}

func (n *namedPair) note(key string, start, end int) {
	if len(key) > 8 {
		return
	}
	switch k := strings.ToLower(key); k {
	case "name", "key", "k", "field", "param", "header", "variable", "env":
		if n.nameEnd == 0 || n.loose || k == "name" || k == "key" {
			n.nameStart, n.nameEnd, n.loose = start, end, false
		}
	case "id", "label", "type":
		if n.nameEnd == 0 {
			n.nameStart, n.nameEnd, n.loose = start, end, true
		}
	case "value", "val", "v", "values":
		n.start, n.end, n.vague = start, end, false
	case "content", "data":
		if n.end == 0 {
			n.start, n.end, n.vague = start, end, true
		}
	}
}

// close replaces the value if its name is a secret's.
func (n *namedPair) close(e *Encoder) {
	if n.nameEnd == 0 || n.end == 0 || n.loose && n.vague {
		return
	}
	name := strings.Trim(string(e.buf[n.nameStart:n.nameEnd]), `"`)
	if name == "" || len(name) > maxPairName || e.r.name(name).verdict == plain {
		return
	}
	switch string(e.buf[n.start:n.end]) {
	case "null", "true", "false":
		return
	}
	tail := string(e.buf[n.end:])
	e.buf = e.buf[:n.start]
	e.replace()
	e.buf = append(e.buf, tail...)
}
