package redact

import "strings"

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
	if !ok || user == "" || password == "" || i+1 >= len(s) || !hostAt(s[i+1:]) {
		return
	}
	sc.add(start+len(user)+1, i)
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

// mail handles e-mail addresses: a local part, a domain, an alphabetic top level.
func (sc *scanner) mail(i int) bool {
	s := sc.s
	start := i
	for start > 0 && start > i-64 && (wordByte(s[start-1]) || strings.IndexByte(".+%!#$&*^~", s[start-1]) >= 0) {
		start--
	}
	for start < i && !alnum(s[start]) && s[start] != '_' {
		start++
	}
	end, top, dots := i+1, i+1, 0
	for j := i + 1; j < len(s); j++ {
		if s[j] == '.' {
			if j+1 == len(s) || !alnum(s[j+1]) {
				break
			}
			dots, top = dots+1, j+1
		} else if !alnum(s[j]) && s[j] != '-' {
			break
		}
		end = j + 1
	}
	if start == i || dots == 0 || !isTopLevel(s[top:end]) {
		return false
	}
	if s[start:i] == "git" || end < len(s) && (s[end] == ':' || s[end] == '/') && end+1 < len(s) && alnum(s[end+1]) && start > 0 && s[start-1] == ':' {
		return false // git@host:path; user:password@host/db
	}
	sc.add(start, end)
	return true
}

// isTopLevel reports an alphabetic label that is not the extension of a file or
// of a systemd unit (logo@2x.png, getty@tty1.service).
func isTopLevel(s string) bool {
	s = strings.TrimRight(s, "-")
	if len(s) < 2 || !onlyBytes(s, func(b byte) bool { return traitsOf[b]&letter != 0 }) {
		return false
	}
	return !notTopLevels[strings.ToLower(s)]
}

var notTopLevels = set(`png jpg jpeg gif svg webp js mjs ts css map json yaml yml tgz zip gz tar jar service socket timer target
	mount slice scope device`, strings.ToLower)
