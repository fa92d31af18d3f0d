// Package rules holds the rules of this repository as tests. Imports point
// one way, every name is documented, the exported surface changes only on
// purpose, snippets in documents compile, and the English is plain.
//
// Each rule is a function that returns the breaches of a module. One test
// applies it to this module, and another to a small module that breaks it.
//
// Run the tests with -count=1. The files that they read belong to another
// module, so go test would take a cached result although they changed.
package rules_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// root is the folder of the module that the rules are for.
const root = "../.."

var update = flag.Bool("update", false, "write the golden files anew")

// A pkg is a package as go list describes it.
type pkg struct {
	ImportPath   string
	Dir          string
	Name         string
	Standard     bool
	Export       string // the file of its export data
	GoFiles      []string
	CgoFiles     []string
	Imports      []string
	TestImports  []string // of the tests in the package
	XTestImports []string // of the tests beside it, in package x_test
}

// A module is a main module with all packages that its packages depend on.
// Dependencies of tests are missing.
type module struct {
	path string
	dir  string
	pkgs map[string]*pkg
	own  []*pkg // the packages of the module itself, in order
}

// load asks go list about the module in dir.
func load(dir string) (*module, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	path, err := goTool(dir, "list", "-m")
	if err != nil {
		return nil, err
	}
	m := &module{path: strings.TrimSpace(path), dir: dir, pkgs: make(map[string]*pkg)}
	out, err := goTool(dir, "list", "-deps", "-export",
		"-json=ImportPath,Dir,Name,Standard,Export,GoFiles,CgoFiles,Imports,TestImports,XTestImports", "./...")
	if err != nil {
		return nil, err
	}
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		p := new(pkg)
		if err := dec.Decode(p); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		m.pkgs[p.ImportPath] = p
		if p.ImportPath == m.path || strings.HasPrefix(p.ImportPath, m.path+"/") {
			m.own = append(m.own, p)
		}
	}
	slices.SortFunc(m.own, func(a, b *pkg) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return m, nil
}

// short returns an import path relative to the module, such as "./sli", or the
// path of a package of another module unchanged.
func (m *module) short(importPath string) string {
	if rest, ok := strings.CutPrefix(importPath, m.path); ok && (rest == "" || rest[0] == '/') {
		return "." + rest
	}
	return importPath
}

// public reports whether users of the module can import p.
func (m *module) public(p *pkg) bool {
	return p.Name != "main" && len(p.GoFiles) > 0 &&
		!strings.Contains(p.ImportPath+"/", "/internal/") && !under("./examples/...", m.short(p.ImportPath))
}

// goTool runs the go command in dir and returns its output.
func goTool(dir string, args ...string) (string, error) {
	var out, diagnosis bytes.Buffer
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &diagnosis
	cmd.Env = append(os.Environ(), "GOWORK=off") // the module as its users see it
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, &diagnosis)
	}
	return out.String(), nil
}

var loadThis = sync.OnceValues(func() (*module, error) { return load(root) })

// this returns the module that the rules are for.
func this(t *testing.T) *module {
	t.Helper()
	m, err := loadThis()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// fixture writes files below a new directory, which it returns.
func fixture(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[name]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// loadFixture returns the module that consists of these files.
func loadFixture(t *testing.T, files map[string]string) *module {
	t.Helper()
	m, err := load(fixture(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// none fails the test for each breach of a rule.
func none(t *testing.T, breaches []string) {
	t.Helper()
	for _, b := range breaches {
		t.Error(b)
	}
}

// exactly fails the test unless the breaches are those wanted.
func exactly(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("breaches (-want +got):\n%s", diff)
	}
}
