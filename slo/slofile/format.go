package slofile

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Format returns the text of a file in the usual form: indented by two spaces,
// with an empty line between sections and between their entries. It keeps the
// comments, the order of the keys, anchors, and the quotes. The name is for
// errors. Format checks the syntax of YAML only; it returns an [*Error] for
// text that is not YAML, and for a comment that it cannot keep, such as one
// within brackets.
func Format(name string, data []byte) ([]byte, error) {
	p := &problems{file: name}
	data = []byte(lineEnds.Replace(string(data))) // as YAML reads them
	formatted, err := format(data, p)
	for range maxFormats {
		if formatted == nil || err != nil {
			break
		}
		var again []byte
		if again, err = format(formatted, p); err != nil || bytes.Equal(again, formatted) {
			break
		}
		formatted = again // a comment has moved
	}
	if err != nil {
		p.add(mark{}, "", err)
	}
	if formatted != nil {
		// Dump changes the tree, so the text is parsed once more.
		before, after := parseDocument(data, p), parseDocument(formatted, p)
		if after == nil || !same(before, after) {
			p.addf(mark{}, "", "cannot format this file: the result would have another content")
		}
		lost(data, formatted, p)
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return formatted, nil
}

// lineEnds gives lines the usual end.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// maxFormats is the number of times that a comment may move.
const maxFormats = 5

// format returns the text in the usual form. Nil without an error means that
// problems has the mistakes.
func format(data []byte, p *problems) ([]byte, error) {
	document := parseDocument(data, p)
	if document == nil {
		return nil, nil
	}
	return dump(document)
}

// lost reports the comments that are not in the formatted text.
func lost(data, formatted []byte, p *problems) {
	kept := make(map[string]int)
	for _, c := range comments(string(formatted)) {
		kept[c.text]++
	}
	for _, c := range comments(string(data)) {
		if kept[c.text]--; kept[c.text] < 0 {
			p.addf(c.at, "", "cannot keep the comment %q here: want it behind a value, or in front of a key with the same indentation, outside of brackets", c.text)
		}
	}
}

// same reports whether two trees have the same content.
func same(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && tagOf(a) == tagOf(b) && a.Value == b.Value && a.Anchor == b.Anchor &&
		slices.EqualFunc(a.Content, b.Content, same)
}

// tagOf returns the tag of a node. Times in braces get quotes, because of their
// colons, and mean the same with them.
func tagOf(n *yaml.Node) string {
	if tag := n.ShortTag(); tag != "!!timestamp" {
		return tag
	}
	return "!!str"
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
