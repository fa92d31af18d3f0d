package logissue

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxText  = 512 // bytes of a text that Normalize reads
	maxLines = 8   // lines of a list of errors
	maxHead  = 2   // lines that Normalize reads of a longer text, a dump
)

// Normalize replaces the parts of an error's text that vary between
// occurrences. Quoted text becomes <q>. Numbers, identifiers, addresses, host
// names, paths, times and sizes become <v>, and so does a list of them. Codes
// stay (status 404, SQLSTATE 23505, Error 1062), and so do quoted names that
// the program defines, such as constraints and columns.
//
// Normalize reads only the first 512 bytes. It reads 2 lines of a text with
// more than 8, and it stops at a stack trace. Equal lines become one.
func Normalize(text string) string {
	var lines []string
	for _, line := range head(text) {
		if line = normalizeLine(line); line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// head returns the first lines of a text.
func head(text string) []string {
	text = strings.TrimSpace(text)
	cut := len(text) > maxText
	if cut {
		n := maxText
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n]
	}
	lines := strings.Split(text, "\n")
	if i := slices.IndexFunc(lines, beginsTrace); i > 0 {
		lines = lines[:i]
	} else if len(lines) > maxLines || cut && len(lines) > maxHead {
		lines = lines[:maxHead]
	}
	return lines
}

// beginsTrace reports whether a line is the first of a stack trace.
func beginsTrace(line string) bool {
	return strings.HasPrefix(line, "goroutine ") || strings.HasPrefix(line, "stack trace:") ||
		strings.HasPrefix(strings.TrimLeft(line, " \t"), "at ") && strings.Contains(line, ":")
}

// normalizeLine normalizes one line of a text. The marker of a list item is
// not part of it.
func normalizeLine(line string) string {
	line = strings.TrimSpace(line)
	line = strings.TrimPrefix(strings.TrimPrefix(line, "* "), "- ")
	s := scanner{text: line}
	s.run()
	return strings.TrimSpace(string(s.out))
}

// sortLines sorts the lines of a normalized text, and within each line the
// parts between semicolons, so that the order of joined errors does not matter.
// It removes duplicate parts.
func sortLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		parts := strings.Split(line, "; ")
		slices.Sort(parts)
		lines[i] = strings.Join(slices.Compact(parts), "; ")
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
