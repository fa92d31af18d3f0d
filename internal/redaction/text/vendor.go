package text

import (
	"encoding/base64"
	"strings"
)

// A format is the form of the keys of one vendor: a fixed prefix, and
// characters drawn at random.
type format struct {
	prefix string
	min    int                 // least number of bytes after the prefix
	chars  *charset            // of the bytes after the prefix
	check  func(s string) bool // whether the whole is a key; nil means yes
}

// vendorKeys are the formats by their first byte. Publishable keys are not
// secret, so they are not on the list.
var vendorKeys = [256][]format{
	'A': {
		{"AKIA", 16, upperNum, nil}, {"ASIA", 16, upperNum, nil}, {"ABIA", 16, upperNum, nil},
		{"ACCA", 16, upperNum, nil},
		{"AROA", 16, upperNum, hasDigit}, {"AIDA", 16, upperNum, hasDigit}, {"AIza", 30, wordBytes, nil},
		{"ATATT", 20, base64Bytes, nil}, {"ATCTT", 20, base64Bytes, nil}, {"ATBB", 24, alnum, hasDigit},
		{"AKID", 32, alnum, hasDigit}, {"AGE-SECRET-KEY-", 20, alnum, nil},
	},
	'C': {{"CFPAT-", 30, wordBytes, nil}},
	'E': {{"EAA", 40, alnum, hasDigit}, {"EZAK", 40, alnum, hasDigit}, {"EZTK", 40, alnum, hasDigit}},
	'G': {{"GOCSPX-", 20, wordBytes, nil}},
	'L': {{"LTAI", 12, alnum, hasDigit}},
	'S': {{"SG.", 30, dottedBytes, nil}, {"SK", 32, hexDigits, exactly(34)}},
	'P': {{"PMAK-", 40, wordBytes, hasDigit}},
	'a': {{"age-secret-key-", 20, alnum, nil}},
	'd': {
		{"dop_v1_", 32, hexDigits, nil}, {"doo_v1_", 32, hexDigits, nil}, {"dor_v1_", 32, hexDigits, nil},
		{"dapi", 32, hexDigits, hasDigit}, {"dckr_pat_", 20, wordBytes, nil},
		{"duffel_", 30, wordBytes, hasDigit}, {"dp.pt.", 30, alnum, nil},
	},
	'e': {{"eyJ", 10, dottedBytes, isJWT}},
	'g': {
		{"ghp_", 20, alnum, nil}, {"gho_", 20, alnum, nil}, {"ghu_", 20, alnum, nil},
		{"ghs_", 20, alnum, nil},
		{"ghr_", 20, alnum, nil}, {"github_pat_", 20, wordBytes, nil}, {"glpat-", 16, wordBytes, nil},
		{"gldt-", 16, wordBytes, nil}, {"glrt-", 16, wordBytes, nil}, {"glsa_", 20, wordBytes, nil},
		{"glc_", 20, base64Bytes, nil},
		{"glptt-", 20, wordBytes, nil}, {"glft-", 16, wordBytes, nil}, {"glcbt-", 16, wordBytes, nil},
		{"gloas-", 20, wordBytes, nil}, {"gsk_", 24, alnum, hasDigit},
	},
	'f': {{"figd_", 24, wordBytes, nil}},
	'h': {{"hvs.", 20, wordBytes, nil}, {"hvb.", 20, wordBytes, nil}, {"hf_", 30, alnum, nil}},
	'k': {{"key-", 32, hexDigits, hasDigit}},
	'l': {{"lin_api_", 24, alnum, nil}, {"live_sk_", 16, alnum, nil}, {"live_gsk_", 16, alnum, nil}},
	'n': {
		{"npm_", 30, alnum, nil}, {"nfp_", 30, alnum, nil}, {"ntn_", 30, alnum, nil},
		{"nvapi-", 30, wordBytes, nil},
	},
	'o': {{"ops_eyJ", 20, base64Bytes, nil}},
	'p': {
		{"pypi-", 30, wordBytes, nil}, {"pul-", 40, hexDigits, nil}, {"phx_", 30, alnum, nil},
		{"pplx-", 30, alnum, nil}, {"pscale_", 30, wordBytes, hasDigit},
	},
	'r': {
		{"rk_live_", 16, alnum, nil}, {"rk_test_", 16, alnum, nil}, {"rubygems_", 30, hexDigits, nil},
		{"rnd_", 24, alnum, hasDigit}, {"r8_", 30, alnum, hasDigit},
	},
	's': {
		{"sk_live_", 16, alnum, nil}, {"sk_test_", 16, alnum, nil}, {"sk-", 20, wordBytes, hasDigit},
		{"shpat_", 30, hexDigits, nil}, {"shpss_", 30, hexDigits, nil}, {"shpca_", 30, hexDigits, nil},
		{"sbp_", 40, hexDigits, nil}, {"sntrys_", 30, base64Bytes, nil}, {"s.", 24, alnum, exactly(26)},
		{"sq0atp-", 20, wordBytes, nil}, {"sq0csp-", 30, wordBytes, nil}, {"sntryu_", 30, hexDigits, nil},
		{"secret_", 30, alnum, hasDigit}, {"sgp_", 30, wordBytes, hasDigit},
	},
	't': {
		{"test_sk_", 16, alnum, nil}, {"test_gsk_", 16, alnum, nil}, {"tskey-", 20, wordBytes, hasDigit},
		{"tfp_", 30, alnum, nil},
	},
	'w': {{"whsec_", 16, base64Bytes, nil}},
	'x': {
		{"xoxb-", 10, wordBytes, nil}, {"xoxa-", 10, wordBytes, nil}, {"xoxp-", 10, wordBytes, nil},
		{"xoxe-", 10, wordBytes, nil},
		{"xoxr-", 10, wordBytes, nil}, {"xoxs-", 10, wordBytes, nil}, {"xoxo-", 10, wordBytes, nil},
		{"xoxe.xox", 10, dottedBytes, nil},
		{"xapp-", 10, wordBytes, nil}, {"xkeysib-", 30, wordBytes, nil},
		{"xai-", 40, alnum, nil},
	},
	'y': {{"ya29.", 20, wordBytes, nil}},
	'1': {{"1//", 30, wordBytes, nil}},
}

// vendorKey matches a credential with a known prefix at the start of the
// word. It may extend beyond the word.
func vendorKey(s string, w word) span {
	for i := range vendorKeys[s[w.start]] {
		f := &vendorKeys[s[w.start]][i]
		if !strings.HasPrefix(s[w.start:], f.prefix) {
			continue
		}
		random := w.start + len(f.prefix)
		end := f.chars.skip(s, random)
		if end-random >= f.min && (f.check == nil || f.check(s[w.start:end])) {
			return span{w.start, end}
		}
	}
	return span{}
}

// exactly returns a check that a credential has n bytes, at least one of them
// a digit. A random credential has one, and a word in capitals does not.
func exactly(n int) func(string) bool {
	return func(s string) bool { return len(s) == n && hasDigit(s) }
}

// isJWT reports whether s is a JSON Web Token: two segments or more, the
// first of which is the base64 of a JSON object. The token may be cut.
func isJWT(s string) bool {
	head, rest, ok := strings.Cut(s, ".")
	if !ok || len(rest) < 4 {
		return false
	}
	b, err := base64.RawURLEncoding.DecodeString(head)
	return err == nil && len(b) > 1 && b[0] == '{'
}
