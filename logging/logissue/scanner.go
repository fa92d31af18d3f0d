package logissue

import "strings"

const (
	variable    = "<v>"
	quotedValue = "<q>"
	maxDepth    = 3 // of texts in quoted texts
)

// A scanner normalizes one line. It goes through the line once and remembers
// the last words, which tell a code from a number and a name from a value.
type scanner struct {
	text  string
	i     int // the current position
	out   []byte
	depth int // of texts in quoted texts

	words   [3]string // the last words in lower case, the latest first
	counted bool      // the last word is a number, so that a unit may follow
	coded   bool      // the last word is a code
	web     bool      // the line has a method of HTTP or a URL
	number  string    // the last number
}

func (s *scanner) run() {
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case c <= ' ':
			s.space()
		case strings.HasPrefix(s.text[s.i:], "->"):
			s.out = append(s.out, "->"...)
			s.i += len("->")
		case s.operand():
		case c == '[' && (s.address() || s.emptyList()):
		case isQuote(c) && s.quoted():
		case isDelimiter(c) || isQuote(c) || c == '=' || c == ':' && !strings.HasPrefix(s.rest(), "::"):
			s.out = append(s.out, c)
			s.i++
		default:
			s.word()
		}
	}
}

// emptyList writes an empty list as a list of values. In a type such as []byte
// the brackets are not a list.
func (s *scanner) emptyList() bool {
	if !strings.HasPrefix(s.rest(), "[]") || s.i+2 < len(s.text) && !isDelimiter(s.text[s.i+2]) {
		return false
	}
	s.out = append(s.out, "["+variable+"]"...)
	s.push(variable)
	s.i += len("[]")
	return true
}

// space writes one space for white space.
func (s *scanner) space() {
	for s.i < len(s.text) && s.text[s.i] <= ' ' {
		s.i++
	}
	s.out = append(s.out, ' ')
}

// isDelimiter reports whether c ends a word.
func isDelimiter(c byte) bool {
	return c <= ' ' || strings.IndexByte("\"`()[]{}<>,;|", c) >= 0
}

// push remembers a word.
func (s *scanner) push(word string) {
	s.words[2], s.words[1], s.words[0] = s.words[1], s.words[0], strings.ToLower(word)
	s.counted, s.coded = false, false
}

// vary writes a placeholder. It joins placeholders with only separators between
// them, so that lists of different lengths are equal.
func (s *scanner) vary(placeholder string) {
	before := strings.TrimRight(strings.TrimSuffix(string(s.out), "->"), " ,;/+&-")
	if strings.HasSuffix(before, placeholder) {
		s.out = s.out[:len(before)]
	} else {
		s.out = append(s.out, placeholder...)
	}
	s.push(placeholder)
}

// keep writes a word as it is.
func (s *scanner) keep(word string) {
	s.out = append(s.out, word...)
	s.push(word)
}

// keepCode writes a code as it is.
func (s *scanner) keepCode(code string) {
	noun := s.words[0]
	s.keep(code)
	s.words[0] = noun // "codes 1, 2" and "Error 1062 (23000)"
	s.coded = true
}

// word writes the word at the current position, without the punctuation behind
// it.
func (s *scanner) word() {
	end := s.i
	for end < len(s.text) && !isDelimiter(s.text[end]) && !strings.HasPrefix(s.text[end:], "->") {
		if s.text[end] == '=' && end > s.i && !strings.ContainsAny(s.text[s.i:end], "/?:@&") {
			break
		}
		end++
	}
	word := strings.TrimRight(s.text[s.i:end], ".:!?'")
	if word == "" {
		s.out = append(s.out, s.text[s.i:end]...)
		s.i = end
		return
	}
	s.i += len(word)
	if s.i == end && end < len(s.text) && s.text[end] == '=' {
		s.pair(word)
	} else {
		s.judge(word)
	}
	s.punctuation(end)
}

// punctuation writes the punctuation between a word and its end.
func (s *scanner) punctuation(end int) {
	if s.i < end {
		s.out = append(s.out, s.text[s.i:end]...)
		s.i = end
	}
}

// pair writes a name, an equals sign and the value, which varies unless the
// name means a class, such as op=flush. It also writes a word in base64 with
// its padding, and the monotonic part of a time, m=+0.004.
func (s *scanner) pair(name string) {
	if hasDigit(name) && s.endsBase64() || name == "m" && s.words[0] == variable {
		s.skip()
		s.vary(variable)
		return
	}
	if hasDigit(name) {
		name = variable
	}
	s.keep(name)
	for s.i < len(s.text) && s.text[s.i] == '=' {
		s.out = append(s.out, '=')
		s.i++
	}
	s.value(s.skip())
}

// skip goes to the next delimiter and returns the text before it.
func (s *scanner) skip() string {
	start := s.i
	for s.i < len(s.text) && !isDelimiter(s.text[s.i]) {
		s.i++
	}
	return s.text[start:s.i]
}

// value writes the value of a pair whose name is the last word.
func (s *scanner) value(value string) {
	switch {
	case value == "": // a space, a quoted text or a group follows
	case isClass(s.words[0]) && isIdentifier(value) && !hasDigit(value):
		s.keep(value)
	case s.isCode(value):
		s.keepCode(value)
	default:
		s.out = append(s.out, variable...)
		s.push(variable)
	}
}

// endsBase64 reports whether only padding follows.
func (s *scanner) endsBase64() bool {
	rest := strings.TrimLeft(s.rest(), "=")
	return rest == "" || isDelimiter(rest[0])
}

// judge writes a word, its code or its placeholder.
func (s *scanner) judge(word string) {
	counted := s.counted
	s.web = s.web || requestMethods[word] || strings.Contains(word, "://")
	switch {
	case counted && units[word]:
		s.unwrite() // part of the number before
		s.counted = true
	case s.isCode(word):
		s.keepCode(word)
	case s.nameAndCode(word):
	case s.isTime(word):
		s.vary(variable)
	case hasDigit(word) && terms[strings.ToLower(word)]:
		s.keep(network(word))
	case s.names(word):
		s.keep(word)
	case s.varies(word):
		s.vary(variable)
		if s.counted = isNumber(word); s.counted {
			s.number = word
		}
	case counted:
		s.keep(singular(word))
	default:
		s.keep(word)
	}
}

// unwrite removes the space that was written last.
func (s *scanner) unwrite() {
	s.out = []byte(strings.TrimRight(string(s.out), " "))
}

// nameAndCode writes a word such as status:404.
func (s *scanner) nameAndCode(word string) bool {
	name, code, ok := strings.Cut(word, ":")
	if !ok || !isIdentifier(name) || hasDigit(name) {
		return false
	}
	q := *s
	q.push(name)
	if !q.isCode(code) {
		return false
	}
	s.keep(name)
	s.out = append(s.out, ':')
	s.keepCode(code)
	return true
}

// rest returns the text behind the current position.
func (s *scanner) rest() string { return s.text[s.i:] }

// startsClause reports whether the next word begins the line or follows a
// colon.
func (s *scanner) startsClause() bool {
	out := strings.TrimRight(string(s.out), " ")
	return out == "" || strings.IndexByte(":([", out[len(out)-1]) >= 0
}

// singular returns a noun behind a number in the singular.
func singular(word string) string {
	for _, suffix := range [...]string{"sses", "shes", "ches", "xes"} {
		if strings.HasSuffix(word, suffix) {
			return strings.TrimSuffix(word, "es")
		}
	}
	if stem, ok := strings.CutSuffix(word, "ies"); ok {
		return stem + "y"
	}
	if strings.HasSuffix(word, "ss") {
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// network returns the name of a network without the version of IP.
func network(word string) string {
	switch word {
	case "tcp4", "tcp6", "udp4", "udp6", "ip4", "ip6":
		return word[:len(word)-1]
	}
	return word
}
