package text

import "strings"

// Credentials in the addresses of services, found by their '@'.

// walkSigns offers each '@' to the matchers until one is done with it.
func walkSigns(sc *scan, matchers []matcher) {
	s := sc.s
	sc.linked = strings.Contains(s, "://")
	for i := 0; i < len(s); i++ {
		k := strings.IndexByte(s[i:], '@')
		if k < 0 {
			return
		}
		i += k
		if c := sc.covered(i); c > i {
			i = c - 1
			continue
		}
		for m := range matchers {
			if matchers[m].sign(sc, i) {
				break
			}
		}
	}
}

const (
	maxUserinfo = 512 // bytes before an '@' that are searched for its scheme
	maxLogin    = 128 // and for a user's name without a scheme
)

var (
	urlBytes       = except("\x00- \"'<>`")
	authorityBytes = except("\x00- \"'<>`/?#,")
	loginBytes     = except("\x00- \"'<>`=,;([{/")
)

// userinfo matches the password in scheme://user:password@host. It may hold any
// character, also ones that should have been encoded.
func userinfo(sc *scan, at int) bool {
	if !sc.linked {
		return false
	}
	s := sc.s
	start := urlBytes.back(s, at, maxUserinfo)
	k := strings.LastIndex(s[start:at], "://")
	if k < 0 {
		return false
	}
	start += k + len("://")
	user, password, ok := strings.Cut(s[start:at], ":")
	switch {
	case strings.ContainsAny(user, "/?#"):
		return false // the '@' is in the path or in the query
	case !ok:
		if !shaped(user) {
			return false
		}
		sc.add(start, at) // https://token@host
		return true
	}
	if port, _, path := strings.Cut(password, "/"); path && IsNumber(port) {
		return false // https://host:8080/@name
	}
	if !isHidden(password) {
		sc.add(start+len(user)+1, lastAt(s, at))
	}
	return true
}

// lastAt returns the last '@' of the authority that has one at i: "p@ss@host".
func lastAt(s string, i int) int {
	end := authorityBytes.skip(s, i+1)
	return i + strings.LastIndexByte(s[i:end], '@')
}

// login matches user:password@host without a scheme, as in MySQL's
// user:password@tcp(host:3306)/db.
func login(sc *scan, at int) bool {
	s := sc.s
	start := loginBytes.back(s, at, maxLogin)
	user, password, _ := strings.Cut(s[start:at], ":")
	if user == "" || password == "" || !startsHost(s[at+1:]) {
		return false
	}
	if inBraces(s, start) && !shaped(password) || isHidden(password) {
		return false
	}
	sc.add(start+len(user)+1, at)
	return true
}

// inBraces reports whether a brace precedes start: {Image:logo@2x.png}.
func inBraces(s string, start int) bool {
	return start > 0 && (s[start-1] == '{' || s[start-1] == '[')
}

// startsHost reports whether s starts with a host rather than with a version
// or a digest (image:tag@sha256:…).
func startsHost(s string) bool {
	if s == "" || strings.HasPrefix(s, "sha") || strings.HasPrefix(s, "md5:") {
		return false
	}
	host := s[:dottedBytes.skip(s, 0)]
	if host == "" {
		return s[0] == '/' || s[0] == '['
	}
	return !sizeBytes.all(host) || strings.Count(host, ".") == 3
}
