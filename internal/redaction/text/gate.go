package text

import "unicode/utf8"

// The gate. Nearly every string that is logged holds nothing to redact, so
// one pass over a table decides which matchers have anything to look at. For
// an ordinary string it wakes no matcher at all. The gate may suspect too
// much, never too little: a byte or a shape that a matcher needs must have a
// trait here.

// Traits are the properties of a text that decide which matchers look at it.
type Traits uint16

const (
	letter   Traits = 1 << iota // ASCII letter
	digit                       // ASCII digit
	joiner                      // '-' and '_': with letters and digits, a word
	escapes                     // JSON escapes it, or may (not ASCII)
	wide                        // not ASCII
	pairing                     // '=', ':' and '->' separate a name from a value
	at                          // '@'
	angle                       // '<'
	coded                       // '%', '\\', '&': the text may be encoded
	quoting                     // '\'', '`' and SQL's '$'
	blank                       // ' '
	worded                      // a word that may be, or announce, a credential
	pathlike                    // '.', '/' and '|': with words, an ID or a path
	digits9                     // nine digits, the shortest telephone number
	listed                      // '"', which is around the names in a list
)

// suspicious are the traits that send a text to the matchers. A text of another
// script is sent to them if it has a digit, which makes it worded.
const suspicious = pairing | at | angle | coded | quoting | worded | digits9 | listed

// Escapes reports whether a text with these traits may need escapes in JSON.
func (t Traits) Escapes() bool { return t&escapes != 0 }

var traitsOf = func() (t [256]Traits) {
	for c := range t {
		switch b := byte(c); {
		case digits[b]:
			t[c] = digit
		case letters[b]:
			t[c] = letter
		case b < 0x20:
			t[c] = escapes
		case b >= utf8.RuneSelf:
			t[c] = escapes | wide
		}
	}
	t[0xEF] |= pairing // the fullwidth forms of '=' and ':' start with it
	for b, f := range map[byte]Traits{
		' ': blank, '-': joiner, '_': joiner, '=': pairing, ':': pairing, '>': pairing, '@': at, '<': angle,
		'.': pathlike, '/': pathlike, '|': pathlike, '%': coded, '&': coded, '\\': coded | escapes, '\'': quoting, '`': quoting,
		'"': listed | escapes, '$': quoting,
	} {
		t[b] = f
	}
	return t
}()

const wordly = letter | digit | joiner

// A word of 6 with letters and digits, or of 16 of any kind, may be a
// credential.
const shortCredential, longCredential = 6, 16

// Inspect returns the traits of s.
func Inspect(s string) Traits {
	var all, run, words Traits
	if len(s) < shortCredential { // and shorter than every credential or number
		for i := range len(s) {
			all |= traitsOf[s[i]]
		}
		return all
	}
	count := 0 // of digits
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
			count += n // or fewer
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
	if count >= shortestNumber {
		all |= digits9
	}
	return all
}

// credentialRun judges a run of n letters, digits and joiners.
func credentialRun(run Traits, n int) Traits {
	if n >= longCredential || run&(letter|digit) == letter|digit {
		return worded
	}
	return 0
}

// announces has the first bytes of the words that announcement looks for.
var announces = chars("bBpPoOcC-")

// announcement looks for words after which a short or an ordinary word can be a
// credential: "Bearer x", "--password x", "-u x", "PIN 4831", "code 482913".
func announcement(s string) Traits {
	for _, word := range [...]string{"bearer", "basic", "pin", "otp", "cvv", "cvc", "code ", "-"} {
		if s[0]|0x20 == word[0]|0x20 && hasFold(s, word) {
			return worded
		}
	}
	return 0
}
