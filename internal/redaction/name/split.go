package name

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold reduces a name to its letters and digits in lower case, so that all
// spellings of a name become the same text.
func Fold(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	for _, c := range composeHangul(name) {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return b.String()
}

// Words splits a name into lower-case words. A word ends at every character
// that is not a letter or digit, at a change from lower to upper case, and
// before the last capital of a run: "APIKey" is api, key. It also ends
// between Latin letters and a script without case: "OTP번호" is otp, 번호.
func Words(name string) []string { return appendWords(nil, name) }

func appendWords(words []string, name string) []string {
	start := -1
	var prev rune
	for i, c := range name {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			words, start, prev = appendWord(words, name, start, i), -1, 0
			continue
		}
		if start < 0 {
			start = i
		} else if startsWord(prev, c, name[i:]) {
			words, start = appendWord(words, name, start, i), i
		}
		prev = c
	}
	return appendWord(words, name, start, len(name))
}

func appendWord(words []string, name string, start, end int) []string {
	if start < 0 {
		return words
	}
	return append(words, strings.ToLower(name[start:end]))
}

// startsWord reports whether c, the first character of rest, starts a word
// after prev.
func startsWord(prev, c rune, rest string) bool {
	if isCaseless(c) != isCaseless(prev) {
		return true
	}
	return unicode.IsUpper(c) && (unicode.IsLower(prev) || unicode.IsDigit(prev) || capitalizes(rest))
}

// isCaseless reports whether a character belongs to a script without case.
func isCaseless(c rune) bool { return c >= utf8.RuneSelf && unicode.Is(unicode.Lo, c) }

// capitalizes reports whether the capital that starts s is the first letter
// of a word in lower case: Key in APIKey. It is not in the plural of an
// acronym: apiIDs, JWTs.
func capitalizes(s string) bool {
	_, n := utf8.DecodeRuneInString(s)
	next, m := utf8.DecodeRuneInString(s[n:])
	if next != 's' {
		return unicode.IsLower(next)
	}
	after, _ := utf8.DecodeRuneInString(s[n+m:])
	return unicode.IsLower(after)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// narrow returns the ASCII character of a fullwidth form.
func narrow(c rune) rune {
	if c >= '！' && c <= '～' {
		return c - '！' + '!'
	}
	return c
}

// decode undoes the percent-encoding of a name, pass%77ord, and its fullwidth
// forms.
func decode(s string) string {
	if !isASCII(s) {
		s = strings.Map(narrow, s)
	}
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(v))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
