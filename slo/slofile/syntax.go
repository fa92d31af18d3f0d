package slofile

import (
	"bytes"
	"errors"
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
		p.addf(mark{}, "", "%d bytes: want at most %d", len(data), maxSize)
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
	message := strings.TrimPrefix(syntax.Message, "yaml: ")
	switch {
	case strings.HasPrefix(lineFrom(data, at), "\t"):
		message = "tab in the indentation: want spaces"
	case strings.HasPrefix(lineFrom(data, at), "%"):
		message += ": want no directive"
	case syntax.ContextMsg != "" && syntax.ContextMark.Line > 0 && syntax.ContextMark.Line != at.line:
		p.addf(at, "", "%s, %s from line %d", message, syntax.ContextMsg, syntax.ContextMark.Line)
		return
	}
	p.add(at, "", errors.New(message))
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
