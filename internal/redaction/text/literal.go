package text

import "strings"

// Literals with more in front of them than a quote: SQL's N'…' and $$…$$, a
// shell's $'…', Go's []string{"…"} and the (string) (len=3) "…" of dumps.

// literalAt returns the secret part of the literal at i and where the literal
// ends; ok is false for any other value.
func literalAt(s string, i int) (secret span, end int, ok bool) {
	if end := dollarQuoteEnd(s, i); end > 0 {
		return span{i, end}, end, true
	}
	if k := prefixedQuote(s, i); k > i {
		end := prefixedEnd(s, i, k)
		return span{k, end}, end, true
	}
	if k := afterTypes(s, i); k > i {
		end := typedEnd(s, k)
		return span{k, end}, end, true
	}
	if end := compositeEnd(s, i); end > 0 {
		return span{i, end}, end, true
	}
	return span{}, 0, false
}

// literalPrefixes precede a quoted text in SQL, Python, C, C# and shells.
var literalPrefixes = set(`n e b x r u f l u& q nq rb br u8 @ $`)

// prefixedQuote returns the index of the quote after a prefix at i, as in N'…'
// and _utf8'…', or i.
func prefixedQuote(s string, i int) int {
	k := prefixBytes.skip(s[:min(len(s), i+16)], i)
	if k == i || k >= len(s) || s[k] != '\'' && s[k] != '"' {
		return i
	}
	if s[i] == '_' || literalPrefixes[strings.ToLower(s[i:k])] {
		return k
	}
	return i
}

var prefixBytes = chars("0-9A-Za-z_&@$")

// prefixedEnd returns the end of the text quoted at k, whose prefix starts at
// i. Oracle's q'[…]' ends at its own bracket.
func prefixedEnd(s string, i, k int) int {
	if p := strings.ToLower(s[i:k]); (p == "q" || p == "nq") && k+1 < len(s) {
		closes := map[byte]string{'[': "]'", '{': "}'", '(': ")'", '<': ">'"}[s[k+1]]
		if closes == "" {
			closes = s[k+1:k+2] + "'"
		}
		return min(len(s), indexFrom(s, k+2, closes)+len(closes))
	}
	return quoteEnd(s, k)
}

// maxDollarQuote is the number of bytes in which the end of $$…$$ is searched.
const maxDollarQuote = 16 << 10

// dollarQuoteEnd returns the end of PostgreSQL's $$…$$ or $tag$…$tag$ at i, or
// 0.
func dollarQuoteEnd(s string, i int) int {
	if i >= len(s) || s[i] != '$' {
		return 0
	}
	k := tagNameBytes.skip(s[:min(len(s), i+maxPairName)], i+1)
	if k >= len(s) || s[k] != '$' {
		return 0
	}
	tag := s[i : k+1]
	end := strings.Index(s[k+1:min(len(s), k+maxDollarQuote)], tag)
	if end < 0 {
		return 0
	}
	return k + 1 + end + len(tag)
}

var tagNameBytes = chars("0-9A-Za-z_")

// afterTypes returns where the value starts after types, lengths and addresses
// in parentheses, or i: (string) (len=3) "…", (*string)(0xc000)((len=3) "…").
func afterTypes(s string, i int) int {
	start := i
	for i < len(s) && s[i] == '(' {
		if i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '(') && i > start {
			i++
			continue
		}
		closing := strings.IndexByte(s[i:min(len(s), i+maxPairName)], ')')
		if closing < 0 || !isType(s[i+1:i+closing]) {
			return start
		}
		i = blanks.skip(s, i+closing+1)
	}
	if i >= len(s) || s[i] == '\n' {
		return start
	}
	return i
}

var basicTypes = set(`string bool error byte rune int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr
	float32 float64 complex64 complex128 any`)

// isType reports whether the text in parentheses is a Go type, a length or an
// address.
func isType(t string) bool {
	switch {
	case basicTypes[t], strings.HasPrefix(t, "interface"), strings.HasPrefix(t, "len="), strings.HasPrefix(t, "cap="):
		return true
	case strings.HasPrefix(t, "0x"), strings.HasPrefix(t, "map["):
		return true
	}
	element := strings.TrimLeft(t, "*[]0123456789")
	return len(element) < len(t) && typeBytes.all(element) || strings.Contains(element, ".") && typeBytes.all(element)
}

var typeBytes = chars("0-9A-Za-z_.*[]/{} -")

// typedEnd returns the end of the value at i in a dump.
func typedEnd(s string, i int) int {
	if opening[s[i]] {
		return balancedEnd(s, i)
	}
	if isQuote(s[i]) {
		return quoteEnd(s, i)
	}
	return lineEndOr(s, i, ",)}")
}

// lineEndOr returns the first index from i on of a line's end or of one of the
// bytes.
func lineEndOr(s string, i int, bytes string) int {
	if k := strings.IndexAny(s[i:], "\r\n"+bytes); k >= 0 {
		return i + k
	}
	return len(s)
}

// maxType is the number of bytes of a Go type in front of a literal.
const maxType = 128

// compositeEnd returns the end of a Go literal or conversion at i, or 0:
// []string{"…"}, map[string]int{"a":1}, &main.T{…}, []byte("…").
func compositeEnd(s string, i int) int {
	k := i
	for limit := min(len(s), i+maxType); k < limit; k++ {
		if s[k] == '{' && strings.HasPrefix(s[k:], "{}") && k+2 < limit && (s[k+2] == '{' || s[k+2] == ']') {
			k++ // of interface {} and struct {}
			continue
		}
		if s[k] == ' ' && strings.HasPrefix(s[k:], " {}") {
			k += len(" {}") - 1
			continue
		}
		if !compositeBytes[s[k]] {
			break
		}
	}
	if k == i || k >= len(s) || s[k] != '{' && !strings.HasPrefix(s[k:], `("`) || !isLiteralType(s[i:k]) {
		return 0
	}
	return balancedEnd(s, k)
}

var compositeBytes = chars("0-9A-Za-z_.*&[]/")

// isLiteralType reports whether t is the type of a literal, rather than a part
// of a secret before a bracket.
func isLiteralType(t string) bool {
	t = strings.TrimPrefix(t, "&")
	if strings.HasPrefix(t, "map[") || strings.HasPrefix(t, "[]") || strings.HasPrefix(t, "struct") {
		return true
	}
	if len(t) > 2 && t[0] == '[' && digits[t[1]] {
		return true // [3]string
	}
	dot := strings.LastIndexByte(t, '.')
	if dot <= 0 || dot+1 == len(t) {
		return false
	}
	return letters[t[0]] && letters[t[dot+1]]
}

// balancedEnd returns the end of the bracket at i. Brackets in double quotes do
// not count.
func balancedEnd(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '"':
			i = quoteEnd(s, i) - 1
		case '{', '(', '[':
			depth++
		case '}', ')', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// arrows are between an old and a new value.
var arrows = [...]string{"->", "=>", "-->", "==>", "→", "⇒"}

// changed adds the new value after an arrow at i, as in "old" -> "new", and
// returns the end of the last value.
func changed(sc *scan, i int) int {
	s := sc.s
	for {
		k := blanks.skip(s, i)
		arrow := arrowLen(s[k:])
		if arrow == 0 {
			return i
		}
		start := blanks.skip(s, k+arrow)
		if start >= len(s) || s[start] == '\n' {
			return i
		}
		if lit, end, ok := literalAt(s, start); ok {
			sc.addValue(lit.start, lit.end)
			i = end
			continue
		}
		end := valueEnd(s, start)
		if end == start {
			return i
		}
		if end > k && !isConstant(s[start:end]) {
			sc.addValue(start, end)
		}
		i = end
	}
}

func arrowLen(s string) int {
	for _, a := range arrows {
		if strings.HasPrefix(s, a) {
			return len(a)
		}
	}
	return 0
}
