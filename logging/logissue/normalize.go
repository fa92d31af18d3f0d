package logissue

import (
	"strings"
	"unicode/utf8"
)

const (
	maxText  = 512 // bytes of a text that Normalize reads
	maxLines = 2   // lines that it reads
)

// Normalize replaces the parts of an error's text that vary between
// occurrences. Quoted text becomes <q>. Paths, words with a digit, an @ or
// ://, and long hexadecimal words become <v>. It reads only the first 512
// bytes and 2 lines.
func Normalize(text string) string {
	text = head(text)
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c <= ' ':
			i = space(&b, text, i)
		case c == '"' || c == '`' || c == '\'':
			i = quoted(&b, text, i)
		default:
			i = word(&b, text, i)
		}
	}
	return b.String()
}

// head returns the beginning of a text.
func head(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > maxText {
		n := maxText
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n]
	}
	lines := 0
	for i := range len(text) {
		if text[i] == '\n' {
			if lines++; lines == maxLines {
				return text[:i]
			}
		}
	}
	return text
}

// space writes one space for the white space at i and returns its end. It
// writes none at the beginning and the end of the text.
func space(b *strings.Builder, text string, i int) int {
	for i < len(text) && text[i] <= ' ' {
		i++
	}
	if b.Len() > 0 && i < len(text) {
		b.WriteByte(' ')
	}
	return i
}

// quoted writes the quoted text at i as <q> and returns its end. A quote
// without a partner is part of a word.
func quoted(b *strings.Builder, text string, i int) int {
	end := closing(text, i)
	if end == 0 {
		return word(b, text, i)
	}
	b.WriteString("<q>")
	return end
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

// isWord reports whether b belongs to an ASCII letter, a digit or a rune beyond
// ASCII.
func isWord(b byte) bool {
	switch {
	case '0' <= b && b <= '9', 'a' <= b|0x20 && b|0x20 <= 'z':
		return true
	}
	return b >= utf8.RuneSelf
}

// isDelimiter reports whether b ends a word.
func isDelimiter(b byte) bool {
	return b <= ' ' || strings.IndexByte("\"`()[]{}<>,;", b) >= 0
}

// word writes the word at i, or <v> if it varies, and returns its end. It
// keeps the punctuation behind the word and a name before an equals sign. If
// there is a delimiter at i, it writes that.
func word(b *strings.Builder, text string, i int) int {
	end := i
	for end < len(text) && !isDelimiter(text[end]) {
		if text[end] == '=' && !strings.ContainsAny(text[i:end], "/?:@") {
			return pair(b, text, i, end+1)
		}
		end++
	}
	if end == i {
		b.WriteByte(text[i])
		return i + 1
	}
	stop := i + len(strings.TrimRight(text[i:end], ".:!?"))
	if varies(text[i:stop]) {
		b.WriteString("<v>")
	} else {
		b.WriteString(text[i:stop])
	}
	b.WriteString(text[stop:end])
	return end
}

// pair writes a name, which begins at i and ends with an equals sign before
// value, and <v> for the value. It returns the end of the pair. A value in
// double quotes is left to quoted.
func pair(b *strings.Builder, text string, i, value int) int {
	b.WriteString(text[i:value])
	if value == len(text) || text[value] <= ' ' || text[value] == '"' {
		return value
	}
	b.WriteString("<v>")
	end := value
	for end < len(text) && !isDelimiter(text[end]) {
		end++
	}
	return end
}

// varies reports whether a word is likely to differ between occurrences.
func varies(word string) bool {
	return strings.ContainsAny(word, "0123456789@") || strings.Contains(word, "://") || isPath(word) || isHex(word)
}

func isPath(word string) bool {
	rooted := len(word) > 1 && word[0] == '/'
	onDrive := len(word) > 2 && word[1:3] == `:\`
	return rooted || onDrive || strings.Count(word, "/") >= 2
}

// isHex reports whether a word without digits is long enough to be a
// hexadecimal number and not, say, "added".
func isHex(word string) bool {
	return len(word) >= 8 && strings.Trim(word, "abcdefABCDEF-") == ""
}
