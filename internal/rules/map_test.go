package rules_test

import (
	"fmt"
	"go/doc"
	"strings"
	"testing"
)

func TestMap(t *testing.T) { none(t, missingInMap(this(t))) }

// missingInMap compares the public packages with the map in the root package's
// comment. A line of the map is indented and starts with the package's folder.
func missingInMap(m *module) []string {
	rooms := make(map[string]bool)
	var found []string
	for _, p := range m.own {
		if p.ImportPath != m.path && m.public(p) {
			rooms[strings.TrimPrefix(p.ImportPath, m.path+"/")] = true
		}
	}
	rootPkg := m.pkgs[m.path]
	if rootPkg == nil {
		return []string{"the module has no package in its root"}
	}
	_, files, err := parse(rootPkg)
	if err != nil {
		return []string{err.Error()}
	}
	text := ""
	for _, f := range files {
		text += f.Doc.Text()
	}
	_, text, _ = strings.Cut(text, "# Packages")
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if !strings.HasPrefix(line, "\t") || len(words) == 0 {
			continue
		}
		if !rooms[words[0]] {
			found = append(found, fmt.Sprintf("the map in doc.go shows %s, which is no public package", words[0]))
		}
		delete(rooms, words[0])
	}
	for _, p := range m.own {
		if room := strings.TrimPrefix(p.ImportPath, m.path+"/"); rooms[room] {
			found = append(found, fmt.Sprintf("the map in doc.go lacks %s, whose comment begins: %s", room, synopsis(p)))
		}
	}
	return found
}

func synopsis(p *pkg) string {
	_, files, err := parse(p)
	if err != nil {
		return err.Error()
	}
	for _, f := range files {
		if f.Doc != nil {
			return new(doc.Package).Synopsis(f.Doc.Text())
		}
	}
	return "(nothing)"
}

func TestMissingInMap(t *testing.T) {
	m := loadFixture(t, map[string]string{
		"go.mod":            "module a.example/m\n\ngo 1.25.0\n",
		"doc.go":            "// Package m is a house.\n//\n//\tgarden is not in the map\n//\n// # Packages\n//\n//\tkitchen   for cooking\n//\tcellar    for wine\npackage m\n",
		"kitchen/a.go":      "// Package kitchen cooks. And bakes.\npackage kitchen\n",
		"attic/a.go":        "// Package attic keeps. And forgets.\npackage attic\n",
		"internal/x/a.go":   "package x\n",
		"cmd/tool/main.go":  "package main\n\nfunc main() {}\n",
		"examples/x/y/y.go": "package y\n",
	})
	exactly(t, missingInMap(m),
		"the map in doc.go shows cellar, which is no public package",
		"the map in doc.go lacks attic, whose comment begins: Package attic keeps.",
	)
}
