package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// addresses redacts the credentials in the addresses of services, and e-mail
// addresses.
func (sc *scanner) addresses(t traits) {
	if t&at == 0 {
		return
	}
	s := sc.s
	scheme := strings.Contains(s, "://")
	for i := 0; i < len(s); {
		k := strings.IndexByte(s[i:], '@')
		if k < 0 {
			return
		}
		i += k
		if c := sc.covered(i); c > i {
			i = c
			continue
		}
		if done := scheme && sc.userinfo(i) || sc.mail(i); !done {
			sc.login(i)
		}
		i++
	}
}

// maxUserinfo bounds how far before an '@' its address is looked for.
const maxUserinfo = 512

// userinfo handles scheme://user:password@host. The password may hold any
// character, also ones that should have been encoded, so the last '@' before a
// blank or a quote counts.
func (sc *scanner) userinfo(i int) bool {
	s := sc.s
	start := i
	for start > 0 && start > i-maxUserinfo && s[start-1] > ' ' && strings.IndexByte("\"'<>`", s[start-1]) < 0 {
		start--
	}
	k := strings.LastIndex(s[start:i], "://")
	if k < 0 {
		return false
	}
	start += k + len("://")
	user, password, ok := strings.Cut(s[start:i], ":")
	if strings.ContainsAny(user, "/?#") {
		return false // the '@' is in the path or in the query
	}
	if !ok {
		if shaped(user) && len(user) >= shortCredential {
			sc.add(start, i) // https://token@host
			return true
		}
		return false
	}
	if port, _, slash := strings.Cut(password, "/"); slash && isNumber(port) {
		return false // https://host:8080/@name
	}
	if end := sc.lastAt(i); end > i {
		i = end
	}
	sc.add(start+len(user)+1, i)
	return true
}

// lastAt returns a later '@' of the same authority: "p@ss@host".
func (sc *scanner) lastAt(i int) int {
	s := sc.s
	last := i
	for j := i + 1; j < len(s) && s[j] > ' ' && strings.IndexByte("/?#\"'<>`,", s[j]) < 0; j++ {
		if s[j] == '@' {
			last = j
		}
	}
	return last
}

// login handles user:password@host without a scheme, as in MySQL's
// user:password@tcp(host:3306)/db.
func (sc *scanner) login(i int) {
	s := sc.s
	start := i
	for start > 0 && start > i-128 && s[start-1] > ' ' && strings.IndexByte("\"'<>`=,;([{/", s[start-1]) < 0 {
		start--
	}
	user, password, ok := strings.Cut(s[start:i], ":")
	field := start > 0 && strings.IndexByte("{[", s[start-1]) >= 0 && !shaped(password) // {Image:logo@2x.png}
	if !ok || user == "" || password == "" || i+1 >= len(s) || !hostAt(s[i+1:]) || field {
		sc.slashed(i)
		return
	}
	sc.add(start+len(user)+1, i)
}

// slashed handles Oracle's user/password@host:1521. A path has no port behind its
// '@', and a password is no plain word.
func (sc *scanner) slashed(i int) {
	s := sc.s
	start := i
	for start > 0 && start > i-128 && s[start-1] > ' ' && strings.IndexByte("\"'<>`=,;([{/", s[start-1]) < 0 {
		start--
	}
	user := start - 1
	for user > 0 && wordByte(s[user-1]) {
		user--
	}
	if start == 0 || s[start-1] != '/' || user == start-1 || user > 0 && strings.IndexByte("/.@", s[user-1]) >= 0 || !shaped(s[start:i]) {
		return
	}
	host := i + 1
	for host < len(s) && (wordByte(s[host]) || s[host] == '.') {
		host++
	}
	if host > i+1 && host+1 < len(s) && s[host] == ':' && traitsOf[s[host+1]]&digit != 0 {
		sc.add(start, i)
	}
}

// hostAt reports whether a host follows rather than a version or a digest
// (image:tag@sha256:…).
func hostAt(s string) bool {
	if strings.HasPrefix(s, "sha") || strings.HasPrefix(s, "md5:") {
		return false
	}
	j := 0
	for j < len(s) && (wordByte(s[j]) || s[j] == '.') {
		j++
	}
	if j == 0 {
		return s[0] == '/' || s[0] == '['
	}
	dots := strings.Count(s[:j], ".")
	return !isNumber(strings.ReplaceAll(s[:j], ".", "")) || dots == 3
}

// mail handles e-mail addresses: a local part, a domain, a top level of letters.
func (sc *scanner) mail(i int) bool {
	s := sc.s
	start := localPart(s, i)
	end, top, dots := domainEnd(s, i+1)
	if start == i || dots == 0 || !isTopLevel(s[top:end]) {
		return false
	}
	if s[start:i] == "git" || end < len(s) && (s[end] == ':' || s[end] == '/') && end+1 < len(s) && alnum(s[end+1]) && start > 0 && s[start-1] == ':' {
		return false // git@host:path; user:password@host/db
	}
	sc.add(start, end)
	return true
}

// localPart returns the start of the local part that ends at i. Letters of other
// scripts count when none of ASCII stands between them and the '@', else they are
// the text before the address: "메일hong@example.com".
func localPart(s string, i int) int {
	if i > 1 && s[i-1] == '"' { // "a b"@example.com
		if k := strings.LastIndexByte(s[max(0, i-64):i-1], '"'); k >= 0 {
			return max(0, i-64) + k
		}
	}
	start := i
	for start > 0 && start > i-64 && (wordByte(s[start-1]) || strings.IndexByte(".+%!#$&*^~", s[start-1]) >= 0) {
		start--
	}
	for start < i && !alnum(s[start]) && s[start] != '_' {
		start++
	}
	latin := start < i
	for start > 0 && start > i-64 {
		c, n := utf8.DecodeLastRuneInString(s[:start])
		if !unicode.IsLetter(c) || latin && isCaseless(c) {
			break
		}
		start -= n
	}
	return start
}

// domainEnd returns where the domain at i ends, where its last label starts, and
// how many dots it has. A last label of ASCII ends at the first other letter:
// "hong@example.com으로".
func domainEnd(s string, i int) (end, top, dots int) {
	end, top = i, i
	for j := i; j < len(s); {
		c, n := utf8.DecodeRuneInString(s[j:])
		switch {
		case c == '.':
			next, _ := utf8.DecodeRuneInString(s[j+1:])
			if !unicode.IsLetter(next) && !unicode.IsDigit(next) {
				return end, top, dots
			}
			dots, top = dots+1, j+1
		case isCaseless(c) && dots > 0 && j-top >= 2 && alnum(s[top]) && strings.IndexByte(labelAt(s[j:]), '.') < 0:
			return end, top, dots
		case c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c):
			return end, top, dots
		}
		j += n
		end = j
	}
	return end, top, dots
}

// labelAt returns the start of s up to a blank, with the dot behind it if a
// label follows.
func labelAt(s string) string {
	for j, c := range s {
		if c == '.' {
			if next, _ := utf8.DecodeRuneInString(s[j+1:]); unicode.IsLetter(next) || unicode.IsDigit(next) {
				return s[:j+1]
			}
			return s[:j]
		}
		if c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return s[:j]
		}
	}
	return s
}

// isTopLevel reports an alphabetic label that is not the extension of a file or
// of a systemd unit (logo@2x.png, getty@tty1.service).
func isTopLevel(s string) bool {
	s = strings.TrimRight(s, "-")
	if !isASCII(s) {
		return strings.IndexFunc(s, func(c rune) bool { return !unicode.IsLetter(c) }) < 0
	}
	if len(s) < 2 || strings.HasPrefix(s, "xn--") {
		return len(s) > 5
	}
	if !onlyBytes(s, func(b byte) bool { return traitsOf[b]&letter != 0 }) {
		return false
	}
	return !notTopLevels[strings.ToLower(s)]
}

var notTopLevels = set(`png jpg jpeg gif svg webp js mjs ts css map json yaml yml tgz zip gz tar jar service socket timer target
	mount slice scope device`, strings.ToLower)
