package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// command is the folder of the program whose binaries a release has.
const command = "cmd/sligo"

// A goModule is a module in a working tree.
type goModule struct {
	tree string // the root of the working tree
	dir  string // relative to tree, with slashes; empty for the root module
	file *modfile.File
}

// modules returns the modules of the working tree in the order in which they
// are released. A module follows the modules that it requires.
func (r repository) modules() ([]*goModule, error) {
	files, err := output(string(r), "git", "ls-files", "go.mod", "*/go.mod")
	if err != nil {
		return nil, err
	}
	var modules []*goModule
	for name := range strings.FieldsSeq(files) {
		m := &goModule{tree: string(r), dir: strings.TrimSuffix(path.Dir(name), ".")}
		data, err := os.ReadFile(m.name("go.mod"))
		if err != nil {
			return nil, err
		}
		if m.file, err = modfile.Parse(name, data, nil); err != nil {
			return nil, err
		}
		modules = append(modules, m)
	}
	return ordered(modules), nil
}

// ordered sorts modules so that each one follows the modules that it requires.
func ordered(modules []*goModule) []*goModule {
	byPath := make(map[string]*goModule)
	for _, m := range modules {
		byPath[m.path()] = m
	}
	var sorted []*goModule
	var visit func(m *goModule)
	visit = func(m *goModule) {
		if m == nil || slices.Contains(sorted, m) {
			return
		}
		for _, required := range m.file.Require {
			visit(byPath[required.Mod.Path])
		}
		sorted = append(sorted, m)
	}
	for _, m := range modules {
		visit(m)
	}
	return sorted
}

// published returns the modules that users can require.
func published(modules []*goModule) []*goModule {
	return slices.DeleteFunc(slices.Clone(modules), func(m *goModule) bool {
		first, _, _ := strings.Cut(m.dir, "/")
		return slices.Contains([]string{"benchmarks", "e2e", "examples", "internal"}, first)
	})
}

func (m *goModule) path() string { return m.file.Module.Mod.Path }

// name returns the path of a file or folder of the module.
func (m *goModule) name(elem string) string {
	return filepath.Join(m.tree, filepath.FromSlash(m.dir), elem)
}

// tag returns the name under which the go command looks for a version of the
// module.
func (m *goModule) tag(version string) string { return path.Join(m.dir, version) }

// require raises the required version of each module in modules.
func (m *goModule) require(modules []*goModule, version string) error {
	for _, required := range slices.Clone(m.file.Require) {
		if slices.ContainsFunc(modules, func(o *goModule) bool { return o.path() == required.Mod.Path }) {
			if err := m.file.AddRequire(required.Mod.Path, version); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropReplaces removes the replacements by folders, which would make go install
// refuse the module.
func (m *goModule) dropReplaces() error {
	for _, replaced := range slices.Clone(m.file.Replace) {
		if replaced.New.Version != "" {
			return fmt.Errorf("%s replaces %s by another module", m.path(), replaced.Old.Path)
		}
		if err := m.file.DropReplace(replaced.Old.Path, replaced.Old.Version); err != nil {
			return err
		}
	}
	return nil
}

// write writes go.mod.
func (m *goModule) write() error {
	m.file.Cleanup()
	data, err := m.file.Format()
	if err != nil {
		return err
	}
	return os.WriteFile(m.name("go.mod"), data, 0o644)
}
