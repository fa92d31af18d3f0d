package redact

import "strings"

// What stands behind the name of a secret but tells nothing of it: constants, and
// remarks about the secret.

// isConstant reports the values that reveal nothing.
func isConstant(v string) bool {
	switch strings.ToLower(strings.Trim(v, "\"'`,;)]}")) {
	case "", "true", "false", "null", "nil", "<nil>", "none", "undefined", "yes", "no", "***", "****":
		return true
	}
	return false
}

// speaksOf reports text that speaks of a secret instead of giving it, as error
// texts do: "invalid token: signature mismatch", "password: too short".
func speaksOf(v string) bool {
	w, rest, _ := strings.Cut(strings.TrimLeft(v, " "), " ")
	w = strings.ToLower(strings.TrimRight(w, closing))
	if statusWords[w] {
		return true
	}
	next, _, _ := strings.Cut(rest, " ")
	if len(w) == 3 && (w[0] == '4' || w[0] == '5') && next != "" && next[0] >= 'A' && next[0] <= 'Z' {
		return true // 400 Bad Request
	}
	return onlyBytes(w, func(b byte) bool { return b >= 'a' && b <= 'z' }) && statusWords[strings.ToLower(strings.TrimRight(next, closing))]
}

const closing = ".,:;!\"'`)]}\\"

var statusWords = set(`too must is are was were not no invalid missing required expired does do did cannot can can't
	should has have unexpected failed failure fails wrong mismatch unknown malformed bad empty incorrect unauthorized
	unauthenticated denied unable could couldn't illegal unsupported already revoked rejected refused contains needs
	expected an a the at of in for from with only please ok valid changed updated reset deleted created disabled enabled
	EOF eof connection context parse parsing error errors timeout exceeded canceled short long weak length`, strings.ToLower)
