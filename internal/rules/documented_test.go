package rules_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestDocumented(t *testing.T) { none(t, undocumented(this(t))) }

// undocumented returns the packages, the exported names, and the exported
// fields and methods of exported types that lack a comment.
func undocumented(m *module) []string {
	var found []string
	for _, p := range m.own {
		fset, files, err := parse(p)
		if err != nil {
			found = append(found, err.Error())
			continue
		}
		u := &undocumentedIn{fset: fset, pkg: m.short(p.ImportPath)}
		u.packageComment(p, files)
		for _, f := range files {
			for _, d := range f.Decls {
				u.decl(d)
			}
		}
		found = append(found, u.found...)
	}
	return found
}

func parse(p *pkg) (*token.FileSet, []*ast.File, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f)
	}
	return fset, files, nil
}

// undocumentedIn collects the undocumented names of one package.
type undocumentedIn struct {
	fset  *token.FileSet
	pkg   string
	found []string
}

func (u *undocumentedIn) add(at token.Pos, name string) {
	pos := u.fset.Position(at)
	u.found = append(u.found, fmt.Sprintf("%s/%s:%d: %s has no comment", u.pkg, filepath.Base(pos.Filename), pos.Line, name))
}

// packageComment requires one package comment. If a package has several
// files, it must be in doc.go.
func (u *undocumentedIn) packageComment(p *pkg, files []*ast.File) {
	if len(files) == 0 {
		return
	}
	var in []string
	for _, f := range files {
		if f.Doc == nil {
			continue
		}
		in = append(in, filepath.Base(u.fset.Position(f.Pos()).Filename))
		if start := "Package " + p.Name + " "; p.Name != "main" && !strings.HasPrefix(f.Doc.Text(), start) {
			u.found = append(u.found, fmt.Sprintf("%s: the package comment does not start with %q", u.pkg, start))
		}
	}
	switch {
	case len(in) == 0:
		u.found = append(u.found, fmt.Sprintf("%s has no package comment", u.pkg))
	case len(in) > 1:
		u.found = append(u.found, fmt.Sprintf("%s has %d package comments, in %s", u.pkg, len(in), strings.Join(in, " and ")))
	case len(files) > 1 && p.Name != "main" && in[0] != "doc.go":
		u.found = append(u.found, fmt.Sprintf("%s has its package comment in %s, not in doc.go", u.pkg, in[0]))
	}
}

func (u *undocumentedIn) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		receiver, of := "", ""
		if d.Recv != nil {
			receiver = baseName(d.Recv.List[0].Type)
			of = receiver + "."
		}
		if d.Name.IsExported() && (receiver == "" || ast.IsExported(receiver)) && empty(d.Doc) {
			u.add(d.Pos(), of+d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			u.spec(d, s)
		}
	}
}

func (u *undocumentedIn) spec(d *ast.GenDecl, s ast.Spec) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() && empty(s.Doc, s.Comment, d.Doc) {
				u.add(name.Pos(), name.Name)
			}
		}
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return
		}
		if empty(s.Doc, d.Doc) {
			u.add(s.Pos(), s.Name.Name)
		}
		switch t := s.Type.(type) {
		case *ast.StructType:
			u.fields(s.Name.Name, t.Fields)
		case *ast.InterfaceType:
			u.fields(s.Name.Name, t.Methods)
		}
	}
}

// fields checks named fields. The comment of an embedded type documents it.
func (u *undocumentedIn) fields(of string, list *ast.FieldList) {
	for _, f := range list.List {
		for _, name := range f.Names {
			if name.IsExported() && empty(f.Doc, f.Comment) {
				u.add(name.Pos(), of+"."+name.Name)
			}
		}
	}
}

// baseName returns T for a receiver of type T, *T or *T[P].
func baseName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return baseName(e.X)
	case *ast.IndexExpr:
		return baseName(e.X)
	case *ast.IndexListExpr:
		return baseName(e.X)
	}
	return ""
}

// empty reports whether no comment has words. Directives have no words.
func empty(comments ...*ast.CommentGroup) bool {
	return !slices.ContainsFunc(comments, func(c *ast.CommentGroup) bool { return strings.TrimSpace(c.Text()) != "" })
}

func TestUndocumented(t *testing.T) {
	m := loadFixture(t, map[string]string{
		"go.mod":       "module a.example/m\n\ngo 1.25.0\n",
		"bare/bare.go": "package bare\n",
		"twice/a.go":   "// Package twice is here.\npackage twice\n",
		"twice/doc.go": "// Package twice is there.\npackage twice\n",
		"wrong/a.go":   "// Here be dragons.\npackage wrong\n",
		"apart/a.go":   "// Package apart has its words in a.go.\npackage apart\n",
		"apart/b.go":   "package apart\n",
		"names/names.go": `// Package names has names.
package names

const Limit = 1

// These are documented as a group.
const (
	One = 1
	Two = 2
)

var (
	First  = 1 // with a comment
	Second = 2
)

//go:noinline
func Do() {}

func hidden() { Do() }

type Thing struct {
	Left, Right int
	// Up is documented.
	Up   int
	Down int // is documented, too
	in   int
}

func (t *Thing) Move() { hidden(); t.in++ }

type own struct{}

func (own) Read() {}

// Pair is documented.
type Pair[K, V any] struct{ own }

func (Pair[K, V]) Key() {}

// Reader is documented.
type Reader interface {
	Read()
	error
}
`,
		"cmd/tool/main.go": "// Tool is documented.\npackage main\n\nfunc main() {}\n",
	})
	exactly(t, undocumented(m),
		"./apart has its package comment in a.go, not in doc.go",
		"./bare has no package comment",
		"./names/names.go:4: Limit has no comment",
		"./names/names.go:14: Second has no comment",
		"./names/names.go:18: Do has no comment",
		"./names/names.go:22: Thing has no comment",
		"./names/names.go:23: Thing.Left has no comment",
		"./names/names.go:23: Thing.Right has no comment",
		"./names/names.go:30: Thing.Move has no comment",
		"./names/names.go:39: Pair.Key has no comment",
		"./names/names.go:43: Reader.Read has no comment",
		"./twice has 2 package comments, in a.go and doc.go",
		`./wrong: the package comment does not start with "Package wrong "`,
	)
}
