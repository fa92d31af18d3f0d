package text

import "strings"

// A notation is a way of writing a pair, which decides where its value ends.
type notation struct {
	name string
	end  func(p pair) int // the end of the value, 0 in other notations
}

// notations are tried in this order. If none applies, the value is a single
// word.
var notations = []notation{
	{"YAML block", yamlBlock},
	{"enclosed", enclosed},
	{"cookie header", cookieHeader},
	{"authorization header", authorizationHeader},
	{"line", line},
	{"Go field", goField},
}

// end returns where the value ends.
func (p pair) end(notations []notation) int {
	for i := range notations {
		if end := notations[i].end(p); end > 0 {
			return end
		}
	}
	return valueEnd(p.s, p.value)
}

// yamlBlock ends a block of YAML ("password: |") before the first line that
// is not indented more than the line of its name.
func yamlBlock(p pair) int {
	s := p.s
	if !p.colon() || s[p.value] != '|' && s[p.value] != '>' {
		return 0
	}
	end := lineEnd(s, p.value)
	if end-p.value > len(">-2") {
		return 0
	}
	first := strings.LastIndexAny(s[:p.nameStart], "\r\n") + 1
	indent := len(s[first:p.nameStart]) - len(strings.TrimLeft(s[first:p.nameStart], " -"))
	for end < len(s) {
		next := newlines.skip(s, end)
		text := space.skip(s, next)
		if text-next <= indent || text == len(s) {
			break
		}
		end = lineEnd(s, text)
	}
	return end
}

// enclosed ends a value in quotes or brackets, even if backslashes escape the
// quotes.
func enclosed(p pair) int {
	if !encloses[p.s[p.value]] {
		return 0
	}
	return valueEnd(p.s, p.value)
}

var encloses = chars("\"'`\\[{(")

// cookieHeader ends a=b; c=d.
func cookieHeader(p pair) int {
	if !p.colon() || !strings.HasSuffix(strings.ToLower(p.name()), "cookie") {
		return 0
	}
	s := p.s
	for i := p.value; ; {
		j := cookieBytes.skip(s, i)
		if j == i || s[j-1] != ';' || j+1 >= len(s) || s[j] != ' ' {
			return j
		}
		i = j + 1
	}
}

var cookieBytes = except("\x00- \"'`]")

// authorizationHeader ends a scheme and its credential. The parameters of a
// scheme that has some extend to the end of the line.
func authorizationHeader(p pair) int {
	s := p.s
	if !strings.HasSuffix(strings.ToLower(p.name()), "authorization") && !startsWithScheme(s[p.value:]) {
		return 0
	}
	end := tokenBytes.skip(s, p.value)
	scheme := strings.ToLower(s[p.value:end])
	switch {
	case takesParameters(scheme):
		return lineEnd(s, p.value)
	case end < len(s) && blanks[s[end]] && wordBytes.all(scheme) && !shaped(scheme):
		return tokenBytes.skip(s, end+1)
	}
	return end
}

var tokenBytes = except("\x00- \"'`]}")

func takesParameters(scheme string) bool {
	switch scheme {
	case "digest", "oauth", "hawk":
		return true
	}
	return strings.HasPrefix(scheme, "aws4-")
}

// startsWithScheme reports whether s starts with an authorization scheme.
func startsWithScheme(s string) bool { return schemeLen(s) > 0 }

// schemeLen returns the length of the authorization scheme at the start of s
// with the blank after it, or 0.
func schemeLen(s string) int {
	for _, scheme := range [...]string{"bearer ", "basic ", "digest ", "negotiate "} {
		if hasFold(s, scheme) {
			return len(scheme)
		}
	}
	return 0
}

// line ends a pair that has a line to itself, as in YAML and in a list of
// headers.
func line(p pair) int {
	if !p.colon() || !p.apart() || !startsLine(p.s, p.nameStart) {
		return 0
	}
	return lineEnd(p.s, p.value)
}

// startsLine reports whether only blanks, the dash of a list or a quote
// precede i.
func startsLine(s string, i int) bool {
	i = lineStarts.back(s, i, i)
	return i == 0 || s[i-1] == '\n' || s[i-1] == '\r'
}

var lineStarts = chars(" \t\"-")

// goField ends a field of Go's %+v at the brace, or before the next " Name:".
func goField(p pair) int {
	s := p.s
	if !p.colon() || p.apart() || strings.LastIndexByte(s[max(0, p.nameStart-1024):p.nameStart], '{') < 0 {
		return 0
	}
	for j := p.value; j < len(s); j++ {
		switch s[j] {
		case '}', '\n':
			return j
		case ' ':
			if k := wordBytes.skip(s, j+1); k > j+1 && k < len(s) && s[k] == ':' {
				return j
			}
		}
	}
	return len(s)
}
