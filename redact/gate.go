package redact

import "unicode/utf8"

// The gate. Nearly every string that is logged holds nothing to redact, so one
// pass over a table decides which matchers have anything to look at; on an
// ordinary string that is none of them. The gate may suspect too much, never
// too little: a matcher that needs a byte or a shape must have it flagged here.

type traits uint16

const (
	letter   traits = 1 << iota // ASCII letter
	digit                       // ASCII digit
	joiner                      // '-' and '_': with letters and digits, a word
	escapes                     // must be escaped in JSON, or might (not ASCII)
	wide                        // not ASCII
	pairing                     // '=', ':' and '->' stand between a name and a value
	at                          // '@'
	angle                       // '<'
	coded                       // '%', '\\', '&': the text may be encoded once more
	quoting                     // '\'' and '`'
	blank                       // ' '
	worded                      // found by the pass: a word that may be, or announce, a credential
	pathlike                    // '.', '/' and '|': with words, an identifier or a path
	digits9                     // found by the pass: nine digits, the shortest telephone number
)

// suspicious are the traits that send a string to the matchers.
const suspicious = pairing | at | angle | coded | quoting | worded | digits9

var traitsOf = func() (t [256]traits) {
	for c := range t {
		switch b := byte(c); {
		case b >= '0' && b <= '9':
			t[c] = digit
		case b|0x20 >= 'a' && b|0x20 <= 'z':
			t[c] = letter
		case b < 0x20 || b == '"':
			t[c] = escapes
		case b >= utf8.RuneSelf:
			t[c] = escapes | wide
		}
	}
	t[' '] = blank
	t[0xEF] |= pairing // the fullwidth forms of '=' and ':' start with it
	for b, f := range map[byte]traits{
		'-': joiner, '_': joiner, '=': pairing, ':': pairing, '>': pairing, '@': at, '<': angle,
		'.': pathlike, '/': pathlike, '|': pathlike, '%': coded, '&': coded, '\\': coded | escapes, '\'': quoting, '`': quoting,
	} {
		t[b] = f
	}
	return t
}()

const wordly = letter | digit | joiner

// A word of 6 with letters and digits, or of 16 of any kind, may be a credential.
const shortCredential, longCredential = 6, 16

// inspect returns the traits of s.
func inspect(s string) traits {
	var all, run, words traits
	if len(s) < shortCredential { // too short for all that takes a pass to find
		for i := range len(s) {
			all |= traitsOf[s[i]]
		}
		return all
	}
	digits := 0
	for i := 0; i < len(s); i++ {
		start := i
		run = 0
		for i < len(s) {
			t := traitsOf[s[i]]
			if t&wordly == 0 {
				all |= t
				break
			}
			run |= t
			i++
		}
		n := i - start
		words |= run
		if run&digit != 0 {
			digits += n // or less
		}
		if n >= shortCredential {
			all |= credentialRun(run, n)
		}
		if n >= 2 && i < len(s) && announces[s[start]] {
			all |= announcement(s[start:])
		}
	}
	if all&wide != 0 && words&digit != 0 {
		all |= worded // 인증번호 482913
	}
	if digits >= 9 {
		all |= digits9
	}
	return all
}

func credentialRun(run traits, n int) traits {
	if n >= longCredential || n >= shortCredential && run&(letter|digit) == letter|digit {
		return worded
	}
	return 0
}

// announces has the first bytes of the words that announcement looks for.
var announces = func() (first [256]bool) {
	for _, c := range "bBpPoOcC-" {
		first[c] = true
	}
	return first
}()

// announcement reports words after which a short or a plain word can be a
// credential: "Bearer x", "Basic x", "--password x", "-u x", "PIN 4831".
func announcement(s string) traits {
	for _, word := range [...]string{"bearer", "basic", "pin", "otp", "cvv", "cvc", "-"} {
		if s[0]|0x20 == word[0]|0x20 && hasFold(s, word) {
			return worded
		}
	}
	return 0
}

func (r *Redactor) suspect(s string) bool {
	return len(r.rules) > 0 || inspect(s)&suspicious != 0
}

// hasFold reports whether s starts with an ASCII prefix given in lower case.
func hasFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}
