package text

import "strings"

// Texts that follow the name of a secret and reveal nothing of it.

// isConstant reports whether v is a value that reveals nothing.
func isConstant(v string) bool {
	if IsPlaceholder(strings.Trim(v, "\"'`,;")) {
		return true
	}
	switch strings.ToLower(strings.Trim(v, "\"'`,;)]}")) {
	case "", "true", "false", "null", "nil", "<nil>", "none", "undefined", "yes", "no", "***", "****":
		return true
	}
	return false
}

// maxRemark is the number of bytes that isRemark needs of a text, enough for
// two words.
const maxRemark = 128

// isRemark reports whether the line at the start of v describes a secret
// instead of giving it, as error texts do: "invalid token: signature
// mismatch", "password: too short".
func isRemark(v string) bool {
	if v != "" && isQuote(v[0]) {
		return false
	}
	word, rest, _ := strings.Cut(strings.TrimLeft(v[:lineEnd(v, 0)], " "), " ")
	next, _, _ := strings.Cut(rest, " ")
	word = statusWord(word)
	if statusWords[word] || isStatusCode(word) && startsWithCapital(next) {
		return true // 400 Bad Request
	}
	return lowerCase.all(word) && statusWords[statusWord(next)]
}

// statusWord returns a word in lower case without the punctuation behind it.
func statusWord(w string) string { return strings.ToLower(strings.TrimRight(w, ".,:;!\"'`)]}\\")) }

// isStatusCode reports whether w is the HTTP status of an error.
func isStatusCode(w string) bool { return len(w) == 3 && (w[0] == '4' || w[0] == '5') }

func startsWithCapital(w string) bool { return w != "" && w[0] >= 'A' && w[0] <= 'Z' }

var statusWords = set(`too must is are was were not no invalid missing required expired does do did cannot can can't
	should has have unexpected failed failure fails wrong mismatch unknown malformed bad empty incorrect unauthorized
	unauthenticated denied unable could couldn't illegal unsupported already revoked rejected refused contains needs
	expected an a the at of in for from with only please ok valid changed updated reset deleted created disabled enabled
	EOF eof connection context parse parsing error errors timeout exceeded canceled short long weak length`)

// set returns the words of a list in lower case.
func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[strings.ToLower(w)] = true
	}
	return m
}
