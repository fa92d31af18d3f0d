package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mail matches e-mail addresses: a local part, a domain, a top level of
// letters.
func mail(sc *scan, at int) bool {
	s := sc.s
	start := localPart(s, at)
	end, top := domainEnd(s, at+1)
	if start == at || top == at+1 || !isTopLevel(s[top:end]) {
		return false
	}
	if s[start:at] == "git" || isPasswordAt(s, start, end) {
		return false // git@host:path
	}
	sc.add(start, end)
	return true
}

// isPasswordAt reports whether s[start:end] is the middle of
// user:password@host/db.
func isPasswordAt(s string, start, end int) bool {
	if start == 0 || s[start-1] != ':' || end+1 >= len(s) {
		return false
	}
	return (s[end] == ':' || s[end] == '/') && alnum[s[end+1]]
}

// maxLocalPart is the number of bytes that the local part of an address may
// have (RFC 5321, 4.5.3.1.1).
const maxLocalPart = 64

var localBytes = chars("0-9A-Za-z_.+%!#$&*^~-")

// localPart returns the start of the local part that ends at i. Letters of
// other scripts belong to it unless a Latin letter is between them and the
// '@'; then they are the text before the address: "메일hong@example.com".
func localPart(s string, i int) int {
	low := max(0, i-maxLocalPart)
	if i > 1 && s[i-1] == '"' { // "a b"@example.com
		if k := strings.LastIndexByte(s[low:i-1], '"'); k >= 0 {
			return low + k
		}
	}
	start := localBytes.back(s, i, maxLocalPart)
	for start < i && !alnum[s[start]] && s[start] != '_' {
		start++
	}
	latin := start < i
	for start > low {
		c, n := utf8.DecodeLastRuneInString(s[:start])
		if !unicode.IsLetter(c) || latin && isCaseless(c) {
			break
		}
		start -= n
	}
	return start
}

// isCaseless reports whether a character belongs to a script without case.
func isCaseless(c rune) bool { return c >= utf8.RuneSelf && unicode.Is(unicode.Lo, c) }

func isLabelRune(c rune) bool { return c == '-' || isAlnumRune(c) }

func isAlnumRune(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// domainEnd returns where the domain at i ends and where its last label starts.
// Without a dot that is i. A last label of ASCII ends at the first letter of a
// script without case: "hong@example.com으로".
func domainEnd(s string, i int) (end, top int) {
	end, top = i, i
	for end < len(s) {
		c, n := utf8.DecodeRuneInString(s[end:])
		switch {
		case c == '.' && startsLabel(s[end+1:]):
			top = end + 1
		case !isLabelRune(c):
			return end, top
		case isCaseless(c) && isLatinLabel(s, top, end) && top > i && !hasDot(s[end:]):
			return end, top
		}
		end += n
	}
	return end, top
}

// isLatinLabel reports whether s[top:end] can be a top-level domain of ASCII.
func isLatinLabel(s string, top, end int) bool { return end-top >= 2 && alnum[s[top]] }

func startsLabel(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return isAlnumRune(c)
}

// hasDot reports whether a further label follows the one that s starts with.
func hasDot(s string) bool {
	for j, c := range s {
		if !isLabelRune(c) {
			return c == '.' && startsLabel(s[j+1:])
		}
	}
	return false
}

// isTopLevel reports whether s is a top-level domain: letters only, and not the
// extension of a file or of a systemd unit (logo@2x.png, getty@tty1.service).
func isTopLevel(s string) bool {
	s = strings.TrimRight(s, "-")
	if !isASCII(s) {
		return strings.IndexFunc(s, func(c rune) bool { return !unicode.IsLetter(c) }) < 0
	}
	if strings.HasPrefix(s, "xn--") {
		return len(s) > len("xn--a")
	}
	return len(s) >= 2 && letters.all(s) && !extensions[strings.ToLower(s)]
}

var extensions = set(`png jpg jpeg gif svg webp js mjs ts css map json yaml yml tgz zip gz tar jar service socket timer target
	mount slice scope device`)
