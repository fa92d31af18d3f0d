package rules_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNestedModules(t *testing.T) {
	found, err := borrowed(root)
	if err != nil {
		t.Fatal(err)
	}
	none(t, found)
}

// unpublished are the folders whose modules nobody requires.
var unpublished = []string{"benchmarks", "e2e", "examples", "internal"}

// borrowed returns the imports by which a published module below dir uses an
// internal package of another module. A user may combine different versions of
// the two, and then the module would not compile.
func borrowed(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(unpublished, name) || entry.Name() == "testdata" || entry.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		module, err := moduleOf(dir, filepath.Dir(path))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			if !strings.HasPrefix(imported, module+"/") && strings.Contains(imported+"/", "/internal/") {
				found = append(found, fmt.Sprintf("%s: module %s imports %s", filepath.ToSlash(name), module, imported))
			}
		}
		return nil
	})
	return found, err
}

// moduleOf returns the path of the module that a folder below top belongs to.
func moduleOf(top, folder string) (string, error) {
	for {
		data, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if err == nil {
			line, _, _ := strings.Cut(string(data), "\n")
			return strings.TrimPrefix(line, "module "), nil
		}
		if folder == top {
			return "", err
		}
		folder = filepath.Dir(folder)
	}
}

func TestBorrowed(t *testing.T) {
	got, err := borrowed(fixture(t, map[string]string{
		"go.mod":               "module a.example/m\n",
		"a.go":                 "package m\n\nimport _ \"a.example/m/internal/x\"\n",
		"internal/x/x.go":      "package x\n",
		"sub/go.mod":           "module a.example/m/sub\n",
		"sub/a.go":             "package sub\n\nimport (\n\t_ \"a.example/m\"\n\t_ \"a.example/m/internal/x\"\n\t_ \"a.example/m/sub/internal/y\"\n)\n",
		"sub/a_test.go":        "package sub\n\nimport _ \"a.example/m/internal/x\"\n",
		"sub/internal/y/y.go":  "package y\n",
		"sub/deep/down/b.go":   "package down\n\nimport _ \"a.example/m/a/internal\"\n",
		"e2e/go.mod":           "module a.example/m/e2e\n",
		"e2e/a.go":             "package e2e\n\nimport _ \"a.example/m/internal/x\"\n",
		"sub/testdata/odd.go":  "package odd\n\nimport _ \"a.example/m/internal/x\"\n",
		"sub/internal/y/go.sh": "import a.example/m/internal/x\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	exactly(t, got,
		"sub/a.go: module a.example/m/sub imports a.example/m/internal/x",
		"sub/deep/down/b.go: module a.example/m/sub imports a.example/m/a/internal",
	)
}
