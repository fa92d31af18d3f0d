package statuspage

import (
	"hash/fnv"
	"html/template"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxName is the number of characters of a name or an error that the page
	// shows.
	maxName = 120
	// maxURL is the number of bytes of a link that leads elsewhere.
	maxURL = 2000
	// ellipsis shows that a text was cut.
	ellipsis = "…"
)

// clean returns a text from outside that is safe to show: of limited length,
// with "�" for each character that is invisible or reorders its neighbors.
func clean(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text { // an invalid byte is utf8.RuneError
		if n == maxName {
			b.WriteString(ellipsis)
			break
		}
		n++
		b.WriteRune(visible(r))
	}
	return b.String()
}

// visible returns a character, or the replacement character if nobody sees it.
// Category Cf has the controls of bidirectional text and zero-width characters.
func visible(r rune) rune {
	switch {
	case r == '\n', r == '\t', r == '\r':
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
		return utf8.RuneError
	}
	return r
}

// isolated returns a text from outside as markup whose direction does not
// reach its neighbors.
func isolated(text string) template.HTML {
	return template.HTML("<bdi>" + template.HTMLEscapeString(clean(text)) + "</bdi>") //nolint:gosec // escaped
}

// nameOf returns an objective's ID as markup, which breaks after the service.
func nameOf(service, name string) template.HTML {
	escape := func(s string) string { return template.HTMLEscapeString(clean(s)) }
	return template.HTML("<bdi>" + escape(service) + "/<wbr>" + escape(name) + "</bdi>") //nolint:gosec // escaped
}

// elementID returns an objective's ID as the ID of an element, which differs
// for each objective: "users.availability".
func elementID(id string) string {
	if len(id) > maxName {
		h := fnv.New128a()
		_, _ = h.Write([]byte(id))
		return "o" + strconv.Itoa(len(id)) + "-" + string(appendHex(nil, h.Sum(nil)))
	}
	var b []byte
	for i := range len(id) {
		switch c := id[i]; {
		case c == '/':
			b = append(b, '.')
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
			b = append(b, c)
		default:
			b = append(b, '~')
			b = appendHex(b, []byte{c})
		}
	}
	return string(b)
}

// inURL returns a URL whose characters are those that RFC 3986 allows. All
// others are escaped, and no escape is decoded.
func inURL(url string) string {
	var b []byte
	for i := range min(len(url), maxURL) {
		switch c := url[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) >= 0:
			b = append(b, c)
		default:
			b = append(b, '%')
			b = appendHex(b, []byte{c})
		}
	}
	return string(b)
}

func appendHex(dst, bytes []byte) []byte {
	const digits = "0123456789abcdef"
	for _, c := range bytes {
		dst = append(dst, digits[c>>4], digits[c&15])
	}
	return dst
}
