package text

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

var tagBytes = chars("0-9A-Za-z_.[]%:\x80-\xff-")

// elements finds the content of XML elements with the name of a secret.
func elements(sc *scan) {
	s := sc.s
	for i := 0; i < len(s); {
		k := strings.IndexByte(s[i:], '<')
		if k < 0 {
			return
		}
		i += k + 1
		tag := s[i:tagBytes.skip(s, i)]
		if tag == "" || sc.judge.Verdict(tag) == name.VerdictPlain {
			continue
		}
		start := contentStart(s, i+len(tag))
		if start < 0 {
			continue
		}
		stop := indexFrom(s, start, "</"+tag)
		if !isConstant(s[start:stop]) {
			sc.add(start, stop)
		}
		i = stop
	}
}

// maxTag is the number of bytes of a tag's attributes.
const maxTag = 4096

// contentStart returns where the content of the element starts whose tag's name
// ends at i, or -1 if it has none.
func contentStart(s string, i int) int {
	open := strings.IndexByte(s[i:min(len(s), i+maxTag)], '>')
	if open < 0 || s[i+open-1] == '/' {
		return -1
	}
	return i + open + 1
}

// indexFrom returns the index of sub in s from i on, or the length of s.
func indexFrom(s string, i int, sub string) int {
	if k := strings.Index(s[i:], sub); k >= 0 {
		return i + k
	}
	return len(s)
}
