// Package decimal writes and reads scaled integers as decimal numbers, exactly
// and without needless zeros, so that 99.9 % never becomes 99.90000000000001 %.
package decimal

import (
	"fmt"
	"strconv"
	"strings"
)

// Append appends n/10^places to dst: Append(dst, 999500000, 7) appends
// "99.95". It writes no zeros at the end, no point without digits after it, and
// always a digit in front of the point. It does not allocate if dst has room.
// Places must be from 0 to 19.
func Append(dst []byte, n uint64, places int) []byte {
	whole, rest := n/pow10[places], n%pow10[places]
	dst = strconv.AppendUint(dst, whole, 10)
	if rest == 0 {
		return dst
	}
	for rest%10 == 0 {
		rest /= 10
		places--
	}
	dst = append(dst, ".0000000000000000000"[:1+places]...)
	for i := len(dst) - 1; rest > 0; i-- {
		dst[i] = byte('0' + rest%10)
		rest /= 10
	}
	return dst
}

// pow10 holds the powers of ten that fit into a uint64.
var pow10 = [20]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

// AppendFixed appends n/10^places to dst with all its places:
// AppendFixed(dst, 130, 2) appends "1.30". It does not allocate if dst has
// room. Places must be from 0 to 19.
func AppendFixed(dst []byte, n uint64, places int) []byte {
	start := len(dst)
	dst = strconv.AppendUint(dst, n, 10)
	for len(dst)-start <= places {
		dst = append(dst, 0)
		copy(dst[start+1:], dst[start:])
		dst[start] = '0'
	}
	if places == 0 {
		return dst
	}
	point := len(dst) - places
	dst = append(dst, 0)
	copy(dst[point+1:], dst[point:])
	dst[point] = '.'
	return dst
}

// Format returns n/10^places as Append writes it, with a sign if n is negative.
func Format(n int64, places int) string {
	var buf [42]byte // a sign, 20 digits, up to 19 zeros in front, a point
	dst, size := buf[:0], uint64(n)
	if n < 0 {
		dst, size = append(dst, '-'), -size
	}
	return string(Append(dst, size, places))
}

// Trim returns a decimal number without the zeros at its end: "1.50" becomes
// "1.5", "2.00" becomes "2" and "-0.0" becomes "0". A text without a point
// stays as it is.
func Trim(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	if text == "-0" {
		return "0"
	}
	return text
}

// Parse reads the form that Format writes: a decimal number with at most the
// given number of places, which it returns as an integer scaled by 10^places.
// Zeros at either end are accepted. Its errors quote the text.
func Parse(text string, places int) (int64, error) {
	sign, digits := "", text
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, digits = "-", rest
	}
	whole, fraction, point := strings.Cut(digits, ".")
	if !digitsOnly(whole) || point && !digitsOnly(fraction) {
		return 0, fmt.Errorf("invalid number %q: want digits such as \"12.5\"", text)
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > places {
		return 0, fmt.Errorf("number %q has more than %d decimal places", text, places)
	}
	n, err := strconv.ParseInt(sign+whole+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("number %q is out of range", text)
	}
	return n, nil
}

func digitsOnly(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
