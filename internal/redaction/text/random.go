package text

import "strings"

// Credentials without a vendor's prefix that are known by their form.

// minRandom is the number of bytes from which letters of both cases and
// digits with a prefix are taken for a credential of an unknown issuer. The
// identifiers that look alike (Stripe's, KSUID, nano ID) have 27 at most.
const minRandom = 32

// prefixedRandom matches a credential of an unknown issuer: "acme_pat_" and
// a long random word.
func prefixedRandom(s string, w word) span {
	if w.end-w.start <= minRandom {
		return span{}
	}
	text := s[w.start:w.end]
	if hasFold(text, "sha") && digits[text[3]] {
		return span{} // a digest of a resource: sha512-…
	}
	i := strings.LastIndexAny(text, "_-")
	if i < 1 || i > 24 || len(text)-i <= minRandom || !isRandom(text[i+1:]) {
		return span{}
	}
	return span{w.start, w.end}
}

// isRandom reports whether a word changes between capitals, small letters and
// digits as often as one drawn at random does.
func isRandom(w string) bool {
	const small, number, capital = 1, 2, 3
	changes, last := 0, 0
	var seen [4]bool
	for i := range len(w) {
		kind := small
		switch c := w[i]; {
		case c >= '0' && c <= '9':
			kind = number
		case c >= 'A' && c <= 'Z':
			kind = capital
		}
		seen[kind] = true
		if kind != last {
			changes, last = changes+1, kind
		}
	}
	return seen[small] && seen[number] && seen[capital] && changes > len(w)/3
}

// botToken matches a token of Telegram's: the number of a bot, a colon and 35
// characters that start with AA.
func botToken(s string, w word) span {
	if w.prev == w.start || s[w.start-1] != ':' {
		return span{}
	}
	bot, token := s[w.prev:w.start-1], s[w.start:w.end]
	if isBotNumber(bot) && len(token) >= 33 && strings.HasPrefix(token, "AA") {
		return span{w.start, w.end}
	}
	return span{}
}

func isBotNumber(s string) bool { return len(s) >= 8 && len(s) <= 12 && IsNumber(s) }
