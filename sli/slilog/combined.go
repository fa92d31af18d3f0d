package slilog

import "strings"

// A combined is a line of the combined format:
//
//	host ident user [time] "method path protocol" status bytes "referer" "user agent" extra…
//
// The last two are missing in the common format.
type combined struct {
	method, path, status string
	extra                []string // behind the user agent
}

func parseCombined(line string) (c combined, ok bool) {
	fields, ok := splitCombined(line)
	if !ok || len(fields) < 7 || !strings.HasPrefix(fields[3], "[") {
		return c, false
	}
	request, ok := unquote(fields[4])
	if !ok {
		return c, false
	}
	c.status = fields[5]
	c.method, c.path, _ = strings.Cut(request, " ")
	c.path, _, _ = strings.Cut(c.path, " ")
	if len(fields) > 9 {
		c.extra = fields[9:]
	}
	return c, true
}

// splitCombined cuts a line at blanks that are not in brackets or quotes.
func splitCombined(line string) (fields []string, ok bool) {
	for line = strings.TrimLeft(line, " "); line != ""; line = strings.TrimLeft(line, " ") {
		var end int
		switch line[0] {
		case '"':
			end = closingQuote(line)
		case '[':
			end = strings.IndexByte(line, ']')
		default:
			word, _, _ := strings.Cut(line, " ")
			end = len(word) - 1
		}
		if end < 0 {
			return nil, false
		}
		fields, line = append(fields, line[:end+1]), line[end+1:]
	}
	return fields, true
}

func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

func unquote(s string) (string, bool) {
	if len(s) < 2 || s[0] != '"' {
		return "", false
	}
	return s[1 : len(s)-1], true
}
