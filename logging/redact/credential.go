package redact

import (
	"encoding/base64"
	"strings"
)

// Credentials that are known by their form.

// A format is a credential that starts with a fixed prefix.
type format struct {
	prefix string
	min    int                 // least number of bytes after the prefix
	chars  func(b byte) bool   // what they are made of
	check  func(s string) bool // whether the whole is one; nil is yes
}

func alnum(b byte) bool    { return traitsOf[b]&(letter|digit) != 0 }
func wordByte(b byte) bool { return traitsOf[b]&wordly != 0 }
func dotted(b byte) bool   { return wordByte(b) || b == '.' }
func upperNum(b byte) bool { return b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' }
func hexByte(b byte) bool {
	return b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F' || traitsOf[b]&digit != 0
}
func base64Byte(b byte) bool {
	return wordByte(b) || b == '+' || b == '/' || b == '=' || b == '.' || b == '~'
}
func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// exactly reports a credential of n bytes with a digit in it, as random ones of
// this length have; a word in capitals has none.
func exactly(n int) func(string) bool {
	return func(s string) bool { return len(s) == n && hasDigit(s) }
}

// formats by first byte. Publishable keys are not on the list: they are not secret.
var formats = [256][]format{
	'A': {
		{"AKIA", 16, upperNum, nil}, {"ASIA", 16, upperNum, nil}, {"ABIA", 16, upperNum, nil}, {"ACCA", 16, upperNum, nil},
		{"AROA", 16, upperNum, hasDigit}, {"AIDA", 16, upperNum, hasDigit}, {"AIza", 30, wordByte, nil},
		{"ATATT", 20, base64Byte, nil}, {"AGE-SECRET-KEY-", 20, alnum, nil},
	},
	'E': {{"EAA", 40, alnum, hasDigit}},
	'G': {{"GOCSPX-", 20, wordByte, nil}},
	'L': {{"LTAI", 12, alnum, hasDigit}},
	'S': {{"SG.", 30, dotted, nil}, {"SK", 32, hexByte, exactly(34)}},
	'a': {{"age-secret-key-", 20, alnum, nil}},
	'd': {
		{"dop_v1_", 32, hexByte, nil}, {"doo_v1_", 32, hexByte, nil}, {"dor_v1_", 32, hexByte, nil},
		{"dapi", 32, hexByte, hasDigit}, {"dckr_pat_", 20, wordByte, nil},
	},
	'e': {{"eyJ", 10, dotted, isJWT}},
	'g': {
		{"ghp_", 20, alnum, nil}, {"gho_", 20, alnum, nil}, {"ghu_", 20, alnum, nil}, {"ghs_", 20, alnum, nil},
		{"ghr_", 20, alnum, nil}, {"github_pat_", 20, wordByte, nil}, {"glpat-", 16, wordByte, nil},
		{"gldt-", 16, wordByte, nil}, {"glrt-", 16, wordByte, nil}, {"glsa_", 20, wordByte, nil}, {"glc_", 20, base64Byte, nil},
	},
	'h': {{"hvs.", 20, wordByte, nil}, {"hvb.", 20, wordByte, nil}, {"hf_", 30, alnum, nil}},
	'k': {{"key-", 32, hexByte, hasDigit}},
	'n': {{"npm_", 30, alnum, nil}},
	'p': {{"pypi-", 30, wordByte, nil}, {"pul-", 40, hexByte, nil}, {"phx_", 30, alnum, nil}},
	'r': {{"rk_live_", 16, alnum, nil}, {"rk_test_", 16, alnum, nil}, {"rubygems_", 30, hexByte, nil}},
	's': {
		{"sk_live_", 16, alnum, nil}, {"sk_test_", 16, alnum, nil}, {"sk-", 20, wordByte, hasDigit},
		{"shpat_", 30, hexByte, nil}, {"shpss_", 30, hexByte, nil}, {"shpca_", 30, hexByte, nil},
		{"sbp_", 40, hexByte, nil}, {"sntrys_", 30, base64Byte, nil}, {"s.", 24, alnum, exactly(26)},
	},
	'w': {{"whsec_", 16, base64Byte, nil}},
	'x': {
		{"xoxb-", 10, wordByte, nil}, {"xoxa-", 10, wordByte, nil}, {"xoxp-", 10, wordByte, nil}, {"xoxe-", 10, wordByte, nil},
		{"xoxr-", 10, wordByte, nil}, {"xoxs-", 10, wordByte, nil}, {"xoxo-", 10, wordByte, nil}, {"xoxe.xox", 10, dotted, nil},
		{"xapp-", 10, wordByte, nil}, {"xkeysib-", 30, wordByte, nil},
	},
	'y': {{"ya29.", 20, wordByte, nil}},
	'1': {{"1//", 30, wordByte, nil}},
}

// credentialAt returns the end of a credential with a known prefix at i, or i.
func credentialAt(s string, i int) int {
	for _, f := range formats[s[i]] {
		if !strings.HasPrefix(s[i:], f.prefix) {
			continue
		}
		j := i + len(f.prefix)
		for j < len(s) && f.chars(s[j]) {
			j++
		}
		if j-i-len(f.prefix) >= f.min && (f.check == nil || f.check(s[i:j])) {
			return j
		}
	}
	return i
}

// isJWT reports a JSON Web Token: two segments or more, of which the first is
// base64 of a JSON object. A cut token is one as well.
func isJWT(s string) bool {
	head, rest, ok := strings.Cut(s, ".")
	if !ok || len(rest) < 4 {
		return false
	}
	b, err := base64.RawURLEncoding.DecodeString(head)
	return err == nil && len(b) > 1 && b[0] == '{'
}

// isBasic reports the base64 of user:password.
func isBasic(s string) bool {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		b, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	}
	if err != nil || len(b) < 3 {
		return false
	}
	colon := false
	for _, c := range b {
		if c < 0x20 || c == 0x7f {
			return false
		}
		colon = colon || c == ':'
	}
	return colon
}

// shaped reports whether a word looks made by a machine or to a password rule
// rather than by a language: letters with digits or with symbols, in 6 or more.
func shaped(w string) bool {
	var letters, digits, symbols int
	for i := range len(w) {
		switch t := traitsOf[w[i]]; {
		case t&letter != 0:
			letters++
		case t&digit != 0:
			digits++
		case strings.IndexByte("!@#$%^&*+~?", w[i]) >= 0 && i > 0 && i < len(w)-1:
			symbols++
		}
	}
	return len(w) >= 6 && letters > 0 && (digits > 0 || symbols > 0)
}
