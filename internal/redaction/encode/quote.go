package encode

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
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

// unquote returns the text of a valid JSON string. json.Unmarshal would add a
// tenth of a megabyte to a program.
func unquote(quoted string) string {
	text := make([]byte, 0, len(quoted))
	for i := 1; i < len(quoted)-1; {
		n := 1
		if quoted[i] == '\\' {
			var c rune
			c, n = unescape(quoted[i:])
			text = utf8.AppendRune(text, c)
		} else {
			text = append(text, quoted[i])
		}
		i += n
	}
	return string(text)
}

// unescape returns the character whose escape s begins with, and the length of
// the escape. Half a surrogate pair becomes U+FFFD.
func unescape(s string) (c rune, length int) {
	const shortest, escaped = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if at := strings.IndexByte(shortest, s[1]); at >= 0 {
		return rune(escaped[at]), 2
	}
	c = hexRune(s)
	if !utf16.IsSurrogate(c) {
		return c, escapeLen
	}
	if pair := utf16.DecodeRune(c, hexRune(s[escapeLen:])); pair != utf8.RuneError {
		return pair, 2 * escapeLen
	}
	return utf8.RuneError, escapeLen
}

// escapeLen is the length of \u and four hexadecimal digits.
const escapeLen = len(`\u0000`)

// hexRune returns the character of the escape \uXXXX that s begins with, or
// U+FFFD if s begins otherwise.
func hexRune(s string) rune {
	if len(s) < escapeLen || s[:2] != `\u` {
		return utf8.RuneError
	}
	c, err := strconv.ParseUint(s[2:escapeLen], 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(c)
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
