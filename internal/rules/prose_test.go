package rules_test

import (
	_ "embed"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// The limits of the English in comments and documents. net/netip and log/slog
// stay far below them.
const (
	maxColumns = 80 // of a line with a comment; a tab is one column
	maxWords   = 40 // of a sentence
	perWhat    = 1000
)

func TestProse(t *testing.T) {
	phrases, err := parsePhrases(phraseFile)
	if err != nil {
		t.Fatal(err)
	}
	found, err := unclear(root, phrases)
	if err != nil {
		t.Fatal(err)
	}
	none(t, found)
}

// phraseFile lists the turns that a native speaker has to read twice. A line
// has a phrase, a text that contains it, and a text that avoids it.
//
//go:embed phrases.txt
var phraseFile string

// A phrase is a turn that comments, documents and error texts must not contain.
type phrase struct {
	text     string
	pattern  *regexp.Regexp
	bad, fix string
}

// parsePhrases reads lines of three columns, separated by " | ". A phrase that
// begins with "^" is found at the beginning of a sentence only, one that ends
// with "$" at its end only.
func parsePhrases(text string) ([]phrase, error) {
	var phrases []phrase
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		columns := strings.Split(line, " | ")
		if len(columns) != 3 {
			return nil, fmt.Errorf("phrases.txt:%d: %q has %d columns, want 3", n, line, len(columns))
		}
		phrases = append(phrases, phrase{columns[0], phrasePattern(columns[0]), columns[1], columns[2]})
	}
	return phrases, nil
}

func phrasePattern(text string) *regexp.Regexp {
	words, begins := strings.CutPrefix(text, "^")
	words, ends := strings.CutSuffix(words, "$")
	expr := `\b` + strings.ReplaceAll(regexp.QuoteMeta(words), " ", `\s+`) + `\b`
	if begins {
		expr = `(?:^|[.!?:;]\s+|\n\n)` + expr
	} else {
		expr = `(?i)` + expr
	}
	if ends {
		expr += `\s*(?:[.!?:;,)]|$)`
	}
	return regexp.MustCompile(expr)
}

// TestPhrases shows that each phrase is found in its bad example only.
func TestPhrases(t *testing.T) {
	phrases, err := parsePhrases(phraseFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range phrases {
		if !p.pattern.MatchString(p.bad) {
			t.Errorf("%q is not found in %q", p.text, p.bad)
		}
		for _, other := range phrases {
			if other.pattern.MatchString(p.fix) {
				t.Errorf("%q is found in %q, the good example of %q", other.text, p.fix, p.text)
			}
		}
	}
	if _, err := parsePhrases("is none | a status that is none\n"); err == nil {
		t.Error("a line of two columns is accepted")
	}
}

// A reader collects the unclear places of one package or one document.
type reader struct {
	phrases []phrase
	found   []string
	words   int
	what    []string // the places of that word
}

// unclear returns the places of a tree that break the rule on English: in the
// comments of Go files, tests included, in error texts, and in documents.
func unclear(dir string, phrases []phrase) ([]string, error) {
	readers := map[string]*reader{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipped(entry.Name())
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		scope := name
		if filepath.Ext(name) == ".go" {
			scope = filepath.ToSlash(filepath.Dir(name))
		}
		r := readers[scope]
		if r == nil {
			r = &reader{phrases: phrases}
		}
		switch filepath.Ext(name) {
		case ".go":
			err = r.goFile(path, name)
		case ".md":
			err = r.document(path, name)
		default:
			return nil
		}
		readers[scope] = r
		return err
	})
	var found []string
	for scope, r := range readers {
		found = append(found, r.found...)
		if len(r.what) > max(1, r.words/perWhat) {
			found = append(found, fmt.Sprintf(`%s has the word "what" %d times in %d words of prose: %s`, scope, len(r.what), r.words, strings.Join(r.what, ", ")))
		}
	}
	slices.Sort(found)
	return found, err
}

func skipped(dir string) error {
	if dir == ".git" || dir == "testdata" {
		return fs.SkipDir
	}
	return nil
}

var (
	proseWord = regexp.MustCompile(`[A-Za-z][A-Za-z'-]*`)
	whatWord  = regexp.MustCompile(`(?i)\bwhat\b`)
	sentences = regexp.MustCompile(`[.!?:;](\s+|$)`)
)

// read measures running text.
func (r *reader) read(place, text string) {
	r.words += len(proseWord.FindAllString(text, -1))
	for range whatWord.FindAllString(text, -1) {
		r.what = append(r.what, place)
	}
	r.readPhrases(place, text)
	for _, s := range sentences.Split(text, -1) {
		if n := len(proseWord.FindAllString(s, -1)); n > maxWords {
			r.found = append(r.found, fmt.Sprintf("%s: a sentence of %d words: %.60s…", place, n, strings.TrimSpace(s)))
		}
	}
}

func (r *reader) readPhrases(place, text string) {
	for _, p := range r.phrases {
		if p.pattern.MatchString(text) {
			r.found = append(r.found, fmt.Sprintf("%s: %q, as in %q; say it as in %q", place, p.text, p.bad, p.fix))
		}
	}
}

// goFile reads the comments of a file and, outside tests, its error texts.
func (r *reader) goFile(path, name string) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || ast.IsGenerated(file) {
		return err
	}
	for _, group := range file.Comments {
		text := group.Text()
		if exampleOutput.MatchString(text) {
			continue
		}
		for _, c := range group.List {
			r.columns(fset, name, c)
		}
		r.read(fmt.Sprintf("%s:%d", name, fset.Position(group.Pos()).Line), prose(text))
	}
	if strings.HasSuffix(name, "_test.go") {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			r.errorTexts(fset, name, call)
		}
		return true
	})
	return nil
}

// exampleOutput begins the comment at the end of an example. It is the output
// of a program, which is no prose and has the program's lines.
var exampleOutput = regexp.MustCompile(`^(Unordered o|O)utput:`)

// columns reports the lines of a comment that are too wide. Directives and
// addresses cannot be broken, so they may be wide.
func (r *reader) columns(fset *token.FileSet, name string, c *ast.Comment) {
	at := fset.Position(c.Pos())
	indent := at.Column - 1
	for i, line := range strings.Split(c.Text, "\n") {
		if strings.HasPrefix(line, "//go:") || strings.HasPrefix(line, "//nolint") || strings.Contains(line, "://") {
			continue
		}
		if width := indent + utf8.RuneCountInString(line); width > maxColumns {
			r.found = append(r.found, fmt.Sprintf("%s:%d: a comment ends in column %d", name, at.Line+i, width))
		}
		indent = 0
	}
}

// errorMakers are the functions whose texts are read by the users of a service.
var errorMakers = []string{"Errorf", "New", "Addf", "Reject"}

func (r *reader) errorTexts(fset *token.FileSet, name string, call *ast.CallExpr) {
	callee, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(errorMakers, callee.Sel.Name) {
		return
	}
	for _, arg := range call.Args {
		if text, err := literal(arg); err == nil {
			r.readPhrases(fmt.Sprintf("%s:%d", name, fset.Position(arg.Pos()).Line), text)
		}
	}
}

func literal(e ast.Expr) (string, error) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", errors.New("no text")
	}
	return strconv.Unquote(lit.Value)
}

// prose drops the indented lines of a comment, which are code and lists, and
// joins the others.
func prose(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, " ") {
			kept = append(kept, strings.TrimRight(line, "\n"))
		}
	}
	return strings.Join(kept, " ")
}

var (
	tableRow   = regexp.MustCompile(`(?m)^\s*\|.*$`)
	inlineCode = regexp.MustCompile("`[^`\n]*`")
	htmlNote   = regexp.MustCompile(`(?s)<!--.*?-->`)
	linkTarget = regexp.MustCompile(`\]\([^)]*\)`)
	listMark   = regexp.MustCompile(`(?m)^\s*(?:[-*]|\d+\.)\s+|^#+ .*$`)
)

// document reads the running text of a Markdown file, without its blocks.
func (r *reader) document(path, name string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	plain := htmlNote.ReplaceAllString(string(text), "")
	plain = outsideBlocks(plain)
	plain = tableRow.ReplaceAllStringFunc(plain, func(row string) string { return strings.ReplaceAll(row, "|", ". ") })
	plain = inlineCode.ReplaceAllString(plain, "it")
	plain = linkTarget.ReplaceAllString(plain, "")
	plain = listMark.ReplaceAllString(plain, "\n\n")
	for _, paragraph := range strings.Split(plain, "\n\n") {
		r.read(name, strings.Join(strings.Fields(paragraph), " "))
	}
	return nil
}

// outsideBlocks drops fenced blocks and blocks that are indented by four
// spaces.
func outsideBlocks(text string) string {
	var kept strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			fenced = !fenced
		case !fenced && !strings.HasPrefix(line, "    "):
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func TestUnclear(t *testing.T) {
	phrases, err := parsePhrases("is none | a status that is none | an invalid status\n^Of these | Of these, two are lost. | Two of these are lost.\n")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat(strings.Repeat("word ", 10)+"\n", 4) + "word."
	got, err := unclear(fixture(t, map[string]string{
		"a/a.go": "// Package a says what is meant, and what not.\npackage a\n\n" +
			"//go:generate " + strings.Repeat("x", 90) + "\n\n" +
			"// See https://a.example/" + strings.Repeat("x", 90) + "\n\n" +
			"var one = 1 // " + strings.Repeat("x", 60) + "\n\n" +
			"var two = 2 // " + strings.Repeat("x", 70) + "\n\n" +
			"// It is\n// none.\n//\n//\tis none\nvar three = fmt.Errorf(\"%q is none\", \"x\")\n\n" +
			"// Words. Of these some.\nvar four = \"is none\"\n",
		"a/a_test.go":       "package a\n\n/*\n" + long + "\n*/\nvar five = fmt.Errorf(\"is none\")\n",
		"a/example_test.go": "package a\n\nfunc Example() {\n\t// Output:\n\t// " + strings.Repeat("x", 90) + "\n\t// " + long[:50] + "\n\t// " + long[:50] + "\n\t// it is none\n\t// " + long[:50] + "\n\t// " + long[:50] + "\n}\n",
		"b/b.go":            "// Package b says what it means.\npackage b\n",
		"b/made.go":         "// Code generated by x. DO NOT EDIT.\n\n// It is none.\npackage b\n",
		"b/testdata/t.go":   "// It is none.\npackage t\n",
		"docs/x.md":         "It is none.\n\n```text\nis none\n```\n\n    is none\n\n<!-- is none -->\n\n`is none`\n\n| a | is none |\n",
		"docs/y.md":         "- " + long + "\n",
		"docs/z.md":         "Of\nthese all.\n",
		"internal/x.go.txt": "is none",
	}), phrases)
	if err != nil {
		t.Fatal(err)
	}
	exactly(t, got,
		`a has the word "what" 2 times in 64 words of prose: a/a.go:1, a/a.go:1`,
		`a/a.go:10: a comment ends in column 85`,
		`a/a.go:12: "is none", as in "a status that is none"; say it as in "an invalid status"`,
		`a/a.go:16: "is none", as in "a status that is none"; say it as in "an invalid status"`,
		`a/a.go:18: "^Of these", as in "Of these, two are lost."; say it as in "Two of these are lost."`,
		`a/a_test.go:3: a sentence of 41 words: `+strings.Repeat("word ", 12)+`…`,
		`docs/x.md: "is none", as in "a status that is none"; say it as in "an invalid status"`,
		`docs/x.md: "is none", as in "a status that is none"; say it as in "an invalid status"`,
		`docs/y.md: a sentence of 41 words: `+strings.Repeat("word ", 12)+`…`,
		`docs/z.md: "^Of these", as in "Of these, two are lost."; say it as in "Two of these are lost."`,
	)
}
