package main

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// add adds a module from a commit or tree of its repository.
func (p *proxy) add(m *goModule, revision, version string) error {
	escaped, err := module.EscapePath(m.path())
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
	dir := filepath.Join(p.dir, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for extension, data := range map[string][]byte{".info": info, ".mod": []byte(gomod), ".zip": content.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, version+extension), data, 0o644); err != nil {
			return err
		}
	}
	p.modules = append(p.modules, m.path())
	list, err := os.OpenFile(filepath.Join(dir, "list"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(list, version); err != nil {
		return err
	}
	return list.Close()
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
