package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestReadme(t *testing.T) {
	found, err := incompleteReadme(root)
	if err != nil {
		t.Fatal(err)
	}
	none(t, found)
}

// readmeLines is the length that somebody reads who has a minute.
const readmeLines = 130

// readmeParts are the answers that README owes to such a reader.
var readmeParts = []struct {
	name    string
	pattern *regexp.Regexp
}{
	{"a status line", regexp.MustCompile(`(?m)^\*\*Status:\*\* `)},
	{"a picture", regexp.MustCompile(`(?m)^!\[[^\]]+\]\([\w/.-]+\.png\)$`)},
	{"the line that installs it", regexp.MustCompile(`(?m)^go get \S+$`)},
	{"a whole program", regexp.MustCompile("(?ms)^```go\npackage main$.*^func main\\(\\) \\{$")},
	{"the program's output", regexp.MustCompile("(?m)^```console$")},
	{"a comparison", regexp.MustCompile(`(?ms)^## Compared with$.*?^\|.*Sloth.*^\| sligo`)},
	{"its limits", regexp.MustCompile(`(?m)^## Limits$`)},
	{"its requirements", regexp.MustCompile(`(?m)^## Requirements$`)},
}

// incompleteReadme returns the parts that README lacks, and the pages of docs/
// that no chain of links from README reaches.
func incompleteReadme(dir string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		return nil, err
	}
	var found []string
	if n := strings.Count(string(text), "\n"); n > readmeLines {
		found = append(found, fmt.Sprintf("README.md has %d lines, want at most %d", n, readmeLines))
	}
	for _, part := range readmeParts {
		if !part.pattern.Match(text) {
			found = append(found, "README.md lacks "+part.name)
		}
	}
	pages, err := filepath.Glob(filepath.Join(dir, "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	reached := reachable(filepath.Join(dir, "README.md"))
	for _, page := range pages {
		if !slices.Contains(reached, page) {
			found = append(found, "no link leads from README.md to docs/"+filepath.Base(page))
		}
	}
	return found, nil
}

// reachable returns the Markdown files to which links lead from a file.
func reachable(from string) []string {
	reached := []string{from}
	for i := 0; i < len(reached); i++ {
		text, _ := os.ReadFile(reached[i]) // TestLinks reports a file that is gone
		for _, m := range linkMark.FindAllStringSubmatch(outsideBlocks(string(text)), -1) {
			file, _, _ := strings.Cut(m[1], "#")
			target := filepath.Join(filepath.Dir(reached[i]), filepath.FromSlash(file))
			if filepath.Ext(target) == ".md" && !slices.Contains(reached, target) {
				reached = append(reached, target)
			}
		}
	}
	return reached
}

func TestIncompleteReadme(t *testing.T) {
	got, err := incompleteReadme(fixture(t, map[string]string{
		"README.md": "# A house\n\n**Status:** built.\n\n![a](docs/a.jpg)\n\n```go\npackage house\n```\n\n## Compared with\n\n## Limits\n\n" +
			"[a](docs/a.md#x) [b](https://a.example/docs/c.md)\n" + strings.Repeat("\n", readmeLines),
		"docs/a.md": "[b](b.md)\n\n```text\n[c](c.md)\n```\n",
		"docs/b.md": "[a](a.md)\n",
		"docs/c.md": "",
	}))
	if err != nil {
		t.Fatal(err)
	}
	exactly(t, got,
		"README.md has 145 lines, want at most 130",
		"README.md lacks a picture",
		"README.md lacks the line that installs it",
		"README.md lacks a whole program",
		"README.md lacks the program's output",
		"README.md lacks a comparison",
		"README.md lacks its requirements",
		"no link leads from README.md to docs/c.md",
	)
}
