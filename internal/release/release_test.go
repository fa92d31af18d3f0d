package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/modfile"
)

func TestReleaseTagsAllModulesAtOneCommit(t *testing.T) {
	m := theRelease(t)
	commits := make(map[string]bool)
	for _, tag := range m.tags {
		commit, err := output(string(m.repo), "git", "rev-parse", tag+"^{commit}")
		if err != nil {
			t.Fatal(err)
		}
		commits[commit] = true
	}
	if len(commits) != 1 {
		t.Errorf("the tags are at %d commits, want 1", len(commits))
	}
	for _, want := range []string{"", "cmd/sligo/", "middleware/sligrpc/", "middleware/sliconnect/", "tracing/otlpgrpc/"} {
		if !slices.Contains(m.tags, want+m.version) {
			t.Errorf("no tag %s%s", want, m.version)
		}
	}
	if m.tags[0] != m.version {
		t.Errorf("the first tag is %s, want %s: the other modules require the root module", m.tags[0], m.version)
	}
	changelog, err := output(string(m.repo), "git", "show", m.version+":CHANGELOG.md")
	if want := "\n## " + m.version + " (2027-01-02)\n"; err != nil || !strings.Contains(changelog, want) {
		t.Errorf("the tagged CHANGELOG.md has no %q: %v", want, err)
	}
}

// TestReleaseRequiresItself checks the files of the modules at the tag.
func TestReleaseRequiresItself(t *testing.T) {
	m := theRelease(t)
	for _, tag := range m.tags {
		dir := strings.TrimSuffix(strings.TrimSuffix(tag, m.version), "/")
		text, err := output(string(m.repo), "git", "show", tag+":"+filepath.ToSlash(filepath.Join(dir, "go.mod")))
		if err != nil {
			t.Fatal(err)
		}
		file, err := modfile.Parse(tag, []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, replaced := range file.Replace {
			t.Errorf("%s replaces %s", tag, replaced.Old.Path)
		}
		for _, required := range file.Require {
			if strings.HasPrefix(required.Mod.Path, "github.com/sligo-go/") && required.Mod.Version != m.version {
				t.Errorf("%s requires %s", tag, required.Mod)
			}
		}
	}
}

// TestSumsAreThoseOfGo compares the hashes in go.sum with those that the go
// command computes when it makes the modules from the repository by itself.
func TestSumsAreThoseOfGo(t *testing.T) {
	m := theRelease(t)
	root, sums := "github.com/sligo-go/sligo", make(map[string]bool)
	for _, tag := range m.tags[1:] {
		text, err := output(string(m.repo), "git", "show", tag+":"+filepath.ToSlash(filepath.Dir(tag))+"/go.sum")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, root+" ") {
				sums[strings.TrimSpace(line)] = true
			}
		}
	}
	env := append(os.Environ(), "GOFLAGS=-modcacherw", "GOPROXY=direct", "GOMODCACHE="+t.TempDir(),
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url."+fileURL(string(m.repo))+".insteadOf", "GIT_CONFIG_VALUE_0=https://"+root)
	text, err := outputWith(env, t.TempDir(), "go", "mod", "download", "-json", root+"@"+m.version)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Sum, GoModSum string }
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{root + " " + m.version + " " + got.Sum, root + " " + m.version + "/go.mod " + got.GoModSum} {
		if !sums[want] {
			t.Errorf("no go.sum has the line %q", want)
		}
		delete(sums, want)
	}
	for line := range sums {
		t.Errorf("a go.sum has the line %q", line)
	}
}

// TestEachModuleIsTidy checks the modules at the tag, where they take each
// other from the proxy, and after it, where they do not.
func TestEachModuleIsTidy(t *testing.T) {
	m := theRelease(t)
	for _, commit := range []string{m.version, "main"} {
		clone := repository(filepath.Join(t.TempDir(), "clone"))
		if _, err := output(".", "git", "clone", "-q", "--branch", commit, string(m.repo), string(clone)); err != nil {
			t.Fatal(err)
		}
		modules, err := clone.modules()
		if err != nil {
			t.Fatal(err)
		}
		for _, module := range modules {
			if module.dir != "e2e/rules" { // it may require a newer Go
				if _, err := outputWith(m.env, module.name(""), "go", "mod", "tidy", "-diff"); err != nil {
					t.Errorf("at %s: %v", commit, err)
				}
			}
		}
	}
}

func TestReleaseRefuses(t *testing.T) {
	const entry = "# Changelog\n\n## v0.1.0 (unreleased)\n\n- [FEATURE] m: it works.\n"
	tests := []struct {
		name      string
		changelog string
		spoil     func(r repository) error
		want      string
	}{
		{"changes", entry, func(r repository) error {
			return os.WriteFile(filepath.Join(string(r), "new.go"), []byte("package m\n"), 0o644)
		}, "the working tree has changes"},
		{"changelog", "# Changelog\n", nil, "CHANGELOG.md has no entry"},
		{"a replacement by a fork", entry, func(r repository) error {
			text := "module m.example\n\ngo 1.25.0\n\nreplace a.example => b.example v1.0.0\n"
			if err := os.WriteFile(filepath.Join(string(r), "go.mod"), []byte(text), 0o644); err != nil {
				return err
			}
			_, err := output(string(r), "git", "commit", "-q", "-a", "-m", "replace")
			return err
		}, "m.example replaces a.example by another module"},
		{"no listing of names", entry, nil, "internal/rules"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := repository(t.TempDir())
			for name, text := range map[string]string{"go.mod": "module m.example\n\ngo 1.25.0\n", "m.go": "package m\n", "CHANGELOG.md": test.changelog} {
				if err := os.WriteFile(filepath.Join(string(r), name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := commitAll(r); err != nil {
				t.Fatal(err)
			}
			if test.spoil != nil {
				if err := test.spoil(r); err != nil {
					t.Fatal(err)
				}
			}
			before := state(t, r)
			if _, err := r.release("v0.1.0", time.Now()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("release: %v, want %q", err, test.want)
			}
			if after := state(t, r); after != before {
				t.Errorf("release changed the repository from\n%sto\n%s", before, after)
			}
		})
	}
}

// state returns the refs and the changes of a repository.
func state(t *testing.T, r repository) string {
	t.Helper()
	var all strings.Builder
	for _, args := range [][]string{{"show-ref"}, {"status", "--porcelain"}} {
		text, err := output(string(r), "git", args...)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(text)
	}
	return all.String()
}

func TestOrdered(t *testing.T) {
	var modules []*goModule
	for _, text := range []string{
		"module a.example/all\n\nrequire (\n\ta.example/one v0.1.0\n\ta.example/two v0.1.0\n)\n",
		"module a.example/two\n\nrequire (\n\tother.example v1.0.0\n\ta.example/one v0.1.0\n)\n",
		"module a.example/one\n",
	} {
		file, err := modfile.Parse("go.mod", []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		modules = append(modules, &goModule{file: file})
	}
	var got []string
	for _, m := range ordered(modules) {
		got = append(got, m.path())
	}
	if want := []string{"a.example/one", "a.example/two", "a.example/all"}; !slices.Equal(got, want) {
		t.Errorf("ordered = %s, want %s", got, want)
	}
}

func TestBefore(t *testing.T) {
	r := repository(t.TempDir())
	if err := os.WriteFile(filepath.Join(string(r), "go.mod"), []byte("module m.example\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := commitAll(r); err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"v0.9.0", "v0.10.0", "v0.11.0", "vendor", "sub/v0.10.5"} {
		if _, err := output(string(r), "git", "tag", tag); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ dir, version, want string }{
		{"", "v0.11.0", "v0.10.0"}, {"", "v0.9.0", ""}, {"sub", "v0.11.0", "v0.10.5"}, {"other", "v0.11.0", ""},
	} {
		got, err := r.before(&goModule{dir: test.dir}, test.version)
		if err != nil || got != test.want {
			t.Errorf("before(%q, %s) = %q, %v; want %q", test.dir, test.version, got, err, test.want)
		}
	}
}

// TestBaseIsTheOnlyListedVersion checks the list that gorelease reads. It
// refuses a version that is in the list.
func TestBaseIsTheOnlyListedVersion(t *testing.T) {
	r := repository(t.TempDir())
	if err := os.WriteFile(filepath.Join(string(r), "go.mod"), []byte("module m.example\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := commitAll(r); err != nil {
		t.Fatal(err)
	}
	if _, err := output(string(r), "git", "tag", "v0.1.0"); err != nil {
		t.Fatal(err)
	}
	modules, err := r.modules()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ version, base, list string }{{"v0.1.0", "none", ""}, {"v0.2.0", "v0.1.0", "v0.1.0\n"}} {
		w := &work{repository: r, version: test.version, proxy: newProxy(t.TempDir())}
		if err := w.proxy.add(modules[0], "HEAD", test.version); err != nil {
			t.Fatal(err)
		}
		base, err := w.base(modules[0])
		if err != nil || base != test.base {
			t.Errorf("the base of %s is %q, %v; want %q", test.version, base, err, test.base)
		}
		list, err := os.ReadFile(filepath.Join(w.proxy.dir, "m.example", "@v", "list"))
		if err != nil || string(list) != test.list {
			t.Errorf("the list before %s is %q, %v; want %q", test.version, list, err, test.list)
		}
	}
}

func TestAdvicePushesTheCommandLast(t *testing.T) {
	got := advice("v0.1.0", []string{"v0.1.0", "cmd/sligo/v0.1.0", "middleware/sligrpc/v0.1.0"})
	for _, want := range []string{
		"\tgit push --atomic origin HEAD v0.1.0 middleware/sligrpc/v0.1.0\n\tgit push origin cmd/sligo/v0.1.0\n",
		"\tgit tag -d v0.1.0 cmd/sligo/v0.1.0 middleware/sligrpc/v0.1.0\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("advice has no %q:\n%s", want, got)
		}
	}
}
