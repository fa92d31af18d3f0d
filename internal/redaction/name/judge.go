package name

import "strings"

// Lists are a policy's own names, on top of the default lists. A name covers
// all its spellings.
type Lists struct {
	Secret, Plain       []string // a name on both is secret
	Headers, Parameters []string // their values may be shown
}

// A Judge knows the names of one policy. It is safe for concurrent use.
type Judge struct {
	own        map[string]bool // folded; true is secret, false is plain
	headers    map[string]bool // in lower case
	parameters map[string]bool // folded
}

// NewJudge returns a judge with the default lists and these.
func NewJudge(l Lists) *Judge {
	j := &Judge{
		own:        make(map[string]bool),
		headers:    set(plainHeaders, strings.ToLower),
		parameters: set(plainParameters, Fold),
	}
	for _, n := range l.Plain {
		j.own[Fold(n)] = false
	}
	for _, n := range l.Secret {
		j.own[Fold(n)] = true
	}
	for _, n := range l.Headers {
		j.headers[strings.ToLower(n)] = true
	}
	for _, n := range l.Parameters {
		j.parameters[Fold(n)] = true
	}
	return j
}

// maxName is the number of bytes of a name that are judged.
const maxName = 256

// Verdict judges a name.
func (j *Judge) Verdict(name string) Verdict {
	name = decode(name[:min(len(name), maxName)])
	ascii := isASCII(name)
	if len(j.own) > 0 || !ascii {
		folded := Fold(name)
		if secret, ok := j.own[folded]; ok {
			return ownVerdict(secret)
		}
		if !ascii && scriptSecret(folded) {
			return VerdictSecret
		}
	}
	var room [8]string
	return judgeWords(appendWords(room[:0], name))
}

func ownVerdict(secret bool) Verdict {
	if secret {
		return VerdictSecret
	}
	return VerdictPlain
}

// Parameter judges the name of a query parameter. If listed is true, a plain
// verdict holds for every value; otherwise a value may still be a credential.
func (j *Judge) Parameter(name string) (v Verdict, listed bool) {
	name = decode(name)
	folded := Fold(name)
	if secret, ok := j.own[folded]; ok {
		return ownVerdict(secret), true
	}
	switch {
	case j.parameters[folded]:
		return VerdictPlain, true
	case secretParameters[folded]:
		return VerdictSecret, true
	}
	return j.Verdict(name), false
}

// Flag reports whether a word is a command-line flag whose argument is secret:
// --password, or the -password of Java's tools.
func (j *Judge) Flag(word string) bool {
	return len(word) > 3 && word[0] == '-' && j.Verdict(word) != VerdictPlain
}

// ShowsHeader reports whether an HTTP header is on the list of those whose
// values may be shown.
func (j *Judge) ShowsHeader(name string) bool { return j.headers[strings.ToLower(name)] }

// IsPrivateKey reports whether the name of a type says that its values are
// private keys, whatever their structure: PrivateKey, DecapsulationKey768.
func IsPrivateKey(typeName string) bool {
	words := withoutVersion(Words(strings.TrimRight(typeName, "0123456789")))
	n := len(words)
	if n < 2 || words[n-1] != "key" && words[n-1] != "keys" {
		return false
	}
	switch words[n-2] {
	case "private", "priv", "secret", "decapsulation", "signing":
		return true
	}
	return false
}
