package encode

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// siblings watches one object for a name and its value that are two members:
// {"name":"DB_PASSWORD","value":"…"}.
type siblings struct {
	name, value sibling
}

// A sibling is the place of a member's value in the buffer. It is vague if the
// member may be something else: {"type":"email"}, {"data":{}}.
type sibling struct {
	start, end int
	vague      bool
}

// note sees a member, whose value is in buf[start:end].
func (p *siblings) note(key string, start, end int) {
	if len(key) > len("variable") {
		return
	}
	switch k := strings.ToLower(key); k {
	case "name", "key":
		p.name = sibling{start, end, false}
	case "k", "field", "param", "header", "variable", "env":
		if p.name.end == 0 || p.name.vague {
			p.name = sibling{start, end, false}
		}
	case "id", "label", "type":
		if p.name.end == 0 {
			p.name = sibling{start, end, true}
		}
	case "value", "val", "v", "values":
		p.value = sibling{start, end, false}
	case "content", "data":
		if p.value.end == 0 {
			p.value = sibling{start, end, true}
		}
	}
}

// maxSiblingName is the number of bytes that the name of a value may have.
const maxSiblingName = 64

// close replaces the value if its name makes it secret.
func (p *siblings) close(w *writer) {
	if p.name.end == 0 || p.value.end == 0 || p.name.vague && p.value.vague {
		return
	}
	key := strings.Trim(string(w.buf[p.name.start:p.name.end]), `"`)
	if key == "" || len(key) > maxSiblingName || w.c.key(key).verdict == name.VerdictPlain {
		return
	}
	switch string(w.buf[p.value.start:p.value.end]) {
	case "null", "true", "false":
		return
	}
	tail := string(w.buf[p.value.end:])
	w.buf = w.buf[:p.value.start]
	w.replace()
	w.raw(tail)
}
