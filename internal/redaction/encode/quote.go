package encode

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// Strings and numbers as encoding/json writes them with SetEscapeHTML(false).

// mayEscape has the bytes that JSON escapes. It also has the bytes of
// characters that are not ASCII, because some of these are escaped.
var mayEscape = func() (set [256]bool) {
	for b := range set {
		set[b] = b < 0x20 || b == '"' || b == '\\' || b >= utf8.RuneSelf
	}
	return set
}()

// appendPlain appends a text that needs no escapes.
func appendPlain(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		if !mayEscape[s[i]] {
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		if c >= utf8.RuneSelf && !isUnsafe(c, size) {
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscaped(dst, c)
		i += size
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// isUnsafe reports whether a character that is not ASCII is escaped: the line
// separators of Unicode, and a byte that is not UTF-8.
func isUnsafe(c rune, size int) bool {
	return c == '\u2028' || c == '\u2029' || c == utf8.RuneError && size == 1
}

const hexDigits = "0123456789abcdef"

func appendEscaped(dst []byte, c rune) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', byte(c))
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	case utf8.RuneError:
		return append(dst, `\ufffd`...)
	case '\u2028', '\u2029':
		return append(dst, '\\', 'u', '2', '0', '2', hexDigits[c&0xF])
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
}

// appendFloat appends a number. JSON has no NaN and no infinities; they
// become the strings "NaN", "+Inf" and "-Inf".
func appendFloat(dst []byte, f float64, bits int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		dst = append(dst, '"')
		dst = strconv.AppendFloat(dst, f, 'g', -1, bits)
		return append(dst, '"')
	}
	if !needsExponent(f, bits) {
		return strconv.AppendFloat(dst, f, 'f', -1, bits)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
	if n := len(dst); n >= 4 && string(dst[n-4:n-1]) == "e-0" {
		dst[n-2] = dst[n-1] // e-09 to e-9
		dst = dst[:n-1]
	}
	return dst
}

// needsExponent reports whether encoding/json writes f with an exponent. It
// compares in the number's own precision.
func needsExponent(f float64, bits int) bool {
	a := math.Abs(f)
	switch {
	case a == 0:
		return false
	case bits == 32:
		return float32(a) < 1e-6 || float32(a) >= 1e21
	}
	return a < 1e-6 || a >= 1e21
}
