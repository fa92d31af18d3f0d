package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// work is a release in progress, in a clone of the repository.
type work struct {
	repository
	version string
	proxy   *proxy
	modules []*goModule // all, in the order of release
	tags    []string
}

func (w *work) git(args ...string) error {
	_, err := output(string(w.repository), "git", args...)
	return err
}

func (w *work) dateChangelog(date time.Time) error {
	name := filepath.Join(string(w.repository), "CHANGELOG.md")
	changelog, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	text, err := dated(string(changelog), w.version, date)
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

// requireRelease makes all modules require the published modules at the
// version. The modules that nobody can require keep their replacements.
func (w *work) requireRelease() error {
	var err error
	if w.modules, err = w.repository.modules(); err != nil {
		return err
	}
	for _, m := range published(w.modules) {
		if err := m.dropReplaces(); err != nil {
			return err
		}
	}
	return w.writeRequirements()
}

func (w *work) writeRequirements() error {
	for _, m := range w.modules {
		if err := m.require(w.modules, w.version); err != nil {
			return err
		}
		if err := m.write(); err != nil {
			return err
		}
	}
	return nil
}

// sum writes each go.sum. The hash of a module depends on its own files, so the
// modules that it requires must be final: they come first.
func (w *work) sum() error {
	for _, m := range published(w.modules) {
		env, err := w.proxy.environment()
		if err != nil {
			return err
		}
		if _, err := outputWith(env, m.name(""), "go", "mod", "tidy"); err != nil {
			return err
		}
		if err := w.git("add", "-A"); err != nil {
			return err
		}
		tree, err := output(string(w.repository), "git", "write-tree")
		if err != nil {
			return err
		}
		if err := w.proxy.add(m, strings.TrimSpace(tree), w.version); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) commitRelease() error {
	return w.git("commit", "-q", "-m", "sligo: release "+w.version,
		"-m", "Each module requires the others at this version, as it is published.")
}

// checkAPI compares the exported names with their listing.
func (w *work) checkAPI() error {
	dir := filepath.Join(string(w.repository), "internal", "rules")
	_, err := outputWith(append(os.Environ(), "GOWORK=off"), dir, "go", "test", "-run", "^TestAPI$", ".")
	return err
}

// compare runs gorelease, which fails if the version does not fit the changes
// since the version before, or if a module has no right go.mod and go.sum.
func (w *work) compare() error {
	if _, err := exec.LookPath("gorelease"); err != nil {
		return errors.New("no gorelease: run go install golang.org/x/exp/cmd/gorelease@latest")
	}
	for _, m := range published(w.modules) {
		base, err := w.base(m)
		if err != nil {
			return err
		}
		env, err := w.proxy.environment()
		if err != nil {
			return err
		}
		if _, err := outputWith(env, m.name(""), "gorelease", "-base="+base, "-version="+w.version); err != nil {
			return err
		}
	}
	return nil
}

// base returns the version of m to compare with, or "none". The proxy lists it
// as the only version, because gorelease refuses one that is in the list.
func (w *work) base(m *goModule) (string, error) {
	base, err := w.before(m, w.version)
	if err != nil || base == "" {
		return "none", err
	}
	if err := w.proxy.add(m, m.tag(base), base); err != nil {
		return "", err
	}
	return base, w.proxy.list(m, base)
}

func (w *work) tag() error {
	for _, m := range published(w.modules) {
		tag := m.tag(w.version)
		if err := w.git("tag", "-a", "-m", "sligo "+w.version, tag); err != nil {
			return err
		}
		w.tags = append(w.tags, tag)
	}
	return nil
}

// commitDevelopment goes back to the replacements. The required versions stay,
// so that a commit of main can be required, too.
func (w *work) commitDevelopment() error {
	for _, m := range published(w.modules) {
		if m.dir == "" {
			continue
		}
		if err := w.git("checkout", "-q", "HEAD~1", "--", m.tag("go.mod"), m.tag("go.sum")); err != nil {
			return err
		}
	}
	var err error
	if w.modules, err = w.repository.modules(); err != nil {
		return err
	}
	if err := w.writeRequirements(); err != nil {
		return err
	}
	return w.git("commit", "-q", "-a", "-m", "sligo: develop after "+w.version,
		"-m", "The modules are built with each other's working tree again.")
}
