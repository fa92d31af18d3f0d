package logissue

import "strings"

func isQuote(c byte) bool { return c == '"' || c == '`' || c == '\'' }

// quoted writes the quoted text at the current position: as it is if it is a
// name, normalized if it is a text of its own, and as <q> otherwise. It reports
// false if the quote does not begin a quoted text.
func (s *scanner) quoted() bool {
	end := closing(s.text, s.i)
	if end == 0 {
		return false
	}
	quote := s.text[s.i : s.i+1]
	inner := s.text[s.i+1 : end-1]
	s.i = end
	switch {
	case s.isMember(inner) || s.isName(quote, inner):
		s.out = append(s.out, quote+inner+quote...)
		s.push(inner)
	case s.depth < maxDepth && s.isText(inner):
		q := scanner{text: inner, depth: s.depth + 1}
		q.run()
		s.out = append(s.out, quote+string(q.out)+quote...)
		s.push(quotedValue)
	default:
		s.vary(quotedValue)
	}
	return true
}

// closing returns the end of the quoted text at i, or 0 if the quote at i does
// not begin one. An apostrophe within a word is not a quote.
func closing(text string, i int) int {
	quote := text[i]
	if quote == '\'' && i > 0 && isWord(text[i-1]) {
		return 0
	}
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case quote:
			if quote != '\'' || j+1 == len(text) || !isWord(text[j+1]) {
				return j + 1
			}
		}
	}
	return 0
}

// isMember reports whether a quoted text is the name of a member of a JSON
// object.
func (s *scanner) isMember(inner string) bool {
	if !isIdentifier(inner) || !strings.HasPrefix(strings.TrimLeft(s.rest(), " "), ":") {
		return false
	}
	out := strings.TrimRight(string(s.out), " ")
	return out != "" && (out[len(out)-1] == '{' || out[len(out)-1] == ',')
}

// isName reports whether a quoted text is a name that the program defines,
// because of the words around it: constraint "users_email_key".
func (s *scanner) isName(quote, inner string) bool {
	if s.words[0] == "as" && strings.Contains(inner, "2006") {
		return true // a layout of package time
	}
	if !isIdentifier(inner) || isHex(inner) || hasLongNumber(inner) || strings.Count(inner, "-") > 3 {
		return false
	}
	if quote == "`" && !strings.Contains(inner, "-") { // as in SQL
		return true
	}
	noun := s.words[0]
	if i := strings.LastIndexAny(noun, "/_."); i >= 0 && nameNouns[noun[i+1:]] {
		noun = noun[i+1:]
	}
	switch {
	case noun == "key":
		return isField(inner) || s.words[1] == "for" || s.words[1] == "unique" || s.words[1] == "primary"
	case noun == "name":
		return s.words[1] == variable && s.words[2] == "index" // of database/sql
	case nameNouns[noun]:
		return !outsideNouns[noun] || !doubts[s.words[1]]
	case isClass(noun):
		return !hasDigit(inner) && !doubts[s.words[1]]
	}
	next, _, _ := strings.Cut(strings.TrimLeft(s.rest(), " "), " ")
	return strings.HasPrefix(s.rest(), " ") && followingNouns[next]
}

// isText reports whether a quoted text is the text of an error, such as a
// description.
func (s *scanner) isText(inner string) bool {
	if strings.Contains(inner, ": ") {
		return true
	}
	out := strings.TrimRight(string(s.out), " ")
	return textNouns[s.words[0]] && (strings.HasSuffix(out, "=") || strings.HasSuffix(out, ":"))
}

// isClass reports whether the value of a noun is a class of errors.
func isClass(noun string) bool {
	for _, suffix := range [...]string{"code", "status", "type", "reason", "kind"} {
		if strings.HasSuffix(noun, suffix) {
			return !otherCodes[noun]
		}
	}
	return classNouns[noun]
}

// isField reports whether a quoted text is the name of a field in Go, such as
// User.Email.
func isField(inner string) bool {
	return 'A' <= inner[0] && inner[0] <= 'Z' && strings.Contains(inner, ".") && !hasDigit(inner)
}
