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
		{"ATATT", 20, base64Byte, nil}, {"ATCTT", 20, base64Byte, nil}, {"ATBB", 24, alnum, hasDigit}, {"AKID", 32, alnum, hasDigit}, {"AGE-SECRET-KEY-", 20, alnum, nil},
	},
	'C': {{"CFPAT-", 30, wordByte, nil}},
	'E': {{"EAA", 40, alnum, hasDigit}, {"EZAK", 40, alnum, hasDigit}, {"EZTK", 40, alnum, hasDigit}},
	'G': {{"GOCSPX-", 20, wordByte, nil}},
	'L': {{"LTAI", 12, alnum, hasDigit}},
	'S': {{"SG.", 30, dotted, nil}, {"SK", 32, hexByte, exactly(34)}},
	'P': {{"PMAK-", 40, wordByte, hasDigit}},
	'a': {{"age-secret-key-", 20, alnum, nil}},
	'd': {
		{"dop_v1_", 32, hexByte, nil}, {"doo_v1_", 32, hexByte, nil}, {"dor_v1_", 32, hexByte, nil},
		{"dapi", 32, hexByte, hasDigit}, {"dckr_pat_", 20, wordByte, nil},
		{"duffel_", 30, wordByte, hasDigit}, {"dp.pt.", 30, alnum, nil},
	},
	'e': {{"eyJ", 10, dotted, isJWT}},
	'g': {
		{"ghp_", 20, alnum, nil}, {"gho_", 20, alnum, nil}, {"ghu_", 20, alnum, nil}, {"ghs_", 20, alnum, nil},
		{"ghr_", 20, alnum, nil}, {"github_pat_", 20, wordByte, nil}, {"glpat-", 16, wordByte, nil},
		{"gldt-", 16, wordByte, nil}, {"glrt-", 16, wordByte, nil}, {"glsa_", 20, wordByte, nil}, {"glc_", 20, base64Byte, nil},
		{"glptt-", 20, wordByte, nil}, {"glft-", 16, wordByte, nil}, {"glcbt-", 16, wordByte, nil}, {"gloas-", 20, wordByte, nil}, {"gsk_", 24, alnum, hasDigit},
	},
	'f': {{"figd_", 24, wordByte, nil}},
	'h': {{"hvs.", 20, wordByte, nil}, {"hvb.", 20, wordByte, nil}, {"hf_", 30, alnum, nil}},
	'k': {{"key-", 32, hexByte, hasDigit}},
	'l': {{"lin_api_", 24, alnum, nil}, {"live_sk_", 16, alnum, nil}, {"live_gsk_", 16, alnum, nil}},
	'n': {{"npm_", 30, alnum, nil}, {"nfp_", 30, alnum, nil}, {"ntn_", 30, alnum, nil}, {"nvapi-", 30, wordByte, nil}},
	'o': {{"ops_eyJ", 20, base64Byte, nil}},
	'p': {{"pypi-", 30, wordByte, nil}, {"pul-", 40, hexByte, nil}, {"phx_", 30, alnum, nil}, {"pplx-", 30, alnum, nil}, {"pscale_", 30, wordByte, hasDigit}},
	'r': {{"rk_live_", 16, alnum, nil}, {"rk_test_", 16, alnum, nil}, {"rubygems_", 30, hexByte, nil}, {"rnd_", 24, alnum, hasDigit}, {"r8_", 30, alnum, hasDigit}},
	's': {
		{"sk_live_", 16, alnum, nil}, {"sk_test_", 16, alnum, nil}, {"sk-", 20, wordByte, hasDigit},
		{"shpat_", 30, hexByte, nil}, {"shpss_", 30, hexByte, nil}, {"shpca_", 30, hexByte, nil},
		{"sbp_", 40, hexByte, nil}, {"sntrys_", 30, base64Byte, nil}, {"s.", 24, alnum, exactly(26)},
		{"sq0atp-", 20, wordByte, nil}, {"sq0csp-", 30, wordByte, nil}, {"sntryu_", 30, hexByte, nil}, {"secret_", 30, alnum, hasDigit}, {"sgp_", 30, wordByte, hasDigit},
	},
	't': {{"test_sk_", 16, alnum, nil}, {"test_gsk_", 16, alnum, nil}, {"tskey-", 20, wordByte, hasDigit}, {"tfp_", 30, alnum, nil}},
	'w': {{"whsec_", 16, base64Byte, nil}},
	'x': {
		{"xoxb-", 10, wordByte, nil}, {"xoxa-", 10, wordByte, nil}, {"xoxp-", 10, wordByte, nil}, {"xoxe-", 10, wordByte, nil},
		{"xoxr-", 10, wordByte, nil}, {"xoxs-", 10, wordByte, nil}, {"xoxo-", 10, wordByte, nil}, {"xoxe.xox", 10, dotted, nil},
		{"xapp-", 10, wordByte, nil}, {"xkeysib-", 30, wordByte, nil},
		{"xai-", 40, alnum, nil},
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

// minRandom is the length from which letters of both cases and digits are taken
// for a credential of an unknown issuer when a prefix stands before them. The IDs
// of objects that look alike (Stripe's, KSUID, nano ID) have 27 at most.
const minRandom = 32

// isPrefixed reports a credential of an unknown issuer: "acme_pat_" and a long
// random word.
func isPrefixed(w string) bool {
	i := strings.LastIndexAny(w, "_-")
	if i < 1 || i > 24 || len(w)-i <= minRandom {
		return false
	}
	return isRandom(w[i+1:])
}

// isRandom reports a word that changes between capitals, small letters and digits
// as often as one drawn at random does.
func isRandom(w string) bool {
	changes, last := 0, 0
	var kinds [4]bool
	for i := range len(w) {
		kind := 1
		switch c := w[i]; {
		case c >= '0' && c <= '9':
			kind = 2
		case c >= 'A' && c <= 'Z':
			kind = 3
		}
		kinds[kind] = true
		if kind != last {
			changes, last = changes+1, kind
		}
	}
	return kinds[1] && kinds[2] && kinds[3] && changes > len(w)/3
}

// hashSchemes are the schemes of crypt(3) and its successors, behind a '$'.
var hashSchemes = strings.Fields("2a$ 2b$ 2y$ 1$ 5$ 6$ y$ argon2i$ argon2id$ argon2d$ pbkdf2 scrypt$ bcrypt")

// passwordHash returns the end of the hash of a password ("$2b$12$…") whose scheme
// is at i, else i.
func passwordHash(s string, i int) int {
	if i == 0 || s[i-1] != '$' {
		return i
	}
	for _, scheme := range hashSchemes {
		if !strings.HasPrefix(s[i:], scheme) {
			continue
		}
		j := i
		for j < len(s) && (base64Byte(s[j]) || s[j] == '$' || s[j] == ',') {
			j++
		}
		if j-i >= 24 {
			return j
		}
	}
	return i
}

// webhooks are addresses of which the path is the credential.
var webhooks = [...]string{
	"hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/", "discord.com/api/webhooks/",
	"discordapp.com/api/webhooks/", "webhook.office.com/", "outlook.office.com/webhook/", "api.telegram.org/bot",
	"chat.googleapis.com/v1/spaces/", "hooks.zapier.com/hooks/catch/", "maker.ifttt.com/trigger/",
}

// hooks redacts the paths of webhooks.
func (sc *scanner) hooks() {
	for _, hook := range webhooks {
		for i := 0; ; {
			k := strings.Index(sc.s[i:], hook)
			if k < 0 {
				break
			}
			start := i + k + len(hook)
			i = start
			for i < len(sc.s) && (base64Byte(sc.s[i]) || strings.IndexByte("@:%?&", sc.s[i]) >= 0) {
				i++
			}
			sc.add(start, i)
		}
	}
}

// isBotToken reports Telegram's: the number of a bot, and 35 characters.
func isBotToken(number, rest string) bool {
	return isNumber(number) && len(number) >= 8 && len(number) <= 12 && len(rest) >= 33 && strings.HasPrefix(rest, "AA")
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
