package text

import (
	"encoding/json"
	"strings"
)

// The ends of values, and their forms.

// valueEnd returns the end of the value at i: after the closing quote or
// bracket if it has one, otherwise before a blank or the separator of the next
// pair.
func valueEnd(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	if isQuote(s[i]) {
		return quoteEnd(s, i)
	}
	if n := escapedQuote(s[i:]); n > 0 {
		if k := strings.Index(s[i+n:], s[i:i+n]); k >= 0 {
			return i + n + k + n
		}
		return len(s)
	}
	if opening[s[i]] {
		i = bracketEnd(s, i) // {SSHA}…
	}
	depth := 0 // of the brackets that opened in the value
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case opening[c]:
			depth++
		case closing[c] && depth > 0:
			depth--
		case endsValue(s, i):
			return i
		}
	}
	return len(s)
}

var (
	opening    = chars("[{(")
	closing    = chars(")]}")
	separators = chars(",;&|")
	stops      = chars("\x00- <>\"'`")    // always end a value
	afterClose = chars("\x00- )]},;.\"'") // follow a bracket around the value
)

func endsValue(s string, i int) bool {
	c := s[i]
	switch {
	case stops[c]:
		return true
	case separators[c]:
		return separates(s, i+1)
	case closing[c]:
		return i+1 == len(s) || afterClose[s[i+1]]
	}
	return false
}

// separates reports whether the end or another pair follows a separator. If
// not, the separator is part of the value.
func separates(s string, i int) bool {
	if i >= len(s) || s[i] <= ' ' || isQuote(s[i]) {
		return true
	}
	j := nameBytes.skip(s[:min(len(s), i+maxPairName)], i)
	return j > i && j < len(s) && j < i+maxPairName && pairSigns[s[j]]
}

var pairSigns = chars("=:;&")

func isQuote(b byte) bool { return b == '"' || b == '\'' || b == '`' }

// escapedQuote returns the length of a quote with backslashes before it at the
// start of s, or 0.
func escapedQuote(s string) int {
	n := 0
	for n < len(s) && s[n] == '\\' {
		n++
	}
	if n == 0 || n == len(s) || !isQuote(s[n]) {
		return 0
	}
	return n + 1
}

func quoteEnd(s string, i int) int {
	q := s[i]
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case q:
			if q == '\'' && j+1 < len(s) && s[j+1] == q { // SQL doubles it
				j++
				continue
			}
			return j + 1
		}
	}
	return len(s)
}

func bracketEnd(s string, i int) int {
	depth := 0
	for j := i; j < len(s); j++ {
		switch s[j] {
		case '[', '{', '(':
			depth++
		case ']', '}', ')':
			if depth--; depth == 0 {
				return j + 1
			}
		case '\n':
			if depth > 0 && s[i] == '(' {
				return j
			}
		}
	}
	return len(s)
}

func lineEnd(s string, i int) int {
	if k := strings.IndexAny(s[i:], "\r\n"); k >= 0 {
		return i + k
	}
	return len(s)
}

// shaped reports whether a word looks generated, or chosen to satisfy a
// password rule, rather than taken from a language: it has six characters or
// more, and both letters and digits or symbols.
func shaped(w string) bool {
	var hasLetter, hasOther bool
	for i := range len(w) {
		switch c := w[i]; {
		case letters[c]:
			hasLetter = true
		case digits[c], symbols[c] && i > 0 && i < len(w)-1:
			hasOther = true
		}
	}
	return len(w) >= shortCredential && hasLetter && hasOther
}

var symbols = chars("!@#$%^&*+~?")

// IsCounts reports whether s is a JSON object in which every value is a number.
func IsCounts(s string) bool {
	if s == "" || s[0] != '{' || !json.Valid([]byte(s)) {
		return false
	}
	for quoted := false; s != ""; s = s[1:] {
		switch c := s[0]; {
		case c == '"':
			quoted = !quoted
		case c == '\\': // in a string
			s = s[1:]
		case c == ':' && !quoted && !isNumber(strings.TrimLeft(s[1:], " \t\r\n")):
			return false
		}
	}
	return true
}

// isNumber reports whether the JSON value that s begins with is a number or
// null.
func isNumber(s string) bool { return s[0] == '-' || s[0] == 'n' || digits[s[0]] }
