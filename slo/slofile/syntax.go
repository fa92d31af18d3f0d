package slofile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

const (
	// maxSize is the maximum size of a file in bytes. A file with 1,000
	// objectives has about 500 kB.
	maxSize = 1 << 20
	// maxDepth is the maximum depth of nested values. The format has 7 levels.
	maxDepth = 32
)

// parseDocument returns the only document of a file. Nil means that problems
// has the mistakes.
func parseDocument(data []byte, p *problems) *yaml.Node {
	if len(data) > maxSize {
		p.addf(mark{}, "", "too large: want at most %d bytes", maxSize)
		return nil
	}
	if at, err := checkCharacters(data); err != nil {
		p.add(at, "", err)
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data),
		yaml.WithUniqueKeys(false), // decoder reports them with their paths
		yaml.WithAllDocuments(), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	var first, second yaml.Node
	if err == nil {
		err = loader.Load(&first)
	}
	switch {
	case errors.Is(err, io.EOF) || err == nil && isEmpty(&first):
		p.addf(mark{1, 1}, "", "the file is empty: want a mapping that begins with %q", "version: "+Version)
		return nil
	case err != nil:
		addSyntax(err, data, p)
		return nil
	}
	if err := loader.Load(&second); err == nil {
		p.addf(mark{second.Line, second.Column}, "", "a second document: want one document in a file")
		return nil
	} else if !errors.Is(err, io.EOF) {
		addSyntax(err, data, p)
		return nil
	}
	return &first
}

func isEmpty(document *yaml.Node) bool {
	return len(document.Content) == 0 || isNull(document.Content[0]) && document.Content[0].Value == ""
}

// checkCharacters reports the first byte that is not UTF-8, and the first
// control character, which YAML does not allow.
func checkCharacters(data []byte) (mark, error) {
	at := mark{1, 1}
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		return at, errors.New("invalid encoding UTF-16: want UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			return at, errors.New("invalid encoding: want UTF-8")
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7F:
			return at, errors.New("invalid control character: want text")
		case r == '\n', r == '\r' && !bytes.HasPrefix(data, []byte("\r\n")):
			at.line++
			at.column = 0
		}
		at.column++
		data = data[size:]
	}
	return mark{}, nil
}

// addSyntax adds an error of the YAML parser, which stops at the first.
func addSyntax(err error, data []byte, p *problems) {
	var syntax *yaml.LoadError
	if !errors.As(err, &syntax) {
		p.add(mark{}, "", err)
		return
	}
	at := mark{syntax.Mark.Line, syntax.Mark.Column}
	message := plainly(strings.TrimPrefix(syntax.Message, "yaml: "))
	switch from := syntax.ContextMark.Line; {
	case strings.HasPrefix(lineFrom(data, at), "\t"):
		message = "tab in the indentation: want spaces"
	case strings.HasPrefix(lineFrom(data, at), "%"):
		message = "unexpected \"%\": want no directive, and quotes around text that begins with it"
	case syntax.ContextMsg != "" && from > 0 && from != at.line:
		message += fmt.Sprintf(" (%s line %d)", cmp.Or(contexts[syntax.ContextMsg], syntax.ContextMsg+" from"), from)
	}
	p.add(at, "", errors.New(message))
}

// plainly returns a message of the YAML parser in words for people who do not
// know its grammar, with the most frequent cause.
func plainly(message string) string {
	if anchor, ok := strings.CutPrefix(message, "unknown anchor '"); ok {
		anchor = strings.TrimSuffix(anchor, "' referenced")
		return fmt.Sprintf("unknown anchor %q: want &%s in a line above, or quotes around text that begins with \"*\"", anchor, anchor)
	}
	return cmp.Or(frequent[message], message)
}

// frequent has the messages of the YAML parser for the most frequent mistakes.
var frequent = map[string]string{
	"mapping values are not allowed in this context":         `unexpected ":": want each key in a line of its own, indented as the keys beside it, and quotes around text with ": "`,
	"block sequence entries are not allowed in this context": `unexpected "-": want an entry of a list in a line of its own, and quotes around text that begins with "- "`,
	"did not find expected key":                              "unexpected text or indentation: want a key, indented as the keys beside it",
	"did not find expected '-' indicator":                    `unexpected text or indentation: want an entry of the list, with "-" indented as the other entries`,
	"could not find expected ':'":                            `no ":" after a key`,
	"did not find expected ',' or ']'":                       `a list in brackets does not end: want "]", and quotes around text with brackets or braces`,
	"did not find expected ',' or '}'":                       `a mapping in braces does not end: want "}", and quotes around text with brackets or braces`,
	"did not find expected node content":                     "no value: want one, or the end of the brackets before it",
	"found unexpected end of stream":                         "the file ends within quotes",
	"found character that cannot start any token":            "unexpected character: want quotes around text that begins with it",
	"did not find expected alphabetic or numeric character":  `want quotes around text that begins with "*" or "&"`,
	"found unknown escape character":                         `unknown escape: want "\\" for each "\" in double quotes, or single quotes`,
	fmt.Sprintf("exceeded max depth of %d", maxDepth):        fmt.Sprintf("more than %d levels of values within values", maxDepth),
}

// contexts are the constructs in which the YAML parser stops.
var contexts = map[string]string{
	"while parsing a block mapping":    "in the mapping from",
	"while parsing a flow mapping":     "in the mapping from",
	"while parsing a block collection": "in the list from",
	"while parsing a flow sequence":    "in the list from",
	"while scanning a simple key":      "in",
	"while scanning a quoted scalar":   "from",
}

// lineFrom returns the rest of a line from a place.
func lineFrom(data []byte, at mark) string {
	line := 1
	for text := range strings.Lines(string(data)) {
		if line == at.line {
			runes := []rune(text)
			return string(runes[min(max(at.column-1, 0), len(runes)):])
		}
		line++
	}
	return ""
}
