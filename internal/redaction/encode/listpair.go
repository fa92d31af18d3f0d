package encode

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

// A listPair is a name and the value after it in a flat list: ["token","…"],
// ["X-Api-Key","…","Accept","*/*"], ["mysql","--password","…"].
type listPair struct {
	name, value string // value is empty if it is not text
	isText      bool   // the value is a text
	length      int    // of the list, at most maxPairList
	mixed       bool   // the list has elements that are not names
}

// note sees the element at index i of the list, from the value on.
func (p *listPair) note(i int, s string, isText bool) {
	p.mixed = p.mixed || !isText || i%2 != 0 && !isNameLike(s)
}

// maxPairList is the number of elements of a list that are counted.
const maxPairList = 128

// isArgument reports whether the value is the argument of a flag.
func (p *listPair) isArgument() bool { return p.isText && !strings.HasPrefix(p.value, "-") }

// mayName reports whether the text at index i of a list may be the name of the
// next element, which is a secret.
func (p *listPair) mayName(c *Encoding, i int) bool {
	return i%2 == 0 && len(p.name) <= maxSiblingName && !strings.Contains(p.name, " ") && c.judge.NamesCredential(p.name)
}

// isSecret reports whether the value is secret, which its name says. A list of
// names may have such a name, too: ["password","email"]. It is one if its
// length is odd, or if the value is a name itself.
func (p *listPair) isSecret(c *Encoding) bool {
	switch {
	case p.length%2 != 0:
		return false
	case !p.isText:
		return true
	case text.IsPlaceholder(p.value):
		return false
	case !isNameLike(p.value):
		return true
	case p.length > 2 && !p.mixed && !isHeaderLike(p.name):
		return false
	}
	return !c.judge.IsFieldName(p.value)
}

// isNameLike reports whether s may be a name: it has letters and separators
// only.
func isNameLike(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && strings.IndexByte("_-.", s[i]) < 0 {
			return false
		}
	}
	return len(s) <= maxSiblingName
}

// isHeaderLike reports whether a name is written as headers and variables of
// the environment are.
func isHeaderLike(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }
