package rules_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A block is a fenced block of a document.
type block struct {
	place string // "README.md:12", its first line
	lang  string // the first word after the fence
	info  string // the words after that
	above string // the HTML comment right above it
	text  string
}

// documents returns the blocks of all Markdown files.
func documents(dir string) ([]block, error) {
	var blocks []block
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		blocks = append(blocks, parseBlocks(filepath.ToSlash(name), string(text))...)
		return nil
	})
	return blocks, err
}

var (
	fence   = regexp.MustCompile("^( *)(```+) *(\\S*) *(.*?)\\s*$")
	comment = regexp.MustCompile(`(?s)<!--(.*?)-->\s*$`)
)

func parseBlocks(name, text string) []block {
	var blocks []block
	var open []string // the submatches of the fence that is open
	var before, in strings.Builder
	var b block
	n := 0
	for line := range strings.Lines(text) {
		n++
		m := fence.FindStringSubmatch(strings.TrimRight(line, "\n"))
		switch {
		case open == nil && m != nil:
			open = m
			b = block{place: fmt.Sprintf("%s:%d", name, n+1), lang: m[3], info: m[4]}
			if c := comment.FindStringSubmatch(before.String()); c != nil {
				b.above = strings.TrimSpace(c[1])
			}
		case open != nil && m != nil && m[3] == "" && len(m[2]) >= len(open[2]):
			b.text = in.String()
			blocks = append(blocks, b)
			open = nil
			before.Reset()
			in.Reset()
		case open != nil:
			in.WriteString(strings.TrimPrefix(line, open[1]))
		default:
			before.WriteString(line)
		}
	}
	if open != nil {
		blocks = append(blocks, block{place: b.place, lang: "(never closed)"})
	}
	return blocks
}
