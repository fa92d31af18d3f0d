package text

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// Values that are apart from their name: in the part of a multipart form, in an
// element of XML or HTML, in a member beside a member for the name.

// isNameName reports whether the value of a name is the name of another value.
func isNameName(n string) bool {
	switch strings.ToLower(n) {
	case "name", "key", "field", "param", "header", "variable":
		return true
	}
	return false
}

// namedValue looks for the value that belongs to the name which the pair holds:
// {"name":"password","value":"…"}, <input name= value=>, a part of a form.
func namedValue(sc *scan, p pair) {
	s := sc.s
	end := valueEnd(s[:min(len(s), p.value+2*maxPairName)], p.value)
	if sc.judge.Verdict(strings.Trim(s[p.value:end], "\"'`\\")) == name.VerdictPlain {
		return
	}
	valueBefore(sc, p.nameStart)
	if start := partStart(s, end); start > 0 && s[p.sign] == '=' {
		sc.add(start, partEnd(s, start))
		return
	}
	if start := attributeEnd(s, end); start > 0 {
		sc.add(start, indexFrom(s, start, "<"))
	}
	valueAfter(sc, end)
}

// attributeEnd returns where the content of an element starts whose tag has the
// attribute that ends at i, else 0: <param name="password">x</param>.
func attributeEnd(s string, i int) int {
	e := strings.IndexAny(s[i:min(len(s), i+64)], "<>")
	if e < 0 || s[i+e] != '>' {
		return 0
	}
	return i + e + 1
}

// valueAfter adds the value of a member "value" soon after i.
func valueAfter(sc *scan, i int) {
	s := sc.s
	k := strings.Index(strings.ToLower(s[i:min(len(s), i+24)]), "val")
	if k < 0 {
		return
	}
	if e := strings.IndexAny(s[i+k:], ":="); e >= 0 && e < len(`values\"`) {
		start := valueStart(s, i+k+e)
		sc.addValue(start, valueEnd(s, start))
	}
}

// valueBefore adds the value of a member "value" before i, in the same
// object or element.
func valueBefore(sc *scan, i int) {
	s := sc.s
	low := max(0, i-1024)
	low += strings.LastIndexAny(s[low:i], "{<\n") + 1
	k := strings.LastIndex(strings.ToLower(s[low:i]), "val")
	if k < 0 {
		return
	}
	if e := strings.IndexAny(s[low+k:i], ":="); e >= 0 && e <= len(`values\"`) {
		start := valueStart(s, low+k+e)
		sc.addValue(start, min(i, valueEnd(s, start)))
	}
}

// maxPartHeader is the number of bytes of the headers of a form's part that are
// searched for their end.
const maxPartHeader = 256

// partStart returns where the content of a multipart form's part starts if a
// header line of the part ends at i; else 0.
func partStart(s string, i int) int {
	window := s[i:min(len(s), i+maxPartHeader)]
	rest := strings.TrimLeft(window, " ;")
	if !strings.HasPrefix(rest, "\r\n") && !strings.HasPrefix(rest, "\n") {
		return 0
	}
	for _, gap := range [...]string{"\r\n\r\n", "\n\n"} {
		if k := strings.Index(rest, gap); k >= 0 {
			return i + len(window) - len(rest) + k + len(gap)
		}
	}
	return 0
}

// partEnd returns where the content of a part ends: before the next boundary.
func partEnd(s string, start int) int {
	content := s[start:indexFrom(s, start, "\n--")]
	if start+len(content) < len(s) {
		content = strings.TrimSuffix(content, "\r")
	}
	return start + len(content)
}
