package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocs runs the consoles of each page, one after another in one folder.
// A block such as "```yaml slo.yaml" is a file in it. The lines after a command
// are all of its output, and those after "$ echo $?" the status of the command
// before. A line of "…" matches any lines.
func TestDocs(t *testing.T) {
	for _, page := range []string{"cli.md", "choosing-slis.md"} {
		text, err := os.ReadFile(filepath.Join("../../docs", page))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		commands := 0
		for _, b := range blocks(string(text)) {
			switch b.lang {
			case "console":
				commands += b.run(t, dir)
			case "yaml", "json":
				writeFile(t, filepath.Join(dir, b.name), []byte(b.text))
			}
		}
		if commands == 0 {
			t.Errorf("%s has no command", page)
		}
	}
}

// block is a fenced block of a document.
type block struct{ lang, name, text string }

var fence = regexp.MustCompile("(?ms)^( *)```(\\w+) ?([^\n]*)\n(.*?)^ *```$")

// blocks returns the blocks of a document, without the indentation of a list.
func blocks(text string) []block {
	var all []block
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		all = append(all, block{m[2], m[3], regexp.MustCompile("(?m)^"+m[1]).ReplaceAllString(m[4], "")})
	}
	return all
}

// run compares the output of each command with the document, and returns the
// number of commands.
func (b block) run(t *testing.T, dir string) int {
	t.Helper()
	parts := strings.Split("\n"+strings.TrimSuffix(b.text, "\n"), "\n$ ")
	status := 0
	for _, part := range parts[1:] {
		command, want, _ := strings.Cut(part, "\n")
		want = strings.TrimSuffix(want, "\n")
		got := strconv.Itoa(status)
		if command != "echo $?" {
			done := shell(t, dir, command)
			status = done.status
			got = strings.TrimSuffix(done.stdout+done.stderr, "\n")
		}
		if !matches(got, want) {
			t.Errorf("$ %s: -docs +got:\n%s", command, cmp.Diff(want, got))
		}
	}
	return len(parts) - 1
}

// matches reports whether a text has the parts of a pattern between "…" lines,
// in order, from its beginning to its end.
func matches(text, pattern string) bool {
	parts := strings.Split("\n"+pattern+"\n", "\n…\n")
	rest := "\n" + text + "\n"
	for i, part := range parts {
		switch {
		case i == 0:
			if !strings.HasPrefix(rest, part) {
				return false
			}
			rest = rest[len(part):]
		case i == len(parts)-1:
			return strings.HasSuffix(rest, "\n"+part) || part == ""
		default:
			_, after, found := strings.Cut(rest, "\n"+part)
			if !found {
				return false
			}
			rest = after
		}
	}
	return rest == ""
}

func TestMatches(t *testing.T) {
	for _, tt := range []struct {
		text, pattern string
		want          bool
	}{
		{"a\nb\nc", "a\nb\nc", true},
		{"a\nb\nc", "a\n…\nc", true},
		{"a\nb\nc", "…\nc", true},
		{"a\nb\nc", "a\n…", true},
		{"a\nb\nc\nd", "a\n…\nc\n…", true},
		{"", "", true},
		{"a\nb\nc", "a\nb", false},
		{"a\nb\nc", "b\n…", false},
		{"a\nb\nc", "a\n…\nb", false},
		{"a\nb\nc", "a\n…\nx\n…\nc", false},
		{"ac", "…\nc", false},
	} {
		if got := matches(tt.text, tt.pattern); got != tt.want {
			t.Errorf("matches(%q, %q): got %t", tt.text, tt.pattern, got)
		}
	}
}
