package slofile

import "strings"

// comment is a comment in the text of a file.
type comment struct {
	text string
	at   mark
}

// comments returns the comments of YAML that has no mistakes, in order. YAML's
// parser keeps comments with the values beside them, but not all of them.
func comments(text string) []comment {
	var all []comment
	var s scanner
	line := 0
	for l := range strings.Lines(text) {
		line++
		l = strings.TrimRight(l, "\r\n")
		if at := s.line(l); at >= 0 {
			column := len([]rune(l[:at])) + 1
			all = append(all, comment{strings.TrimSpace(l[at:]), mark{line, column}})
		}
	}
	return all
}

// scanner finds comments line by line.
type scanner struct {
	quote byte // of a quoted text that is not closed, or 0
	block int  // the indent of the key of a block of text, from 1, or 0
}

// line returns the index of the comment in a line, or -1.
func (s *scanner) line(line string) int {
	if s.block > 0 {
		if rest := strings.TrimLeft(line, " "); rest == "" || len(line)-len(rest) >= s.block {
			return -1
		}
		s.block = 0
	}
	at := s.scan(line)
	if content := line[:max(at, 0)]; s.quote == 0 {
		if at < 0 {
			content = line
		}
		s.block = blockOf(content)
	}
	return at
}

// scan returns the index of the comment in a line outside of a block of text.
func (s *scanner) scan(line string) int {
	before := byte(' ')
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case s.quote == '"' && c == '\\':
			i++
		case s.quote == '\'' && strings.HasPrefix(line[i:], "''"):
			i++
		case s.quote != 0:
			if c == s.quote {
				s.quote = 0
			}
		case c == '#' && (before == ' ' || before == '\t'):
			return i
		case (c == '"' || c == '\'') && startsValue(line[:i]):
			s.quote = c
		}
		before = c
	}
	return -1
}

// startsValue reports whether a quote after the text begins a quoted text. In
// a plain text it is an apostrophe.
func startsValue(before string) bool {
	trimmed := strings.TrimRight(before, " \t")
	if trimmed == "" || strings.ContainsRune("[{,", rune(trimmed[len(trimmed)-1])) {
		return true
	}
	last := trimmed[len(trimmed)-1]
	if len(trimmed) == len(before) {
		return false
	}
	word := trimmed[strings.LastIndexAny(trimmed, " \t")+1:]
	return strings.ContainsRune(":-?", rune(last)) || word[0] == '&' || word[0] == '!'
}

// blockOf returns the least indent of the lines of a block of text that begins
// at the end of a line, or 0.
func blockOf(line string) int {
	line = strings.TrimRight(line, " \t")
	at := strings.LastIndexAny(line, "|>")
	if at <= 0 || strings.Trim(line[at+1:], "+-123456789") != "" || line[at-1] != ' ' {
		return 0
	}
	before := strings.TrimRight(line[:at], " ")
	if before != "" && !strings.ContainsRune(":-", rune(before[len(before)-1])) {
		word := before[strings.LastIndexByte(before, ' ')+1:]
		if word[0] != '&' && word[0] != '!' {
			return 0 // the end of a plain text
		}
	}
	key := strings.TrimLeft(line, " ")
	for strings.HasPrefix(key, "- ") && strings.ContainsRune(key, ':') {
		key = strings.TrimLeft(key[2:], " ")
	}
	return len(line) - len(key) + 1
}
