package redact

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A decoded text remembers where each of its bytes came from. at has one entry
// more than text; it is nil when nothing was encoded.
type decoded struct {
	text string
	at   []int
}

// unescape undoes the encoding of URLs and forms and HTML's character references, or, with
// percent false, the escapes of JSON, Go and JavaScript strings.
func unescape(s string, percent bool) decoded {
	step, marks := backslash, `\`
	if percent {
		step, marks = percentOrEntity, "%&"
	}
	i := strings.IndexAny(s, marks)
	if i < 0 {
		return decoded{text: s}
	}
	// A form writes a blank as '+', a path as %20.
	form := percent && strings.IndexByte(s, '%') >= 0 && !strings.Contains(s, "%20")
	text := make([]byte, 0, len(s))
	at := make([]int, 0, len(s)+1)
	changed := false
	for i := 0; i < len(s); {
		c, n := step(s[i:])
		if n == 0 {
			n = 1
			b := s[i]
			if form && b == '+' {
				b = ' '
			}
			text, at = append(text, b), append(at, i)
		} else {
			changed = true
			before := len(text)
			if percent && s[i] == '%' {
				text = append(text, byte(c))
			} else {
				text = utf8.AppendRune(text, c)
			}
			for range len(text) - before {
				at = append(at, i)
			}
		}
		i += n
	}
	if !changed {
		return decoded{text: s}
	}
	return decoded{string(text), append(at, len(s))}
}

// percentOrEntity decodes one %XX or one character reference at the start of s;
// n is its length, 0 when there is none.
func percentOrEntity(s string) (c rune, n int) {
	switch {
	case s[0] == '%' && len(s) >= 3:
		if v, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
			return rune(v), 3
		}
	case s[0] == '&':
		for name, c := range entities {
			if strings.HasPrefix(s[1:], name) {
				return c, 1 + len(name)
			}
		}
	}
	return 0, 0
}

var entities = map[string]rune{
	"amp;": '&', "lt;": '<', "gt;": '>', "quot;": '"', "apos;": '\'', "#34;": '"', "#39;": '\'',
	"#x22;": '"', "#x27;": '\'', "#x3D;": '=', "#61;": '=', "#38;": '&', "#64;": '@', "#58;": ':',
}

// backslash decodes one escape at the start of s.
func backslash(s string) (c rune, n int) {
	if s[0] != '\\' || len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\'', '\\', '/', '`':
		return rune(s[1]), 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u', 'x':
		size := 6
		if s[1] == 'x' {
			size = 4
		}
		if len(s) < size {
			return 0, 0
		}
		if v, err := strconv.ParseUint(s[2:size], 16, 32); err == nil {
			return rune(v), size
		}
	}
	return 0, 0
}
