package rules_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestInternal(t *testing.T) { none(t, lonely(this(t))) }

func TestPaths(t *testing.T) {
	found, err := machinePaths(root)
	if err != nil {
		t.Fatal(err)
	}
	none(t, found)
}

// lonely returns the packages below internal/ that fewer than two packages use.
// A package with one user belongs to that user, unless TestImports enforces the
// boundary, as in internal/redaction and internal/call. If only tests use it,
// tests count.
func lonely(m *module) []string {
	var found []string
	for _, p := range m.own {
		if name := m.short(p.ImportPath); !under("./internal/...", name) || under("./internal/redaction/...", name) || name == "./internal/call" || len(p.GoFiles) == 0 {
			continue
		}
		var users, testers []string
		for _, q := range m.own {
			if q == p {
				continue
			}
			if slices.Contains(q.Imports, p.ImportPath) {
				users = append(users, m.short(q.ImportPath))
			}
			if slices.Contains(slices.Concat(q.TestImports, q.XTestImports), p.ImportPath) {
				testers = append(testers, m.short(q.ImportPath))
			}
		}
		if len(users) == 0 {
			users = testers
		}
		if len(users) < 2 {
			found = append(found, fmt.Sprintf("%s needs two packages that use it, and has %q", m.short(p.ImportPath), users))
		}
	}
	return found
}

// machinePath matches a path in a home or working directory.
var machinePath = regexp.MustCompile(`(^|[^\w.~$}/-])/(work|root|mnt|home/\w+|Users/\w+)/[\w.-]+|[A-Z]:\\Users\\`)

// machinePaths returns the lines of text files that make sense on one machine
// only.
func machinePaths(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == ".git" { // a folder, or the file of a further work tree
			return skip(entry)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil || bytes.IndexByte(text, 0) >= 0 {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		n := 0
		for line := range bytes.Lines(text) {
			n++
			if at := machinePath.Find(line); at != nil {
				found = append(found, fmt.Sprintf("%s:%d: %q is a path of one machine", filepath.ToSlash(name), n, bytes.TrimSpace(at)))
			}
		}
		return nil
	})
	return found, err
}

func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func TestLonely(t *testing.T) {
	m := loadFixture(t, map[string]string{
		"go.mod":               "module a.example/m\n\ngo 1.25.0\n",
		"internal/two/a.go":    "package two\n",
		"internal/one/a.go":    "package one\n\nimport _ \"a.example/m/internal/two\"\n",
		"internal/none/a.go":   "package none\n",
		"internal/rig/a.go":    "package rig\n",
		"internal/t/a_test.go": "package t\n",
		"a/a.go":               "package a\n\nimport (\n\t_ \"a.example/m/internal/one\"\n\t_ \"a.example/m/internal/two\"\n)\n",
		"a/a_test.go":          "package a\n\nimport _ \"a.example/m/internal/rig\"\n",
		"b/b_test.go":          "package b_test\n\nimport (\n\t_ \"a.example/m/internal/one\"\n\t_ \"a.example/m/internal/rig\"\n)\n",
		"b/b.go":               "package b\n",
	})
	exactly(t, lonely(m),
		`./internal/none needs two packages that use it, and has []`,
		`./internal/one needs two packages that use it, and has ["./a"]`,
	)
}

func TestMachinePaths(t *testing.T) {
	slash := strings.ReplaceAll
	got, err := machinePaths(fixture(t, map[string]string{
		".git/config": slash("url = |work|sligo\n", "|", "/"),
		"ok.md":       "GET /users/{userid}, /home, ./work/x, https://a.example/work/x, $HOME/root/x, /usr/bin/env\n",
		"a.go":        slash("package a\n\n// see |root|go|bin\n", "|", "/"),
		"b/b.sh":      slash("cd |home|lora|sligo && x=\"|Users|lora|sligo\"\n", "|", "/"),
		"binary":      slash("\x00|work|sligo", "|", "/"),
		"c.txt":       slash("|work|sligo", "|", "/"),
	}))
	if err != nil {
		t.Fatal(err)
	}
	exactly(t, got,
		slash(`a.go:3: "|root|go" is a path of one machine`, "|", "/"),
		slash(`b/b.sh:1: "|home|lora|sligo" is a path of one machine`, "|", "/"),
		slash(`c.txt:1: "|work|sligo" is a path of one machine`, "|", "/"),
	)
}
