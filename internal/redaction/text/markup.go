package text

import (
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// Names and values in neighboring elements and attributes of XML and HTML:
// <key>password</key><string>…</string>, <input type=password value=…>.

// nameTags are elements whose content names the value after them.
var nameTags = set(`key name param-name field id label dt th td property code`)

// voidTags are elements of HTML without a content.
var voidTags = set(`input meta link img`)

// maxSiblingTags is the number of tags between a name and its value.
const maxSiblingTags = 8

// markup finds values that a neighboring element or attribute names.
func markup(sc *scan) {
	s := sc.s
	for i := 0; i < len(s); {
		k := strings.IndexByte(s[i:], '<')
		if k < 0 {
			return
		}
		i += k + 1
		tag := s[i:tagBytes.skip(s[:min(len(s), i+maxPairName)], i)]
		if tag == "" {
			continue
		}
		end := tagEnd(s, i+len(tag))
		local := localName(tag)
		if attributes(sc, i+len(tag), end) && !voidTags[local] || nameTags[local] && namesSecretText(sc, end) {
			siblingElement(sc, indexFrom(s, end, ">"))
		}
	}
}

// localName returns the name of a tag without its namespace, in lower case.
func localName(tag string) string { return strings.ToLower(tag[strings.LastIndexByte(tag, ':')+1:]) }

// tagEnd returns the index of the '>' that ends the tag at i, outside quotes.
func tagEnd(s string, i int) int {
	limit := min(len(s), i+maxTag)
	for ; i < limit && s[i] != '>' && s[i] != '<'; i++ {
		if s[i] == '"' || s[i] == '\'' {
			if k := strings.IndexByte(s[i+1:limit], s[i]); k >= 0 {
				i += k + 1
			}
		}
	}
	return i
}

// namesSecretText reports whether the text after the tag that ends at i is the
// name of a secret.
func namesSecretText(sc *scan, i int) bool {
	s := sc.s
	if i >= len(s) || s[i] != '>' {
		return false
	}
	k := strings.IndexByte(s[i:min(len(s), i+maxPairName+2)], '<')
	if k < 0 || !strings.HasPrefix(s[i+k:], "</") {
		return false
	}
	return sc.judge.Verdict(strings.TrimSpace(s[i+1:i+k])) == name.VerdictSecret
}

// attributes judges the attributes s[i:end] of a tag. If one of them says that
// the element is a secret, it adds the value that another one gives, and
// reports whether none does.
func attributes(sc *scan, i, end int) (named bool) {
	s := sc.s
	var value span
	for i < end {
		i = attributeGaps.skip(s[:end], i)
		start := i
		if i = tagBytes.skip(s[:end], i); i == start {
			i++
			continue
		}
		key := strings.ToLower(s[start:i])
		if i >= end || s[i] != '=' {
			continue
		}
		from := i + 1
		i = attributeValueEnd(s[:end], from)
		switch key {
		case "type", "name", "id", "key", "field", "property", "autocomplete", "class":
			named = named || sc.judge.Verdict(strings.Trim(s[from:i], "\"'")) == name.VerdictSecret
		case "value", "content", "val", "data", "placeholder":
			value = span{from, i}
		}
	}
	if named && value.end > 0 {
		if !isConstant(s[value.start:value.end]) {
			sc.addValue(value.start, value.end)
		}
		return false
	}
	return named
}

var attributeGaps = chars("\x00- /")

func attributeValueEnd(s string, i int) int {
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		if k := strings.IndexByte(s[i+1:], s[i]); k >= 0 {
			return i + k + 2
		}
	}
	return unquotedAttribute.skip(s, i)
}

var unquotedAttribute = except("\x00- <>")

// siblingElement adds the text of the next element that has one, after the tag
// that ends at i. It skips the closing tag of the name, and elements that
// describe the value.
func siblingElement(sc *scan, i int) {
	s := sc.s
	for range maxSiblingTags {
		if i = strings.IndexByte(s[i:], '<') + i; i < 0 || i >= len(s) || s[i] != '<' {
			return
		}
		tag := s[i+1 : tagBytes.skip(s[:min(len(s), i+maxPairName)], i+1)]
		end := tagEnd(s, i+1+len(tag))
		if end >= len(s) || s[end] != '>' || s[end-1] == '/' {
			return
		}
		switch {
		case tag == "": // a closing tag
		case describes[localName(tag)]:
			end = min(len(s)-1, indexFrom(s, end, "</"+tag))
		default:
			if stop := textEnd(s, end+1, tag); strings.TrimSpace(s[end+1:stop]) != "" {
				if !isConstant(strings.TrimSpace(s[end+1 : stop])) {
					sc.add(end+1, stop)
				}
				return
			}
		}
		i = end + 1
	}
}

var describes = set(`final description type source comment`)

// textEnd returns the end of an element's text that starts at i: before its
// closing tag if the text is in CDATA, otherwise before the next tag.
func textEnd(s string, i int, tag string) int {
	if strings.HasPrefix(strings.TrimLeft(s[i:min(len(s), i+maxPairName)], " \t\r\n"), "<![CDATA[") {
		return indexFrom(s, i, "</"+tag)
	}
	return indexFrom(s, i, "<")
}
