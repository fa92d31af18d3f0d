package slilog

import (
	"bytes"
	"strconv"
	"time"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// message returns the text of a line without the prefixes that collectors put
// in front: a byte order mark, the header of RFC 5424 or RFC 3164, a time, as
// kubectl and rsyslog write it, and the cookie of JSON in syslog.
func message(line []byte) []byte {
	line = bytes.TrimSpace(bytes.TrimPrefix(line, byteOrderMark))
	rest, hasPriority := cutPriority(line)
	if text, ok := cutRFC5424(rest); ok && hasPriority {
		return trimMark(text)
	}
	if text, ok := cutTime(rest); ok {
		return trimMark(cutTag(text))
	}
	if hasPriority { // RFC 3164 allows any text after the priority
		return trimMark(cutTag(rest))
	}
	return line
}

// trimMark removes the byte order mark and the cookie in front of a message.
func trimMark(text []byte) []byte {
	text = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(text), byteOrderMark))
	return bytes.TrimSpace(bytes.TrimPrefix(text, []byte("@cee:")))
}

// cutPriority removes the priority in front of a line: <165>.
func cutPriority(line []byte) (rest []byte, ok bool) {
	end := bytes.IndexByte(line, '>')
	if end < 2 || end > 4 || line[0] != '<' {
		return line, false
	}
	if n, err := strconv.Atoi(string(line[1:end])); err != nil || n < 0 || n > 191 {
		return line, false
	}
	return line[end+1:], true
}

// cutTime removes a time of RFC 3339, or of RFC 3164 with or without a year, in
// front of a line.
func cutTime(line []byte) (rest []byte, ok bool) {
	word, rest, ok := bytes.Cut(line, space)
	if ok && isTime(word) {
		return rest, true
	}
	for _, layout := range []string{time.Stamp, "Jan _2 2006 15:04:05"} {
		if n := len(layout); len(line) > n && line[n] == ' ' {
			if _, err := time.Parse(layout, string(line[:n])); err == nil {
				return line[n+1:], true
			}
		}
	}
	return line, false
}

// cutTag removes the host and the tag, "host nginx[17]: ", or one of the two.
func cutTag(line []byte) []byte {
	for skipped, rest := 0, line; skipped < 2; skipped++ {
		rest = bytes.TrimLeft(rest, " ")
		word, after, ok := bytes.Cut(rest, space)
		switch {
		case !ok:
			return line
		case bytes.IndexAny(rest, `{["`) == 0:
			return rest
		case bytes.HasSuffix(word, []byte(":")):
			return after
		case skipped == 0 && bytes.HasPrefix(after, []byte("{")):
			return after
		}
		rest = after
	}
	return line
}

// cutRFC5424 removes the header and the structured data after the priority:
//
//	1 2003-10-11T22:14:15.003Z host app 17 ID47 [a@1 key="value"] text
func cutRFC5424(line []byte) (text []byte, ok bool) {
	for field := range 6 {
		word, rest, ok := bytes.Cut(line, space)
		switch {
		case !ok,
			field == 0 && string(word) != "1",
			field == 1 && string(word) != "-" && !isTime(word):
			return nil, false
		}
		line = rest
	}
	if rest, ok := bytes.CutPrefix(line, []byte("-")); ok {
		return rest, true
	}
	for ok = false; bytes.HasPrefix(line, []byte("[")); ok = true {
		end := elementEnd(line)
		if end < 0 {
			return nil, false
		}
		line = line[end+1:]
	}
	return line, ok
}

// elementEnd returns the index of the bracket that ends an element of
// structured data, or -1.
func elementEnd(line []byte) int {
	quoted := false
	for i := 1; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i
		}
	}
	return -1
}
