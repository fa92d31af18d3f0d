package rules_test

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAPI compares the exported surface with the listing, so that a review sees
// each change.
func TestAPI(t *testing.T) {
	got, err := surface(this(t))
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join(root, "testdata", "api.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if changes := changes(string(want), got); len(changes) > 0 {
		t.Errorf("the exported surface is not that of testdata/api.txt; make golden, if you mean it:\n%s", strings.Join(changes, "\n"))
	}
}

// changes returns the lines that only one of two listings has.
func changes(was, is string) []string {
	var changes []string
	before, after := strings.Split(was, "\n"), strings.Split(is, "\n")
	for _, line := range before {
		if !slices.Contains(after, line) {
			changes = append(changes, "- "+line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			changes = append(changes, "+ "+line)
		}
	}
	return changes
}

// surface lists the names that users of the module can use, one a line, in
// the format of Go's api/go1.txt. It reads the compiler's export data,
// because users compile against it.
func surface(m *module) (string, error) {
	imports := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if p := m.pkgs[path]; p != nil && p.Export != "" {
			return os.Open(p.Export)
		}
		return nil, fmt.Errorf("no export data of %s", path)
	})
	var lines []string
	for _, p := range m.own {
		if !m.public(p) {
			continue
		}
		tp, err := imports.Import(p.ImportPath)
		if err != nil {
			return "", err
		}
		l := &listing{pkg: tp, prefix: "pkg " + strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, m.path), "/") + ", "}
		if p.ImportPath == m.path {
			l.prefix = "pkg ., "
		}
		for _, name := range tp.Scope().Names() {
			if token.IsExported(name) {
				l.object(tp.Scope().Lookup(name))
			}
		}
		slices.Sort(l.lines)
		lines = append(lines, l.lines...)
	}
	return strings.Join(append(lines, ""), "\n"), nil
}

// A listing collects the lines of one package.
type listing struct {
	pkg    *types.Package
	prefix string
	lines  []string
}

func (l *listing) addf(format string, args ...any) {
	l.lines = append(l.lines, l.prefix+fmt.Sprintf(format, args...))
}

// text writes a type as its users read it, with the names of packages.
func (l *listing) text(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == l.pkg {
			return ""
		}
		return p.Name()
	})
}

// signature writes a function's parameters and results without their names.
func (l *listing) signature(f *types.Func) string {
	sig := f.Signature()
	bare := types.NewSignatureType(nil, nil, nil, unnamed(sig.Params()), unnamed(sig.Results()), sig.Variadic())
	return l.params(sig.TypeParams()) + strings.TrimPrefix(l.text(bare), "func")
}

func unnamed(list *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range list.Variables() {
		vars = append(vars, types.NewParam(token.NoPos, nil, "", v.Type()))
	}
	return types.NewTuple(vars...)
}

func (l *listing) object(o types.Object) {
	switch o := o.(type) {
	case *types.Const:
		l.addf("const %s %s = %s", o.Name(), l.text(o.Type()), o.Val().ExactString())
	case *types.Var:
		l.addf("var %s %s", o.Name(), l.text(o.Type()))
	case *types.Func:
		l.addf("func %s%s", o.Name(), l.signature(o))
	case *types.TypeName:
		l.typeName(o)
	}
}

// typeName lists a type with its exported fields and methods. It lists them
// for an alias of an internal type as well, since users see that type nowhere
// else.
func (l *listing) typeName(o *types.TypeName) {
	t := types.Unalias(o.Type())
	name := o.Name()
	if named, ok := t.(*types.Named); ok && !o.IsAlias() {
		name += l.params(named.TypeParams())
	}
	if o.IsAlias() {
		l.addf("type %s = %s", name, l.text(t))
		if named, ok := t.(*types.Named); ok && !internal(named.Obj().Pkg()) {
			return
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if !o.IsAlias() {
			l.addf("type %s struct", name)
		}
		for f := range u.Fields() {
			if f.Embedded() && f.Exported() {
				l.addf("type %s struct, embedded %s", name, l.text(f.Type()))
			} else if f.Exported() {
				l.addf("type %s struct, %s %s", name, f.Name(), l.text(f.Type()))
			}
		}
	case *types.Interface:
		l.addf("type %s interface", name)
		for f := range u.Methods() {
			if f.Exported() {
				l.addf("type %s interface, %s%s", name, f.Name(), l.signature(f))
			} else {
				l.addf("type %s interface, unexported methods", name)
			}
		}
		return
	default:
		if !o.IsAlias() {
			l.addf("type %s %s", name, l.text(u))
		}
	}
	l.methods(o.Name(), t)
}

// methods lists the methods of a pointer to t, promoted ones included, with the
// receiver that each needs.
func (l *listing) methods(name string, t types.Type) {
	values := types.NewMethodSet(t)
	for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		f := m.Obj().(*types.Func)
		if !f.Exported() {
			continue
		}
		receiver := "*" + name
		if values.Lookup(f.Pkg(), f.Name()) != nil {
			receiver = name
		}
		l.addf("method (%s) %s%s", receiver, f.Name(), l.signature(f))
	}
}

// params writes type parameters, "[K comparable, V any]".
func (l *listing) params(list *types.TypeParamList) string {
	var params []string
	for p := range list.TypeParams() {
		params = append(params, p.Obj().Name()+" "+l.text(p.Constraint()))
	}
	if params == nil {
		return ""
	}
	return "[" + strings.Join(params, ", ") + "]"
}

func internal(p *types.Package) bool {
	return p != nil && strings.Contains("/"+p.Path()+"/", "/internal/")
}

func TestSurface(t *testing.T) {
	m := loadFixture(t, map[string]string{
		"go.mod":            "module a.example/m\n\ngo 1.25.0\n",
		"doc.go":            "package m\n\nconst Answer = 42\n",
		"internal/in/in.go": "package in\n\ntype T struct{ X, y int }\n\nfunc (*T) M() {}\n",
		"examples/e/e.go":   "package e\n\nfunc NotListed() {}\n",
		"p/p.go": `package p

import (
	"io"
	"time"

	"a.example/m/internal/in"
)

type Kind string

const (
	Hot    Kind = "hot"
	hidden Kind = "hidden"
)

var Default io.Reader

func Do(d time.Duration, more ...Kind) (n int, err error) { return 0, nil }

func Keys[M map[K]V, K comparable, V any](m M) []K { return nil }

func do() { _, _ = Do(0, hidden) }

type Box struct {
	io.Reader
	Size int
	note string
}

func (b Box) Value() string { do(); return b.note }
func (*Box) Pointer()       {}
func (*Box) own()           {}

type Pair[K comparable, V any] struct{ Key K }

func (Pair[K, V]) Swap(v V) (k K) { return k }

type In = in.T
type Clock = time.Duration

type Closed interface {
	Open() *Box
	closed()
}
`,
	})
	got, err := surface(m)
	if err != nil {
		t.Fatal(err)
	}
	want := `pkg ., const Answer untyped int = 42
pkg p, const Hot Kind = "hot"
pkg p, func Do(time.Duration, ...Kind) (int, error)
pkg p, func Keys[M map[K]V, K comparable, V any](M) []K
pkg p, method (*Box) Pointer()
pkg p, method (*In) M()
pkg p, method (Box) Read([]byte) (int, error)
pkg p, method (Box) Value() string
pkg p, method (Pair) Swap(V) K
pkg p, type Box struct
pkg p, type Box struct, Size int
pkg p, type Box struct, embedded io.Reader
pkg p, type Clock = time.Duration
pkg p, type Closed interface
pkg p, type Closed interface, Open() *Box
pkg p, type Closed interface, unexported methods
pkg p, type In = in.T
pkg p, type In struct, X int
pkg p, type Kind string
pkg p, type Pair[K comparable, V any] struct
pkg p, type Pair[K comparable, V any] struct, Key K
pkg p, var Default io.Reader
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("surface (-want +got):\n%s", diff)
	}
}

func TestChanges(t *testing.T) {
	exactly(t, changes("a\nb\nd\n", "a\nc\nd\ne\n"), "- b", "+ c", "+ e")
	exactly(t, changes("a\nb\n", "a\nb\n"))
}
