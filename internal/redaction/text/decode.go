package text

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDecoded is the number of times that a text is decoded. A URL in a
// parameter of a URL takes two.
const maxDecoded = 3

// encodedText decodes the text once more, scans the result and maps the spans
// back: https%3A%2F%2Fa.example%2F%3Ftoken%3D…, \"password\":\"…\".
func encodedText(sc *scan) {
	if sc.level >= maxDecoded {
		return
	}
	slash := strings.IndexByte(sc.s, '\\') >= 0
	if slash {
		scanDecoded(sc, stringEscapes.decode(sc.s))
	}
	if !slash || sc.level == 0 {
		scanDecoded(sc, urlEncoding.decode(sc.s))
	}
}

func scanDecoded(sc *scan, d decoded) {
	if d.at == nil {
		return
	}
	inner := newScan(sc.finder, d.text, sc.level+1)
	defer inner.release()
	inner.run(Inspect(d.text))
	for _, sp := range inner.spans {
		start, end := d.at[sp.start], d.at[sp.end]
		if !isHidden(sc.s[start:end]) { // %NAME% looks encoded
			sc.add(start, end)
		}
	}
}

// An encoding writes some characters of a text by others.
type encoding struct {
	marks string // the bytes that start an encoded character
	// step appends the character that is encoded at the start of s to dst. It
	// returns the number of bytes that encode it, or 0 if s starts otherwise.
	step func(dst []byte, s string) ([]byte, int)
	form bool // a form writes a blank as '+'
}

var (
	// stringEscapes are the escapes of JSON, Go and JavaScript strings.
	stringEscapes = encoding{marks: `\`, step: stringEscape}

	// urlEncoding is the encoding of URLs and forms, and the character references
	// of HTML.
	urlEncoding = encoding{marks: "%&", step: percentOrReference, form: true}
)

// A decoded text knows where each of its bytes came from. at has one entry more
// than text; it is nil if nothing was encoded.
type decoded struct {
	text string
	at   []int
}

// decode decodes s.
func (e *encoding) decode(s string) decoded {
	if !strings.ContainsAny(s, e.marks) {
		return decoded{text: s}
	}
	// A form writes a blank as '+', a path as %20.
	form := e.form && strings.IndexByte(s, '%') >= 0 && !strings.Contains(s, "%20")
	text := make([]byte, 0, len(s))
	at := make([]int, 0, len(s)+1)
	changed := false
	for i := 0; i < len(s); {
		var n int
		if text, n = e.step(text, s[i:]); n == 0 {
			n = 1
			text = append(text, blankOf(s[i], form))
		} else {
			changed = true
		}
		for len(at) < len(text) {
			at = append(at, i)
		}
		i += n
	}
	if !changed {
		return decoded{text: s}
	}
	return decoded{string(text), append(at, len(s))}
}

// blankOf returns the blank that '+' encodes in a form, else b.
func blankOf(b byte, form bool) byte {
	if form && b == '+' {
		return ' '
	}
	return b
}

// percentOrReference decodes %XX and the character references of HTML.
func percentOrReference(dst []byte, s string) ([]byte, int) {
	switch {
	case s[0] == '%' && len(s) >= 3:
		if v, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
			return append(dst, byte(v)), 3
		}
	case s[0] == '&':
		for _, r := range references {
			if strings.HasPrefix(s[1:], r.name) {
				return append(dst, r.char), 1 + len(r.name)
			}
		}
	}
	return dst, 0
}

var references = []struct {
	name string
	char byte
}{
	{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}, {"#34;", '"'}, {"#39;", '\''},
	{"#x22;", '"'}, {"#x27;", '\''}, {"#x3D;", '='}, {"#61;", '='}, {"#38;", '&'}, {"#64;", '@'}, {"#58;", ':'},
}

// stringEscape decodes the escapes that start with a backslash.
func stringEscape(dst []byte, s string) ([]byte, int) {
	if s[0] != '\\' || len(s) < 2 {
		return dst, 0
	}
	switch c := s[1]; c {
	case '"', '\'', '\\', '/', '`':
		return append(dst, c), 2
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't':
		return append(dst, '\t'), 2
	case 'x':
		return hexEscape(dst, s, len(`\x00`))
	case 'u':
		return hexEscape(dst, s, len(`\u0000`))
	}
	return dst, 0
}

// hexEscape decodes an escape of size bytes, whose digits follow a letter.
func hexEscape(dst []byte, s string, size int) ([]byte, int) {
	if len(s) < size {
		return dst, 0
	}
	v, err := strconv.ParseUint(s[2:size], 16, 32)
	if err != nil {
		return dst, 0
	}
	return utf8.AppendRune(dst, rune(v)), size
}
