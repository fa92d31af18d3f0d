package rules_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestSnippets(t *testing.T) {
	blocks, err := documents(root)
	if err != nil {
		t.Fatal(err)
	}
	none(t, brokenSnippets(root, t.TempDir(), blocks))
}

// brokenSnippets returns the Go blocks that do not compile in the module in
// dir. A block is one of three kinds:
//
//   - a whole file;
//   - a fragment: the HTML comment above it is the file, with a line of "…" in
//     the fragment's place;
//   - an excerpt: the word after "go" is the file that has its lines, and a
//     line of "…" replaces omitted lines.
//
// If the block after a program is a "text output", it must be the program's
// output.
func brokenSnippets(dir, temp string, blocks []block) []string {
	var broken []string
	for i, b := range blocks {
		var output *block
		if i+1 < len(blocks) && blocks[i+1].lang == "text" && blocks[i+1].info == "output" {
			output = &blocks[i+1]
		}
		if err := b.check(dir, filepath.Join(temp, fmt.Sprint(i)), output); err != nil {
			broken = append(broken, fmt.Sprintf("%s: %v", b.place, err))
		}
	}
	return broken
}

func (b block) check(dir, temp string, output *block) error {
	switch {
	case b.lang == "(never closed)":
		return errors.New("the block is never closed")
	case b.lang != "go":
		return nil
	case b.info != "":
		return b.excerpt(filepath.Join(dir, b.info))
	}
	file, ok := b.file()
	if !ok {
		return errors.New(`the block is no whole file, names none, and no <!-- comment --> above it has a line "…" to put it in`)
	}
	if err := compile(dir, temp, file); err != nil || output == nil {
		return err
	}
	if got := run(dir, filepath.Join(temp, "program")); got != output.text {
		return fmt.Errorf("its output differs from the block after it: %s", got)
	}
	return nil
}

// excerpt checks that the file has the block's parts in the same order. Their
// indentation may differ.
func (b block) excerpt(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	rest := indentation.ReplaceAllString(string(text), "")
	for _, part := range placeholder.Split(b.text, -1) {
		part = indentation.ReplaceAllString(strings.Trim(part, "\n"), "")
		_, after, found := strings.Cut(rest, part)
		if !found {
			return fmt.Errorf("not in %s: %s", b.info, part)
		}
		rest = after
	}
	return nil
}

var (
	packageClause = regexp.MustCompile(`(?m)^package \w+`)
	placeholder   = regexp.MustCompile(`(?m)^\s*…\s*$`)
	indentation   = regexp.MustCompile(`(?m)^[ \t]+`)
	importsTests  = regexp.MustCompile(`(?m)^\s*(import )?"testing"$`)
	snippetPath   = regexp.MustCompile(`\S*[/\\](snippet(_test)?\.go)`)
)

// file returns the block as a whole file.
func (b block) file() (string, bool) {
	if packageClause.MatchString(b.text) {
		return b.text, true
	}
	at := placeholder.FindStringIndex(b.above)
	if at == nil {
		return "", false
	}
	return b.above[:at[0]] + "\n" + b.text + b.above[at[1]:], true
}

// compile vets a file as part of the module in dir. It builds a program.
func compile(dir, at, file string) error {
	if err := os.Mkdir(at, 0o755); err != nil {
		return err
	}
	name := filepath.Join(at, "snippet.go")
	if importsTests.MatchString(file) {
		name = filepath.Join(at, "snippet_test.go")
	}
	if err := os.WriteFile(name, []byte(file), 0o644); err != nil {
		return err
	}
	args := []string{"vet", name}
	if strings.Contains(file, "\nfunc main() {") {
		args = []string{"build", "-o", filepath.Join(at, "program"), name}
	}
	_, err := goTool(dir, args...)
	if err != nil {
		return errors.New(snippetPath.ReplaceAllString(err.Error(), "$1"))
	}
	return nil
}

// run returns the output of a program, including its failure.
func run(dir, program string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, program)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	if err := cmd.Run(); err != nil {
		fmt.Fprintf(&out, "%v\n", err)
	}
	return out.String()
}

func TestBrokenSnippets(t *testing.T) {
	dir := fixture(t, map[string]string{
		"go.mod":        "module a.example/m\n\ngo 1.25.0\n",
		"m.go":          "package m\n\nfunc Half(n int) int { return n / 2 }\n",
		"testdata/x.md": "```go\nnot looked at\n```\n",
		"docs/other.md": "```go\npackage other\n\nimport \"a.example/m\"\n\nvar _ = m.Twice(1)\n```\n\n```go\npackage m_test\n\nimport (\n\t\"testing\"\n\n\t\"a.example/m\"\n)\n\nfunc TestHalf(t *testing.T) { t.Log(m.Half(2)) }\n```\n",
		"README.md": strings.ReplaceAll(`
A program that prints what it says:

~~~go
package main

import "a.example/m"

func main() { println(m.Half(84)) }
~~~

~~~text output
42
~~~

It says:

~~~go
package main

func main() { println(6 * 7) }
~~~

~~~text output
54
~~~

<!--
package p

import "a.example/m"

func f() int {
	…
	return n
}
-->

~~~go
n := m.Half(2)
~~~

<!-- A remark. -->
~~~go
n := m.Half(3)
~~~

1. In a list:

   ~~~go
   package p

   func f() { undefined() }
   ~~~

~~~go m.go
package m
…
	func Half(n int) int { return n / 2 }
~~~

~~~go m.go
func Half(n int) int { return n / 2 }
…
package m
~~~

~~~yaml
not: go
~~~

~~~go
package q
`, "~~~", "```"),
	})
	blocks, err := documents(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range brokenSnippets(dir, t.TempDir(), blocks) {
		place, what, _ := strings.Cut(b, ": ")
		lines := strings.Split(strings.TrimSpace(what), "\n")
		got = append(got, place+": "+lines[len(lines)-1])
	}
	exactly(t, got,
		"README.md:19: its output differs from the block after it: 42",
		`README.md:45: the block is no whole file, names none, and no <!-- comment --> above it has a line "…" to put it in`,
		"README.md:51: vet: snippet.go:3:12: undefined: undefined",
		"README.md:63: not in m.go: package m",
		"README.md:73: the block is never closed",
		"docs/other.md:2: vet: snippet.go:5:11: undefined: m.Twice",
	)
}
