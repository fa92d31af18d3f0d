package rules_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestLinks(t *testing.T) {
	broken, err := brokenLinks(root)
	if err != nil {
		t.Fatal(err)
	}
	none(t, broken)
}

var (
	linkMark   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	title      = regexp.MustCompile(`(?m)^#+ +(.*?)\s*$`)
	titleWords = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// brokenLinks returns the links of the Markdown files in dir to files that do
// not exist, and to titles that the file does not have.
func brokenLinks(dir string) ([]string, error) {
	texts := make(map[string]string) // by path
	var paths []string
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
		texts[path], paths = outsideBlocks(string(text)), append(paths, path)
		return err
	})
	if err != nil {
		return nil, err
	}
	var broken []string
	for _, path := range paths {
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return nil, err
		}
		for _, m := range linkMark.FindAllStringSubmatch(inlineCode.ReplaceAllString(texts[path], ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), filepath.FromSlash(file))
			}
			if _, err := os.Stat(target); err != nil {
				broken = append(broken, fmt.Sprintf("%s: %s does not exist", filepath.ToSlash(name), m[1]))
			} else if anchor != "" && !anchors(texts[target])[anchor] {
				broken = append(broken, fmt.Sprintf("%s: %s: the page has no such title", filepath.ToSlash(name), m[1]))
			}
		}
	}
	return broken, nil
}

// anchors returns the names by which links reach the titles of a page, as
// GitHub makes them. A title that occurs again has a number.
func anchors(text string) map[string]bool {
	all := make(map[string]bool)
	for _, m := range title.FindAllStringSubmatch(text, -1) {
		words := titleWords.ReplaceAllString(strings.ToLower(linkTarget.ReplaceAllString(m[1], "]")), "")
		slug := strings.ReplaceAll(words, " ", "-")
		for n, name := 1, slug; ; n++ {
			if !all[name] {
				all[name] = true
				break
			}
			name = fmt.Sprintf("%s-%d", slug, n)
		}
	}
	return all
}

func TestBrokenLinks(t *testing.T) {
	got, err := brokenLinks(fixture(t, map[string]string{
		"README.md": "# A house\n\n[a](docs/x.md), [b](docs/x.md#the-keys-a--b), [c](#a-house), [d](docs), [e](https://a.example/#x)\n" +
			"[f](docs/y.md), [g](docs/x.md#keys), [h](#house), `[i](z.md)`\n\n```text\n[j](z.md)\n```\n",
		"docs/x.md": "## The `keys[]`: a & b\n\n## Same\n\n## Same\n\n[a](../README.md#a-house), [b](#same-1), [c](#same-2), [d](x.md#same)\n\n```sh\n# no title\n```\n[e](#no-title)\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	exactly(t, got,
		"README.md: docs/y.md does not exist",
		"README.md: docs/x.md#keys: the page has no such title",
		"README.md: #house: the page has no such title",
		"docs/x.md: #same-2: the page has no such title",
		"docs/x.md: #no-title: the page has no such title",
	)
}
