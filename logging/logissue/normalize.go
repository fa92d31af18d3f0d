package logissue

import (
	"strings"
	"unicode/utf8"
)

const (
	maxText  = 512 // bytes of a text that are looked at
	maxLines = 2
)

// Normalize takes out of an error's text what varies from one occurrence to the
// next: quoted text becomes <q>; words with a digit, an @ or ://, long hexadecimal
// words and paths become <v>. Of a long text only its start counts.
func Normalize(text string) string {
	text = head(text)
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c <= ' ':
			for i < len(text) && text[i] <= ' ' {
				i++
			}
			if b.Len() > 0 && i < len(text) {
				b.WriteByte(' ')
			}
		case (c == '"' || c == '`' || c == '\'') && closing(text, i) > 0:
			b.WriteString("<q>")
			i = closing(text, i)
		case strings.IndexByte("()[]{}<>,;", c) >= 0:
			b.WriteByte(c)
			i++
		default:
			i = word(&b, text, i)
		}
	}
	return b.String()
}

// head returns the first lines of a text, up to a number of bytes.
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

// closing returns the end of the quoted text at i, 0 when it is not one: an
// apostrophe has no partner, or stands within a word.
func closing(text string, i int) int {
	q := text[i]
	if q == '\'' && i > 0 && isWord(text[i-1]) {
		return 0
	}
	for j := i + 1; j < len(text); j++ {
		switch {
		case text[j] == '\\':
			j++
		case text[j] == q && (q != '\'' || j+1 == len(text) || !isWord(text[j+1])):
			return j + 1
		}
	}
	return 0
}

func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' || b >= 0x80
}

// word copies the word at i, or what stands for it, and returns its end. The
// punctuation at its end and a name before an equals sign are not part of it.
func word(b *strings.Builder, text string, i int) int {
	end := i
	for end < len(text) && text[end] > ' ' && strings.IndexByte("\"`()[]{}<>,;", text[end]) < 0 {
		if text[end] == '=' && !strings.ContainsAny(text[i:end], "/?:@") {
			b.WriteString(text[i : end+1])
			if end+1 < len(text) && text[end+1] > ' ' && text[end+1] != '"' {
				j := end + 1
				for j < len(text) && text[j] > ' ' && strings.IndexByte("\"`()[]{}<>,;", text[j]) < 0 {
					j++
				}
				b.WriteString("<v>")
				return j
			}
			return end + 1
		}
		end++
	}
	if end == i {
		b.WriteByte(text[i])
		return i + 1
	}
	stop := end
	for stop > i && strings.IndexByte(".:!?", text[stop-1]) >= 0 {
		stop--
	}
	if varies(text[i:stop]) {
		b.WriteString("<v>")
	} else {
		b.WriteString(text[i:stop])
	}
	b.WriteString(text[stop:end])
	return end
}

func varies(w string) bool {
	if strings.ContainsAny(w, "0123456789@") || strings.Contains(w, "://") {
		return true
	}
	if strings.Count(w, "/") >= 2 || len(w) > 1 && w[0] == '/' || len(w) > 2 && w[1] == ':' && w[2] == '\\' {
		return true
	}
	return len(w) >= 8 && strings.Trim(w, "abcdefABCDEF-") == ""
}
