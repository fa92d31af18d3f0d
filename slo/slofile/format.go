package slofile

import (
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Format returns the text of a file in the usual form: indented by two spaces,
// with an empty line between sections and between their entries. It keeps the
// comments, the order of the keys, anchors, and the quotes. The name is for
// errors. Format checks the syntax of YAML only; it returns an [*Error] for
// text that is not YAML.
func Format(name string, data []byte) ([]byte, error) {
	p := &problems{file: name}
	document := parseDocument(data, p)
	if document == nil {
		return nil, p.err()
	}
	formatted, err := dump(document)
	if err != nil {
		return nil, &Error{File: name, Err: err}
	}
	// Dump changes the tree, so the text is parsed once more.
	before, after := parseDocument(data, p), parseDocument(formatted, p)
	if after == nil || !same(before, after) {
		return nil, &Error{File: name, Err: errors.New("cannot format this file: the result would have another content")}
	}
	return formatted, nil
}

// same reports whether two trees have the same content.
func same(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.ShortTag() == b.ShortTag() && a.Value == b.Value && a.Anchor == b.Anchor &&
		slices.EqualFunc(a.Content, b.Content, same)
}

// dump writes a tree in the usual form.
func dump(n *yaml.Node) ([]byte, error) {
	data, err := yaml.Dump(n, yaml.WithIndent(2), yaml.WithCompactSeqIndent(false), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, err
	}
	return []byte(space(string(data))), nil
}

// space writes an empty line before each section, and before each entry of a
// list in it, that is longer than a line. In the text of dump, a line without
// indentation is a key of the file or a comment, and a line that begins with
// two spaces and "- " is an entry, since all other lines are indented more.
func space(text string) string {
	lines := strings.SplitAfter(text, "\n")
	var out strings.Builder
	for i, line := range lines {
		if i > 0 && lines[i-1] != "\n" && startsBlock(lines, i) {
			out.WriteByte('\n')
		}
		out.WriteString(line)
	}
	return out.String()
}

// startsBlock reports whether a section or a long entry starts in a line, with
// the comment on it.
func startsBlock(lines []string, i int) bool {
	before, indent := lines[i-1], indentOf(lines[i])
	if indent == indentOf(before) && isComment(before) {
		return false // the comment on this line started it
	}
	for i < len(lines)-1 && indentOf(lines[i]) == indent && isComment(lines[i]) {
		i++
	}
	if i == len(lines)-1 || indentOf(lines[i]) != indent || lines[i] == "\n" {
		return false
	}
	next := lines[i+1]
	switch indent {
	case 0:
		return indentOf(next) > 0
	case 2:
		return strings.HasPrefix(lines[i], "  - ") && indentOf(next) > 2 && indentOf(before) > 0
	}
	return false
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func isComment(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " "), "#") }
