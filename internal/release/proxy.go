package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// A proxy is a folder that the go command accepts as a GOPROXY. It has the
// bytes that a module proxy would make from the repository, so the hashes in
// go.sum are right before anything is published.
type proxy struct {
	dir     string   // the files that are served
	cache   string   // a GOMODCACHE of its own, so that no other build sees them
	modules []string // the paths of the modules that are served
}

func newProxy(dir string) *proxy {
	return &proxy{dir: filepath.Join(dir, "proxy"), cache: filepath.Join(dir, "modcache")}
}

// add adds a module from a commit or tree of its repository, and empties its
// list of versions.
func (p *proxy) add(m *goModule, revision, version string) error {
	dir, err := p.folder(m)
	if err != nil {
		return err
	}
	gomod, err := output(m.tree, "git", "show", revision+":"+m.tag("go.mod"))
	if err != nil {
		return err
	}
	info, err := json.Marshal(map[string]string{"Version": version})
	if err != nil {
		return err
	}
	var content bytes.Buffer
	id := module.Version{Path: m.path(), Version: version}
	if err := zip.CreateFromVCS(&content, id, m.tree, revision, m.dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for extension, data := range map[string][]byte{".info": info, ".mod": []byte(gomod), ".zip": content.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, version+extension), data, 0o644); err != nil {
			return err
		}
	}
	p.modules = append(p.modules, m.path())
	return p.list(m)
}

// list sets the versions that a user sees who asks for all versions of the
// module. The versions that add has added can also be asked for if they are
// not in the list.
func (p *proxy) list(m *goModule, versions ...string) error {
	dir, err := p.folder(m)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "list"), []byte(strings.Join(append(versions, ""), "\n")), 0o644)
}

// folder returns the folder of the module's versions.
func (p *proxy) folder(m *goModule) (string, error) {
	escaped, err := module.EscapePath(m.path())
	return filepath.Join(p.dir, filepath.FromSlash(escaped), "@v"), err
}

// environment returns variables that make the go command take the modules of
// the repository from p. Other modules come from the user's module cache, or
// else from the user's proxies.
func (p *proxy) environment() ([]string, error) {
	settings, err := output(".", "go", "env", "GOMODCACHE", "GOPROXY", "GONOSUMDB")
	if err != nil {
		return nil, err
	}
	values := strings.Split(settings, "\n")
	proxies := []string{fileURL(p.dir), fileURL(filepath.Join(values[0], "cache", "download")), values[1]}
	return append(os.Environ(),
		"GOFLAGS=-modcacherw", "GOWORK=off", "GOTOOLCHAIN=local",
		"GOMODCACHE="+p.cache, "GOPROXY="+strings.Join(proxies, ","),
		"GONOSUMDB="+strings.Join(append(p.modules, values[2]), ","),
	), nil
}

func fileURL(path string) string { return "file://" + filepath.ToSlash(path) }
