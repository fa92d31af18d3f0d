package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// targets are the platforms of the programs.
var targets = []string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64"}

// build builds the command at the tag of a version, for each target, into out.
// The file SHA256SUMS there has the checksums. The same Go makes the same bytes
// in any folder and on any platform.
func (r repository) build(version, out string, targets []string) error {
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	clone := repository(filepath.Join(temp, "clone"))
	tag := command + "/" + version
	if _, err := output(temp, "git", "clone", "-q", "--branch", tag, string(r), string(clone)); err != nil {
		return err
	}
	env, err := clone.publish(version, newProxy(temp))
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, target := range targets {
		name := programName(version, target)
		program := filepath.Join(out, name)
		if err := clone.compile(env, target, program); err != nil {
			return err
		}
		data, err := os.ReadFile(program)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// publish adds the published modules to a proxy, as they are tagged. It returns
// the environment that takes them from there.
func (r repository) publish(version string, p *proxy) ([]string, error) {
	modules, err := r.modules()
	if err != nil {
		return nil, err
	}
	for _, m := range published(modules) {
		if err := p.add(m, m.tag(version), version); err != nil {
			return nil, err
		}
		if err := p.list(m, version); err != nil {
			return nil, err
		}
	}
	return p.environment()
}

// compile builds the command for one target. It fixes each setting that could
// differ from machine to machine. The version and the revision in the program
// come from git.
func (r repository) compile(env []string, target, program string) error {
	system, architecture, _ := strings.Cut(target, "/")
	env = append(env, "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+architecture, "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=")
	_, err := outputWith(env, filepath.Join(string(r), filepath.FromSlash(command)),
		"go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", program, ".")
	return err
}

func programName(version, target string) string {
	name := "sligo_" + version + "_" + strings.ReplaceAll(target, "/", "_")
	if strings.HasPrefix(target, "windows/") {
		name += ".exe"
	}
	return name
}
