package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

const root = "github.com/sligo-go/sligo"

// A consumer is a fresh module that imports packages of the release.
type consumer struct {
	dir string
	env []string
}

// newConsumer makes a module that gets and imports a package at the version.
func newConsumer(t *testing.T, m made, path string) consumer {
	t.Helper()
	c := consumer{dir: t.TempDir(), env: m.env}
	c.do(t, "mod", "init", "shop.example")
	program := "package main\n\nimport _ \"" + path + "\"\n\nfunc main() {}\n"
	if err := os.WriteFile(filepath.Join(c.dir, "main.go"), []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	c.do(t, "get", path+"@"+m.version)
	return c
}

func (c consumer) do(t *testing.T, args ...string) string {
	t.Helper()
	out, err := outputWith(c.env, c.dir, "go", args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (c consumer) requirements(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, required := range file.Require {
		paths = append(paths, required.Mod.Path)
	}
	return paths
}

// sums returns the modules whose hashes go.sum has.
func (c consumer) sums(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for line := range strings.Lines(string(data)) {
		path, _, _ := strings.Cut(line, " ")
		paths = append(paths, path)
	}
	return slices.Compact(paths)
}

// linked returns the modules whose packages the program links.
func (c consumer) linked(t *testing.T) []string {
	t.Helper()
	paths := strings.Fields(c.do(t, "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "."))
	slices.Sort(paths)
	return slices.Compact(paths)
}

// TestCoreIsTheOnlyRequirement checks the packages that import the standard
// library only.
func TestCoreIsTheOnlyRequirement(t *testing.T) {
	m := theRelease(t)
	for _, path := range []string{root + "/sli", root + "/slo", root + "/budget"} {
		t.Run(strings.TrimPrefix(path, root+"/"), func(t *testing.T) {
			c := newConsumer(t, m, path)
			if got := c.requirements(t); !slices.Equal(got, []string{root}) {
				t.Errorf("go get requires %s, want this module only", got)
			}
			if got := c.sums(t); !slices.Equal(got, []string{root}) {
				t.Errorf("go get sums %s, want this module only", got)
			}
			c.do(t, "build", "-trimpath", ".")
			if got := c.linked(t); !slices.Equal(got, []string{root, "shop.example"}) {
				t.Errorf("the program links %s, want this module and itself", got)
			}
			c.do(t, "mod", "tidy")
			if got := c.requirements(t); !slices.Equal(got, []string{root}) {
				t.Errorf("go mod tidy requires %s, want this module only", got)
			}
			// go mod tidy keeps the hashes that the tests of an imported
			// package need.
			if got := c.sums(t); !slices.Equal(got, []string{"github.com/google/go-cmp", root}) {
				t.Errorf("go mod tidy sums %s, want this module and go-cmp", got)
			}
		})
	}
}

// TestNoServiceGetsGRPC checks the packages that most services import.
func TestNoServiceGetsGRPC(t *testing.T) {
	m := theRelease(t)
	for _, path := range []string{root + "/middleware", root} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			c := newConsumer(t, m, path)
			c.do(t, "build", "-trimpath", ".")
			for what, paths := range map[string][]string{"links": c.linked(t), "requires": c.requirements(t), "sums": c.sums(t)} {
				if slices.Contains(paths, "google.golang.org/grpc") {
					t.Errorf("a service that imports %s %s gRPC", path, what)
				}
			}
		})
	}
}

// TestEachModuleInstalls imports each published library from the proxy.
func TestEachModuleInstalls(t *testing.T) {
	m := theRelease(t)
	for _, dir := range []string{"middleware/sligrpc", "middleware/sliconnect", "tracing/otlpgrpc"} {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			c := newConsumer(t, m, root+"/"+dir)
			c.do(t, "build", "-trimpath", ".")
			for _, path := range []string{root, root + "/" + dir} {
				if got := strings.TrimSpace(c.do(t, "list", "-m", "-f", "{{.Version}}", path)); got != m.version {
					t.Errorf("%s is required at %s, want %s", path, got, m.version)
				}
			}
		})
	}
}

func TestInstallCommand(t *testing.T) {
	m := theRelease(t)
	bin := t.TempDir()
	env := append(m.env, "GOBIN="+bin)
	if _, err := outputWith(env, t.TempDir(), "go", "install", "-trimpath", root+"/"+command+"@"+m.version); err != nil {
		t.Fatal(err)
	}
	got, err := output(".", filepath.Join(bin, "sligo"), "version")
	want := "sligo " + m.version + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n"
	if err != nil || got != want {
		t.Errorf("sligo version prints %q, %v; want %q", got, err, want)
	}
}
