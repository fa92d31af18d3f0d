package logissue

import (
	"net/netip"
	"strings"
)

// varies reports whether a word is likely to differ between occurrences.
func (s *scanner) varies(word string) bool {
	switch {
	case isLetters(word): // the most frequent case, in short
		return isHex(word) || word == "localhost" || s.isHostName(word) || s.isOperand(word)
	case hasDigit(word) && !codePrefixed(word), strings.Contains(word, "@"), strings.Contains(word, "://"):
		return true
	case isPath(word), isFile(word), isHex(word), isHost(word), isRandom(word):
		return true
	}
	return s.isHostName(word) || s.isOperand(word) || hostNouns[s.words[0]] && isCompound(word)
}

// isHostName reports whether a word is the name in "lookup db: no such host",
// "no such host: db" or "connect to db-primary".
func (s *scanner) isHostName(word string) bool {
	if s.words[0] == "host" && s.words[1] == "such" {
		return true
	}
	if s.words[0] == "to" && strings.HasPrefix(s.words[1], "connect") && isCompound(word) {
		return true
	}
	if s.words[0] != "lookup" || word == "failed" || word == "error" || word == "timeout" {
		return false
	}
	return strings.HasPrefix(s.rest(), ":") || strings.HasPrefix(s.rest(), " on ")
}

// isOperand reports whether a word is the path in "open config: no such file".
func (s *scanner) isOperand(word string) bool {
	if !fileOperations[s.words[0]] || !strings.HasPrefix(s.rest(), ": ") || strings.Contains(word, ":") {
		return false
	}
	return s.followsOperation()
}

// followsOperation reports whether the last word begins the line or follows a
// colon.
func (s *scanner) followsOperation() bool {
	out := strings.TrimSuffix(strings.ToLower(string(s.out)), " ")
	before := strings.TrimSuffix(out, s.words[0])
	return before == "" || strings.HasSuffix(before, ": ")
}

// names reports whether a word is the name of a part of a database behind its
// noun, such as index idx_1.
func (s *scanner) names(word string) bool {
	return databaseNouns[s.words[0]] && isIdentifier(word) && strings.Contains(word, "_") && !hasLongNumber(word)
}

// hasLongNumber reports whether a name ends in a date or a serial number.
func hasLongNumber(name string) bool {
	return len(name)-len(strings.TrimRight(name, "0123456789")) >= 4
}

// operand writes a path with spaces, as in "open my file.txt: no such file". It
// reports false if the current position is not behind a file operation, or if
// no word of the operand looks like a path.
func (s *scanner) operand() bool {
	if n := len(s.out); n == 0 || s.out[n-1] != ' ' || !fileOperations[s.words[0]] {
		return false
	}
	path, _, found := strings.Cut(s.rest(), ": ")
	if !found || !strings.Contains(path, " ") || !s.followsOperation() {
		return false
	}
	for word := range strings.FieldsSeq(path) {
		if isPath(word) || isFile(word) {
			s.i += len(path)
			s.vary(variable)
			return true
		}
	}
	return false
}

// address writes an IPv6 address in brackets with its port. It reports false if
// the brackets contain something else.
func (s *scanner) address() bool {
	end := strings.IndexByte(s.rest(), ']')
	if end < 0 {
		return false
	}
	if _, err := netip.ParseAddr(s.rest()[1:end]); err != nil {
		return false
	}
	s.i += end + 1
	if strings.HasPrefix(s.rest(), ":") {
		for s.i++; s.i < len(s.text) && isDigit(s.text[s.i]); s.i++ {
		}
		if s.text[s.i-1] == ':' { // no port
			s.i--
		}
	}
	s.vary(variable)
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func hasDigit(word string) bool {
	for i := range len(word) {
		if isDigit(word[i]) {
			return true
		}
	}
	return false
}

func isLetters(word string) bool {
	for i := range len(word) {
		if c := word[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// isNumber reports whether a word is a number, perhaps with a sign or a
// fraction.
func isNumber(word string) bool {
	return hasDigit(word) && strings.Trim(word, "0123456789.+-_") == ""
}

// isIdentifier reports whether a word may be a name that a program defines.
func isIdentifier(word string) bool {
	if word == "" || len(word) > 64 || isDigit(word[0]) {
		return false
	}
	for i := range len(word) {
		if c := word[i]; !isWord(c) && strings.IndexByte("_.-$/", c) < 0 {
			return false
		}
	}
	return true
}

// isCompound reports whether a word has parts, as names of hosts have.
func isCompound(word string) bool { return strings.ContainsAny(word[1:], "-._") }

// isWord reports whether c is an ASCII letter, a digit or a byte of a rune
// beyond ASCII.
func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}

func isPath(word string) bool {
	rooted := len(word) > 1 && (word[0] == '/' || word[0] == '~') && strings.Contains(word, "/")
	relative := strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../")
	onWindows := len(word) > 2 && word[1:3] == `:\` || strings.HasPrefix(word, `\\`)
	return rooted || relative || onWindows || strings.Count(word, "/") >= 2
}

// isFile reports whether a word ends in the extension of a data file.
func isFile(word string) bool {
	i := strings.LastIndexByte(word, '.')
	return i > 0 && extensions[strings.ToLower(word[i+1:])]
}

// isHex reports whether a word without digits is long enough to be a
// hexadecimal number and not, say, "added".
func isHex(word string) bool {
	return len(word) >= 8 && strings.Trim(word, "abcdefABCDEF-:") == ""
}

// isHost reports whether a word is the name of a host, or a list of IPv6
// groups.
func isHost(word string) bool {
	if word == "localhost" || strings.Contains(word, "::") {
		return true
	}
	i := strings.LastIndexByte(word, '.')
	if i <= 0 || strings.ToLower(word) != word {
		return false
	}
	top := word[i+1:]
	return domains[top] || len(top) == 2 && strings.Count(word, ".") >= 2
}

// isRandom reports whether a word ends in the random part that Kubernetes
// gives a pod, which has five letters without vowels.
func isRandom(word string) bool {
	if i := strings.LastIndexByte(word, '.'); i > 0 && extensions[word[i+1:]] {
		word = word[:i]
	}
	i := strings.LastIndexByte(word, '-')
	return i > 0 && len(word)-i == 6 && strings.Trim(word[i+1:], "bcdfghjklmnpqrstvwxz") == ""
}

// isTime reports whether a word is part of a time: a day, a month or a zone
// beside a number.
func (s *scanner) isTime(word string) bool {
	if !timeWords[word] {
		return false
	}
	next := strings.TrimLeft(s.rest(), ", .")
	following, _, _ := strings.Cut(next, " ")
	return s.words[0] == variable || next != "" && isDigit(next[0]) || timeWords[following]
}
