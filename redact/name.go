package redact

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// A verdict says what a name means for the value under it.
type verdict uint8

const (
	plain   verdict = iota // nothing
	secret                 // the value is secret, whole
	scalar                 // the value is secret unless it has members of its own
	counted                // the value is secret unless it is a number ("tokens": 1532)
)

// Key reports whether the value under a name is secret.
func (r *Redactor) Key(name string) bool { return r.name(name).verdict != plain }

// A judged name is what is known of one name: the verdict, and whether it can be
// written as it is.
type judged struct {
	verdict verdict
	clean   bool   // needs no escaping and holds no secret itself
	member  string // the name as a member of an object, if it is clean: "name":
}

// nameCache remembers verdicts. Services use a small set of names, so lookups
// must cost nothing beside the line: readers load a map that is never changed,
// writers replace it. Names from outside (map keys) can be without number;
// the cache then stops growing.
type nameCache struct {
	m  atomic.Pointer[map[string]judged]
	mu sync.Mutex // serialises writers
}

const maxCachedNames, maxCachedName = 4096, 64

func (r *Redactor) name(name string) judged {
	m := r.names.m.Load()
	if m != nil {
		if j, ok := (*m)[name]; ok {
			return j
		}
	}
	j := judged{verdict: r.judge(name)}
	if j.clean = !needsEscape(name) && len(name) <= maxName && !r.suspect(name); j.clean {
		j.member = `"` + name + `":`
	}
	if len(name) <= maxCachedName && (m == nil || len(*m) < maxCachedNames) {
		r.names.add(strings.Clone(name), j)
	}
	return j
}

func (c *nameCache) add(name string, j judged) {
	if !c.mu.TryLock() {
		return // someone else is adding: the next line will add this name
	}
	defer c.mu.Unlock()
	next := map[string]judged{name: j}
	if old := c.m.Load(); old != nil {
		for k, v := range *old {
			next[k] = v
		}
	}
	c.m.Store(&next)
}

func (r *Redactor) judge(name string) verdict {
	if len(name) > maxName {
		name = name[:maxName]
	}
	if strings.IndexByte(name, '%') >= 0 {
		name = unescape(name, true).text
	}
	sq := squash(name)
	if isSecret, ok := r.keys[sq]; ok {
		if isSecret {
			return secret
		}
		return plain
	}
	if v := judgeScript(sq); v != plain {
		return v
	}
	return judgeWords(split(name))
}

// judgeScript judges names in scripts that do not separate words.
func judgeScript(sq string) verdict {
	if isASCII(sq) {
		return plain
	}
	for _, w := range scriptSecrets {
		if _, rest, ok := strings.Cut(sq, w); ok && !isScriptTail(rest) {
			return secret
		}
	}
	return plain
}

// isScriptTail reports what turns the name of a secret before it into a fact about
// the secret: 비밀번호 변경 일시.
func isScriptTail(rest string) bool {
	return slices.ContainsFunc(scriptTails, func(tail string) bool {
		return strings.HasPrefix(rest, tail) || strings.HasSuffix(rest, tail)
	})
}

// judgeWords looks for a word that names a secret and then asks whether the
// words around it turn it into a fact about the secret: token_count.
func judgeWords(words []string) verdict {
	for len(words) > 1 && (isNumber(words[len(words)-1]) || words[len(words)-1] == "v") {
		words = words[:len(words)-1] // password2, apiKeyV2
	}
	if len(words) == 0 {
		return plain
	}
	for n := min(3, len(words)); n > 1; n-- { // api-key, pass_word, resident registration number
		for i := 0; i+n <= len(words); i++ {
			if v := listed(strings.Join(words[i:i+n], "")); v != plain {
				if v = inContext(v, words, i, i+n); v != plain {
					return v
				}
			}
		}
	}
	for i, w := range words {
		if v := word(w); v != plain {
			if v = inContext(v, words, i, i+1); v != plain {
				return v
			}
		}
	}
	return judgeKey(words)
}

// inContext applies the words before and after the secret one, words[i:j].
func inContext(v verdict, words []string, i, j int) verdict {
	last := words[len(words)-1]
	if j < len(words) {
		switch {
		case metaTails[last]:
			return plain
		case (v == weak || v == scalar) && !carriers[last]:
			return plain
		case v == sole || v == reach:
			return plain
		}
	}
	switch {
	case v == reach && i > 0 && noOwners[words[i-1]]:
		return plain
	case v == reach:
		return secret
	case v == sole && i > 0 && !owners[words[i-1]]:
		return plain
	case v == sole || v == weak:
		return secret
	case v == secret && countHeads[words[0]] && i > 0:
		return counted
	case v == plural:
		return counted
	}
	return v
}

// Classes of secret words, on top of the verdicts.
const (
	weak   = iota + verdict(16) // means a secret only as the last word: signature, pin
	sole                        // means a secret only alone or after its owner: pass, user_pass
	reach                       // means someone's as the last word: from_email, but not via_email
	plural                      // tokens: secret, but a number counts them
)

// listed returns the class of a word on the list, which may be in the plural and
// be numbered.
func listed(w string) verdict {
	if t := strings.TrimRight(w, "0123456789"); t != "" && secretWords[w] == plain {
		w = t
	}
	if v := secretWords[w]; v != plain || len(w) < 5 {
		return v
	}
	return secretWords[strings.TrimSuffix(w, "s")]
}

// word returns the class of one lower-case word, which may be several written as
// one.
func word(w string) verdict {
	if v := listed(w); v != plain {
		return v
	}
	w = strings.TrimRight(w, "0123456789")
	for _, s := range secretSuffixes { // userpassword
		if len(w) > len(s)+1 && strings.HasSuffix(w, s) {
			return secret
		}
	}
	for _, p := range secretPrefixes { // passwordhash, but not passwordlength
		if rest, ok := strings.CutPrefix(w, p); ok && rest != "" && !metaTails[rest] && !metaTails[strings.TrimSuffix(rest, "s")] {
			return secret
		}
	}
	return plain
}

// judgeKey judges names with the word key, which means a secret only after a
// word for what it opens, and with the word number.
func judgeKey(words []string) verdict {
	for i, w := range words {
		if i > 0 && numberOwners[words[i-1]] && (w == "no" || w == "num" || w == "nr" || w == "number") {
			return inContext(secret, words, i-1, i+1)
		}
		if (w == "key" || w == "keys") && i > 0 && keyOwners[words[i-1]] {
			if i+1 < len(words) && !carriers[words[len(words)-1]] {
				return plain
			}
			return secret
		}
	}
	return plain
}

// split cuts a name into lower-case words: at anything that is not a letter or
// digit, at a change from lower to upper case, before the last capital of a run
// ("APIKey" is api, key), and between Latin letters and a script without case
// ("OTP번호" is otp, 번호).
func split(name string) []string {
	var words []string
	start := -1
	var prev rune
	for i, c := range name {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			words, start, prev = cut(words, name, start, i), -1, 0
			continue
		}
		if start < 0 {
			start = i
		} else if unicode.IsUpper(c) && (unicode.IsLower(prev) || unicode.IsDigit(prev) || beforeLower(name, i, c)) || isCaseless(c) != isCaseless(prev) {
			words, start = cut(words, name, start, i), i
		}
		prev = c
	}
	return cut(words, name, start, len(name))
}

// isCaseless reports letters of scripts without case.
func isCaseless(c rune) bool { return c >= utf8.RuneSelf && unicode.Is(unicode.Lo, c) }

// beforeLower reports whether the capital at i starts a word: Key in APIKey.
func beforeLower(name string, i int, c rune) bool {
	next, n := utf8.DecodeRuneInString(name[i+utf8.RuneLen(c):])
	if !unicode.IsLower(next) {
		return false
	}
	// A plural s after an acronym is not a word: "apiIDs", "JWTs".
	rest := name[i+utf8.RuneLen(c)+n:]
	return next != 's' || rest != "" && unicode.IsLower(first(rest))
}

func first(s string) rune {
	c, _ := utf8.DecodeRuneInString(s)
	return c
}

func cut(words []string, name string, start, end int) []string {
	if start < 0 {
		return words
	}
	return append(words, strings.ToLower(name[start:end]))
}

// squash folds a name to its letters and digits in lower case, so that all
// spellings of a name become one.
func squash(name string) string {
	var b strings.Builder
	for _, c := range composeHangul(name) {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return b.String()
}

// composeHangul joins decomposed syllables (Unicode 3.12), as file systems and
// some keyboards produce them.
func composeHangul(s string) string {
	const lBase, vBase, tBase, sBase = 0x1100, 0x1161, 0x11A7, 0xAC00
	if isASCII(s) {
		return s
	}
	var out []rune
	for _, c := range s {
		n := len(out)
		switch {
		case n > 0 && c >= vBase && c < vBase+21 && out[n-1] >= lBase && out[n-1] < lBase+19:
			out[n-1] = sBase + ((out[n-1]-lBase)*21+(c-vBase))*28
		case n > 0 && c > tBase && c < tBase+28 && out[n-1] >= sBase && out[n-1] < sBase+11172 && (out[n-1]-sBase)%28 == 0:
			out[n-1] += c - tBase
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isNumber(w string) bool { return strings.Trim(w, "0123456789") == "" }
