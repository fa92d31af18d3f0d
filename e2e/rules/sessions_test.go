package rules_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocumentedSession runs the consoles of the page that uses promtool and
// amtool besides sligo. A block such as "yaml slo.yaml" is a file in their
// folder, and "…" in a line of its own matches any lines.
func TestDocumentedSession(t *testing.T) {
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "sligo"), ".")
	build.Dir = "../../cmd/sligo"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for program, path := range map[string]string{"promtool": installed(t, "promtool"), "amtool": debian(t, "amtool", "prometheus-alertmanager")} {
		if err := os.Symlink(path, filepath.Join(bin, program)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	const page = "docs/alerting.md"
	dir, commands := t.TempDir(), 0
	for _, b := range documents(t)[page] {
		switch {
		case b.lang == "console":
			commands += b.session(t, dir)
		case b.info != "":
			writeFile(t, filepath.Join(dir, b.info), []byte(b.text))
		}
	}
	if commands == 0 {
		t.Errorf("%s has no command", page)
	}
}

// session runs the commands of a console, compares their outputs, and returns
// their number. A command that prints nothing has no lines after it.
func (b snippet) session(t *testing.T, dir string) int {
	t.Helper()
	parts := strings.Split("\n"+b.text, "\n$ ")
	for _, part := range parts[1:] {
		command, want, _ := strings.Cut(part, "\n")
		run := exec.Command("bash", "-c", command)
		run.Dir = dir
		out, err := run.CombinedOutput()
		pattern := regexp.QuoteMeta(strings.TrimSpace(want))
		pattern = "(?s)^" + strings.ReplaceAll(pattern, "…", ".*") + "$"
		if got := strings.TrimSpace(string(out)); err != nil || !regexp.MustCompile(pattern).MatchString(got) {
			t.Errorf("%s: $ %s: %v\ngot\n%s\nwant\n%s", b.place, command, err, got, want)
		}
	}
	return len(parts) - 1
}
