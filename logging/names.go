package logging

import (
	"bytes"
	"iter"
	"strconv"
)

// names writes the members of an object whose names another schema changes, so
// that two may become equal. The later one then gets a number: k, k-2.
type names struct {
	taken map[string]int // with the last number
	path  []byte         // the name of the member within objects
}

// reset forgets the names. It drops buffers that one long line has made large.
func (n *names) reset() {
	const most = 256
	if len(n.taken)+cap(n.path) > most {
		*n = names{}
	}
	clear(n.taken)
}

// add takes a name.
func (n *names) add(name string) {
	if n.taken == nil {
		n.taken = map[string]int{}
	}
	n.taken[name] = 1
}

// appendName appends a comma and a quoted name that the object does not have.
func (n *names) appendName(dst, name []byte) []byte {
	dst = append(append(dst, `,"`...), name...)
	if last := n.taken[string(name)]; last > 0 {
		end := len(dst)
		for used := true; used; {
			last++
			dst = strconv.AppendInt(append(dst[:end], '-'), int64(last), 10)
			used = n.taken[string(dst[end-len(name):])] > 0
		}
		n.taken[string(name)] = last
		name = dst[end-len(name):]
	}
	n.add(string(name))
	return append(dst, `":`...)
}

// appendMembers appends members under names of their own.
func (n *names) appendMembers(dst, members []byte) []byte {
	for name, value := range membersOf(members) {
		dst = append(n.appendName(dst, name), value...)
	}
	return dst
}

// maxPath bounds the length of an object's name that precedes the names of its
// members, which a line would otherwise repeat without bound.
const maxPath = 256

// appendFlat appends members without objects: the members of an object get the
// object's name in front, and a list with objects is the text of its JSON.
// Dots, asterisks and backslashes in names become "_".
func (n *names) appendFlat(dst, members []byte) []byte {
	for name, value := range membersOf(members) {
		outer := len(n.path)
		n.path = appendLabel(n.path, name)
		switch isObject := value[0] == '{'; {
		case isObject && len(value) > len("{}") && len(n.path) <= maxPath:
			n.path = append(n.path, '_')
			dst = n.appendFlat(dst, value[1:len(value)-1])
		case isObject, value[0] == '[' && holdsObject(value):
			dst = appendQuoted(n.appendName(dst, n.path), value)
		default:
			dst = append(n.appendName(dst, n.path), value...)
		}
		n.path = n.path[:outer]
	}
	return dst
}

// appendLabel appends the quoted name of a member without the characters that
// a label must not have.
func appendLabel(dst, name []byte) []byte {
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '.', c == '*':
			dst = append(dst, '_')
		case c == '\\' && name[i+1] == '\\':
			dst = append(dst, '_')
			i++
		case c == '\\':
			dst = append(dst, c, name[i+1])
			i++
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// appendQuoted appends a JSON text as a JSON string.
func appendQuoted(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, c := range text {
		if c == '"' || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	return append(dst, '"')
}

// membersOf yields the quoted names, without quotes, and the values of members.
// They are valid JSON, because the encoder wrote them.
func membersOf(members []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for i := 0; i < len(members); {
			end := i + stringLen(members[i:])
			start := end + len(":")
			next := start + valueLen(members[start:])
			if !yield(members[i+1:end-1], members[start:next]) {
				return
			}
			i = next + len(",")
		}
	}
}

// valueLen returns the length of the JSON value that b begins with.
func valueLen(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i += stringLen(b[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(b)
}

// stringLen returns the length of the JSON string that b begins with.
func stringLen(b []byte) int {
	for i := 1; ; i++ {
		i += bytes.IndexAny(b[i:], `"\`)
		if b[i] == '"' {
			return i + 1
		}
		i++
	}
}

// holdsObject reports whether a JSON list has an object within.
func holdsObject(list []byte) bool {
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case '"':
			i += stringLen(list[i:]) - 1
		case '{':
			return true
		}
	}
	return false
}
