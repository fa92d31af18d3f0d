package source_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/cmd/sligo/internal/source"
)

func TestIsDefinition(t *testing.T) {
	const rest = "service: users, indicators: [{name: a}], objectives: [{indicator: a, target: 99, window: 30d}]"
	for text, want := range map[string]bool{
		"version: sligo/v1\n":                          true,
		"# comment\n\nversion:   'sligo/v2' # new":     true,
		"service: users\nversion: sligo/v1":            true,
		`{"version": "sligo/v1"}`:                      true,
		"\ufeffversion: sligo/v1":                      true,
		"version: sligo/v1\r\n":                        true,
		"\"version\" : sligo/":                         true,
		"# comment\rversion: sligo/v1\r":               true,
		"{" + rest + ", version: sligo/v1}":            true,
		"--- {version: &v sligo/v1, " + rest + "}":     true,
		"{" + rest + ", targte: 1, version: sligo/v1}": true,
		"? version\n: sligo/v1\n":                      true,
		"{chart: {version: sligo/v1}}":                 false,
		"{{ if .x }}\n  version: sligo/v1\n{{ end }}":  false,
		"":                            false,
		"version: 1":                  false,
		"chart:\n  version: sligo/v1": false,
		"# version: sligo/v1":         false,
		"apiVersion: sligo/v1":        false,
		"version: openslo/v1":         false,
		"description: |\n  the version: sligo/v1\n": false,
	} {
		if got := (source.File{Data: []byte(text)}).IsDefinition(); got != want {
			t.Errorf("%q: got %t", text, got)
		}
	}
}

// tree writes files with a version of sligo below a new folder.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("version: sligo/v1\n"), 0o644))
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRead(t *testing.T) {
	dir := tree(t, "b.yaml", "a.yml", "deep/er/c.yaml", ".git/d.yaml", "deep/.hidden/e.yaml", "f.yaml.bak", "g.json")
	t.Chdir(dir)
	absolute := filepath.Join(dir, "b.yaml")
	for _, tt := range []struct {
		name string
		args []string
		want []string // names, each with its short name
	}{
		{"files in any order", []string{"b.yaml", "a.yml"}, []string{"a.yml a.yml", "b.yaml b.yaml"}},
		{"folder", []string{"."}, []string{"a.yml a.yml", "b.yaml b.yaml", "deep/er/c.yaml deep/er/c.yaml"}},
		{"folder below", []string{"deep/"}, []string{"deep/er/c.yaml er/c.yaml"}},
		{"hidden folder that is named", []string{".git"}, []string{".git/d.yaml d.yaml"}},
		{"file of any name that is named", []string{"g.json"}, []string{"g.json g.json"}},
		{"the same file", []string{"b.yaml", "./b.yaml", absolute, "deep/../b.yaml"}, []string{"b.yaml b.yaml"}},
		{"file and its folder", []string{"deep/er/c.yaml", "deep"}, []string{"deep/er/c.yaml c.yaml"}},
		{"the standard input once", []string{"-", "-"}, []string{finding.Stdin + " stdin.yaml"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files, errs := source.Read(tt.args, strings.NewReader("version: sligo/v1\n"))
			var got []string
			for _, f := range files {
				got = append(got, filepath.ToSlash(f.Name+" "+f.Short))
				if string(f.Data) != "version: sligo/v1\n" || f.IsStdin() != (f.Name == finding.Stdin) {
					t.Errorf("%s: got %q", f.Name, f.Data)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || errs != nil {
				t.Errorf("%v, -want +got:\n%s", errs, diff)
			}
		})
	}
}

func TestReadReportsEveryError(t *testing.T) {
	dir := tree(t, "a.yaml", "empty/.git/b.yaml")
	gone := filepath.Join(dir, "gone.yaml")
	files, errs := source.Read([]string{gone, filepath.Join(dir, "a.yaml"), filepath.Join(dir, "empty"), "-"}, failing{})
	if len(files) != 1 || len(errs) != 3 {
		t.Fatalf("got %d files and %q, want 1 file and 3 errors", len(files), errs)
	}
	if !errors.Is(errs[0], fs.ErrNotExist) || !strings.Contains(errs[1].Error(), "no objectives in") || !errors.Is(errs[2], io.ErrUnexpectedEOF) {
		t.Errorf("got %q", errs)
	}
	for i, want := range []finding.Finding{
		{File: gone, Message: "cannot stat: "},
		{File: filepath.Join(dir, "empty"), Message: "no objectives in "},
		{File: finding.Stdin, Message: "read the standard input: "},
	} {
		if got := errs[i].Finding(); got.File != want.File || !strings.HasPrefix(got.Message, want.Message) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// failing is an input that cannot be read.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
