package redact

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// JSON text is written as encoding/json does with SetEscapeHTML(false).

func needsEscape(s string) bool {
	for i := range len(s) {
		if traitsOf[s[i]]&escapes != 0 {
			return true
		}
	}
	return false
}

func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = appendEscaped(dst, s)
	return append(dst, '"')
}

const hexDigits = "0123456789abcdef"

func appendEscaped(dst []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		b := s[i]
		if traitsOf[b]&escapes == 0 {
			i++
			continue
		}
		size := 1
		if b >= utf8.RuneSelf {
			var c rune
			c, size = utf8.DecodeRuneInString(s[i:])
			if (c != utf8.RuneError || size > 1) && c != '\u2028' && c != '\u2029' {
				i += size
				continue
			}
			dst = append(dst, s[start:i]...)
			dst = appendRune(dst, c)
		} else {
			dst = append(dst, s[start:i]...)
			dst = appendControl(dst, b)
		}
		i += size
		start = i
	}
	return append(dst, s[start:]...)
}

// appendRune writes what is valid Unicode but not safe in a line: the Unicode
// line separators, and the replacement of a broken sequence.
func appendRune(dst []byte, c rune) []byte {
	if c == utf8.RuneError {
		return append(dst, `\ufffd`...)
	}
	return append(dst, '\\', 'u', '2', '0', '2', hexDigits[c&0xF])
}

func appendControl(dst []byte, b byte) []byte {
	switch b {
	case '"', '\\':
		return append(dst, '\\', b)
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
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&0xF])
}

// appendFloat writes a number as encoding/json does. JSON has no NaN and no
// infinities; they are written as the strings "NaN", "+Inf" and "-Inf".
func appendFloat(dst []byte, f float64, bits int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		dst = append(dst, '"')
		dst = strconv.AppendFloat(dst, f, 'g', -1, bits)
		return append(dst, '"')
	}
	format := byte('f')
	if a := math.Abs(f); a != 0 {
		if bits == 64 && (a < 1e-6 || a >= 1e21) || bits == 32 && (float32(a) < 1e-6 || float32(a) >= 1e21) {
			format = 'e'
		}
	}
	dst = strconv.AppendFloat(dst, f, format, -1, bits)
	if n := len(dst); format == 'e' && n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1] // e-09 to e-9
		dst = dst[:n-1]
	}
	return dst
}
