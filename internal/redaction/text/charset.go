package text

import "unicode/utf8"

// A charset is a set of bytes.
type charset [256]bool

// chars returns the set of the bytes in spec, in which a-z is a range. A '-' at
// the end is a byte of the set. Inlined into every variable it would add 30 KB
// to a program.
//
//go:noinline
func chars(spec string) *charset {
	var c charset
	for i := 0; i < len(spec); i++ {
		low, high := spec[i], spec[i]
		if i+2 < len(spec) && spec[i+1] == '-' {
			high = spec[i+2]
			i += 2
		}
		for b := int(low); b <= int(high); b++ {
			c[b] = true
		}
	}
	return &c
}

// except returns the set of all bytes that are not in spec.
func except(spec string) *charset {
	c := chars(spec)
	for b := range c {
		c[b] = !c[b]
	}
	return c
}

// skip returns the first index from i on whose byte is not in the set.
func (c *charset) skip(s string, i int) int {
	for i < len(s) && c[s[i]] {
		i++
	}
	return i
}

// back returns the start of the run of bytes in the set that ends before i. It
// looks back by at most the given number of bytes.
func (c *charset) back(s string, i, limit int) int {
	low := max(0, i-limit)
	for i > low && c[s[i-1]] {
		i--
	}
	return i
}

// trim returns the end of s[i:end] without bytes of the set before it.
func (c *charset) trim(s string, i, end int) int {
	for end > i && c[s[end-1]] {
		end--
	}
	return end
}

// all reports whether every byte of s is in the set.
func (c *charset) all(s string) bool { return c.skip(s, 0) == len(s) }

var (
	digits      = chars("0-9")
	alnum       = chars("0-9A-Za-z")
	letters     = chars("A-Za-z")
	lowerCase   = chars("a-z")
	hexDigits   = chars("0-9a-fA-F")
	wordBytes   = chars("0-9A-Za-z_-")
	dottedBytes = chars("0-9A-Za-z_.-")
	base64Bytes = chars("0-9A-Za-z_+/=.~-")
	nameBytes   = chars("0-9A-Za-z_.[]%\x80-\xff-") // of the names in pairs
	blanks      = chars(" \t")
	space       = chars(" ")
	newlines    = chars("\r\n")
)

// IsNumber reports whether s has only digits. It is true for the empty text.
func IsNumber(s string) bool { return digits.all(s) }

func hasDigit(s string) bool {
	for i := range len(s) {
		if digits[s[i]] {
			return true
		}
	}
	return false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
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
