package redact

import "strings"

// Pairs of a name and a value in text, in the notations in which programs print
// them: URLs and forms, JSON and YAML, Go's %+v, headers, SQL, logfmt, XML.

const maxPairName = 64

// pairs looks at what stands around each '=' and ':'.
func (sc *scanner) pairs() {
	s := sc.s
	query := -1 // where the query of the URL at hand starts
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ':
			query = -1
		case c == '?' || c == '#':
			query = i
		case c == '=' || c == ':' || c == '>' && i > 0 && s[i-1] == '-' || c == 0xEF && (strings.HasPrefix(s[i:], "：") || strings.HasPrefix(s[i:], "＝")):
			if j := sc.covered(i); j > i {
				i = j - 1
				continue
			}
			if c == ':' && strings.HasPrefix(s[i:], "://") {
				continue
			}
			i = max(i, sc.pair(i, query >= 0 && c == '=')-1)
		}
	}
}

// pair judges the pair whose sign is at i and returns where to go on.
func (sc *scanner) pair(i int, inQuery bool) int {
	s := sc.s
	sign := i
	switch s[i] {
	case '>':
		sign-- // ->
	case 0xEF:
		i += len("：") - 1
	}
	start, end := nameBefore(s, sign)
	if start == end {
		return i
	}
	name := s[start:end]
	value := sc.valueStart(i)
	if value >= len(s) || strings.HasPrefix(s[value:], Replacement) {
		return i
	}
	if inQuery && start > 0 && strings.IndexByte("?&#;", s[start-1]) >= 0 {
		sc.parameter(name, value)
		return value
	}
	if s[i] == ':' && isFile(name) && isNumber(s[value:value+1]) {
		return i // token.go:45
	}
	v := sc.r.judge(name)
	if v == plain {
		if isNameName(name) {
			sc.namedValue(start, i, value)
		}
		return i
	}
	stop := sc.pairEnd(name, start, i, value)
	text := s[value:stop]
	switch {
	case isConstant(text), v == counted && (isNumber(s[value:sc.valueEnd(value)]) || isCounts(text)), v == scalar && !startsWithScheme(text) && !shaped(s[value:sc.valueEnd(value)]):
		return i
	}
	if s[i] == ':' && value > i+1 && !isQuote(s[value]) && speaksOf(s[value:lineEnd(s, value)]) {
		return i
	}
	sc.addValue(value, stop)
	return max(stop, i)
}

// isFile reports names of source files, which have a line number behind them.
func isFile(name string) bool {
	return sourceFiles[name[strings.LastIndexByte(name, '.')+1:]]
}

var sourceFiles = set("go java kt scala py rb js mjs jsx ts tsx php c cc cpp h hpp rs cs swift m lua sh pl ex proto sql", strings.ToLower)

// addValue redacts a value but leaves the quotes around it.
func (sc *scanner) addValue(start, stop int) {
	s := sc.s
	if start < stop && isQuote(s[start]) {
		start++
		if stop > start && s[stop-1] == s[start-1] {
			stop--
		}
	}
	sc.add(start, stop)
}

// maxQuotes is how much quoting may stand between a name and its sign: the quotes
// of JSON in strings in JSON in strings in JSON take 15 bytes.
const maxQuotes = 18

// nameBefore returns the name before the sign at i.
func nameBefore(s string, i int) (start, end int) {
	end = i
	for end > 0 && end > i-3 && (s[end-1] == ' ' || s[end-1] == '\t') {
		end--
	}
	for end > 0 && end > i-maxQuotes && (isQuote(s[end-1]) || s[end-1] == '\\') {
		end--
	}
	start = end
	for start > 0 && start > end-maxPairName && nameByte(s[start-1]) {
		start--
	}
	return start, end
}

func nameByte(b byte) bool {
	return wordByte(b) || b >= 0x80 || b == '.' || b == '[' || b == ']' || b == '%'
}

func isQuote(b byte) bool { return b == '"' || b == '\'' || b == '`' }

// valueStart returns where the value of the sign at i starts.
func (sc *scanner) valueStart(i int) int {
	s := sc.s
	i++
	if i < len(s) && (s[i] == '>' || s[i] == '=') { // =>, :=, ==
		i++
	}
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// pairEnd returns where the value of a secret name ends.
func (sc *scanner) pairEnd(name string, start, sign, value int) int {
	s := sc.s
	if (s[value] == '|' || s[value] == '>') && s[sign] == ':' {
		if end := lineEnd(s, value); end-value <= len(">-2") {
			return blockEnd(s, start, end)
		}
	}
	if isQuote(s[value]) || s[value] == '\\' || strings.IndexByte("[{(", s[value]) >= 0 {
		return sc.valueEnd(value)
	}
	switch kind := headerKind(name); {
	case kind == cookies && s[sign] == ':':
		return cookieEnd(s, value)
	case kind == authorization || startsWithScheme(s[value:]):
		return authorizationEnd(s, value)
	}
	if s[sign] == ':' && value > sign+1 && startsLine(s, start) {
		return lineEnd(s, value)
	}
	if s[sign] == ':' && value == sign+1 && strings.LastIndexByte(s[max(0, start-1024):start], '{') >= 0 {
		return fieldEnd(s, value)
	}
	return sc.valueEnd(value)
}

const (
	authorization = iota + 1
	cookies
)

func headerKind(name string) int {
	sq := strings.ToLower(name)
	switch {
	case strings.HasSuffix(sq, "cookie"):
		return cookies
	case strings.HasSuffix(sq, "authorization"):
		return authorization
	}
	return 0
}

// startsLine reports whether only blanks, a list dash or a quote stand before i.
func startsLine(s string, i int) bool {
	for i > 0 {
		switch s[i-1] {
		case ' ', '\t', '-', '"':
			i--
		case '\n', '\r':
			return true
		default:
			return false
		}
	}
	return true
}

// blockEnd returns where a block of YAML ("password: |"), whose first line ends at
// end, ends: it goes on while lines are indented more than the line of its name.
func blockEnd(s string, name, end int) int {
	line := strings.LastIndexAny(s[:name], "\r\n") + 1
	indent := len(s[line:name]) - len(strings.TrimLeft(s[line:name], " -"))
	for end < len(s) {
		next := end
		for next < len(s) && (s[next] == '\r' || s[next] == '\n') {
			next++
		}
		text := next
		for text < len(s) && s[text] == ' ' {
			text++
		}
		if text-next <= indent || text == len(s) {
			break
		}
		end = lineEnd(s, text)
	}
	return end
}

func lineEnd(s string, i int) int {
	if k := strings.IndexAny(s[i:], "\r\n"); k >= 0 {
		return i + k
	}
	return len(s)
}

// cookieEnd follows a=b; c=d.
func cookieEnd(s string, i int) int {
	for {
		j := i
		for j < len(s) && s[j] > ' ' && !isQuote(s[j]) && s[j] != ']' {
			j++
		}
		if j == i || s[j-1] != ';' || j+1 >= len(s) || s[j] != ' ' {
			return j
		}
		i = j + 1
	}
}

// authorizationEnd takes a scheme and its credential; the parameters of a scheme
// that has some go to the end of the line.
func authorizationEnd(s string, i int) int {
	j := tokenEnd(s, i)
	switch scheme := strings.ToLower(s[i:j]); {
	case scheme == "digest" || scheme == "oauth" || scheme == "hawk" || strings.HasPrefix(scheme, "aws4-"):
		return lineEnd(s, i)
	case j < len(s) && (s[j] == ' ' || s[j] == '\t') && onlyBytes(scheme, wordByte) && !shaped(scheme):
		return tokenEnd(s, j+1)
	}
	return j
}

// startsWithScheme reports whether s starts with an authorisation scheme.
func startsWithScheme(s string) bool {
	for _, scheme := range [...]string{"bearer ", "basic ", "digest ", "negotiate "} {
		if hasFold(s, scheme) {
			return true
		}
	}
	return false
}

func tokenEnd(s string, i int) int {
	for i < len(s) && s[i] > ' ' && !isQuote(s[i]) && s[i] != ']' && s[i] != '}' {
		i++
	}
	return i
}

// fieldEnd ends a field of Go's %+v: at the brace, or before the next " Name:".
func fieldEnd(s string, i int) int {
	for j := i; j < len(s); j++ {
		switch s[j] {
		case '}', '\n':
			return j
		case ' ':
			k := j + 1
			for k < len(s) && wordByte(s[k]) {
				k++
			}
			if k > j+1 && k < len(s) && s[k] == ':' {
				return j
			}
		}
	}
	return len(s)
}

// valueEnd ends a value: a quoted one at its quote, a bracketed one at its
// bracket, any other at a blank or at what separates it from the next pair.
func (sc *scanner) valueEnd(i int) int {
	s := sc.s
	switch {
	case i >= len(s):
		return len(s)
	case isQuote(s[i]):
		return quoteEnd(s, i)
	case escapedQuote(s[i:]) > 0:
		n := escapedQuote(s[i:])
		if k := strings.Index(s[i+n:], s[i:i+n]); k >= 0 {
			return i + n + k + n
		}
		return len(s)
	case strings.IndexByte("[{(", s[i]) >= 0:
		return bracketEnd(s, i)
	}
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ' || c == '<' || c == '>' || isQuote(c):
			return i
		case strings.IndexByte(",;&|", c) >= 0 && separates(s, i+1):
			return i
		case strings.IndexByte(")]}", c) >= 0 && (i+1 == len(s) || s[i+1] <= ' ' || strings.IndexByte(")]},;.\"'", s[i+1]) >= 0):
			return i
		}
	}
	return len(s)
}

// separates reports whether what follows a separator is the end or another pair;
// otherwise the separator is part of the value.
func separates(s string, i int) bool {
	if i >= len(s) || s[i] <= ' ' || isQuote(s[i]) {
		return true
	}
	for j := i; j < len(s) && j < i+maxPairName; j++ {
		switch {
		case nameByte(s[j]):
		case s[j] == '=' || s[j] == ':' || s[j] == ';' || s[j] == '&':
			return j > i
		default:
			return false
		}
	}
	return false
}

// escapedQuote returns the length of a quote with backslashes before it at the
// start of s; 0 when there is none.
func escapedQuote(s string) int {
	n := 0
	for n < len(s) && s[n] == '\\' {
		n++
	}
	if n == 0 || n == len(s) || !isQuote(s[n]) {
		return 0
	}
	return n + 1
}

func quoteEnd(s string, i int) int {
	q := s[i]
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case q:
			if q == '\'' && j+1 < len(s) && s[j+1] == q { // SQL doubles it
				j++
				continue
			}
			return j + 1
		}
	}
	return len(s)
}

func bracketEnd(s string, i int) int {
	depth := 0
	for j := i; j < len(s); j++ {
		switch s[j] {
		case '[', '{', '(':
			depth++
		case ']', '}', ')':
			if depth--; depth == 0 {
				return j + 1
			}
		case '\n':
			if depth > 0 && s[i] == '(' {
				return j
			}
		}
	}
	return len(s)
}
