package logissue

import "strings"

// isCode reports whether a word is a code that tells errors apart, because of
// the words around it: status 404, SQLSTATE 23505, Error 1062 (23000).
func (s *scanner) isCode(word string) bool {
	code := strings.TrimPrefix(word, "#")
	if !isCodeText(code) {
		return false
	}
	switch noun, before := s.noun(); {
	case noun == "code" && personalCodes[before]:
		return false
	case codeNouns[noun], strings.HasSuffix(noun, "code") && !otherCodes[noun]:
		return true
	case strings.HasSuffix(noun, "error"), noun == "exception":
		return s.endsPhrase()
	}
	return s.isStatus(code) || s.isMailStatus(code) || s.isNative(code)
}

// noun returns the noun that the next word belongs to, and the word before it.
// The noun of status_code is code.
func (s *scanner) noun() (noun, before string) {
	noun, before = s.words[0], s.words[1]
	if links[noun] {
		noun, before = s.words[1], s.words[2]
	}
	if i := strings.LastIndexAny(noun, "._-/"); i >= 0 && !codeNouns[noun] {
		noun, before = noun[i+1:], noun[:i]
	}
	return noun, before
}

// isCodeText reports whether a word has the form of a code: a number of up to
// five digits, a longer hexadecimal number, or an SQLSTATE.
func isCodeText(word string) bool {
	if !hasDigit(word) {
		return false
	}
	digits := strings.TrimPrefix(word, "-")
	switch {
	case strings.Trim(digits, "0123456789") == "":
		return len(digits) <= 5
	case strings.HasPrefix(digits, "0x"):
		return len(digits) <= len("0x80070005") && strings.Trim(digits[2:], "0123456789abcdefABCDEF") == ""
	}
	letters := strings.TrimRight(digits, "0123456789")
	return len(digits) <= 12 && strings.Trim(digits, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == "" &&
		(len(digits) == 5 || len(letters) <= 8 && !isDigit(letters[0]))
}

// endsPhrase reports whether the next word does not go on with the sentence, as
// in "error 5 of 7".
func (s *scanner) endsPhrase() bool {
	rest := strings.TrimLeft(s.rest(), " ")
	return rest == "" || rest[0] < 'a' || rest[0] > 'z'
}

// isNative reports whether a number is a code of a protocol or a server that
// needs no noun: "websocket: close 1006", "mysql: 1062: duplicate".
func (s *scanner) isNative(code string) bool {
	if s.words[0] == "close" && s.words[1] == "websocket" {
		return len(code) == 4
	}
	return databases[s.words[0]] && strings.HasPrefix(s.rest(), ":")
}

// isStatus reports whether a number is the status of an HTTP response, without
// a noun that says so: "responded with 502 Bad Gateway", "fetch: 404 Not
// Found".
func (s *scanner) isStatus(code string) bool {
	if len(code) != 3 || code[0] < '4' || code[0] > '5' || strings.Trim(code, "0123456789") != "" {
		return false
	}
	verb := s.words[0]
	if verb == "with" || links[verb] {
		verb = s.words[1]
	}
	next := s.nextWord()
	switch {
	case verb == "response":
		return !units[next]
	case answers[verb], s.web, receipts[verb] && s.expectsStatus():
		return s.endsPhrase()
	}
	return s.startsClause() && (next == "]" || isReason(next))
}

// expectsStatus reports whether the words before "got" expect a status.
func (s *scanner) expectsStatus() bool {
	return codeNouns[s.words[1]] || s.words[1] == "response" || len(s.number) == 3 && s.number[0] == '2'
}

// nextWord returns the next word.
func (s *scanner) nextWord() string {
	word, _, _ := strings.Cut(strings.TrimLeft(s.rest(), " "), " ")
	return word
}

// isReason reports whether a word begins the text of a status: Not Found, or
// the second code of a mail server.
func isReason(word string) bool {
	if word == "" {
		return false
	}
	return 'A' <= word[0] && word[0] <= 'Z' || reasons[word] || isMailCode(word)
}

// isMailCode reports whether a word has the form of the second code of a mail
// server: 5.1.1.
func isMailCode(word string) bool { return len(word) >= 5 && word[1] == '.' && isNumber(word) }

// isMailStatus reports whether a word is the second status of a mail server's
// reply: 550 5.1.1.
func (s *scanner) isMailStatus(word string) bool {
	return s.coded && isMailCode(word) && strings.Count(word, ".") == 2
}

// codePrefixed reports whether a word is a code by its prefix: ORA-00942,
// E11000.
func codePrefixed(word string) bool {
	letters := strings.TrimRight(word, "0123456789")
	return len(word)-len(letters) >= 4 && codePrefixes[letters]
}
