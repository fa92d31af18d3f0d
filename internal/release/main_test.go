package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/semver"
)

// A made is a release of the working tree, in a copy of it.
type made struct {
	repo    repository
	version string
	tags    []string
	env     []string // takes the released modules from a proxy
}

var released = sync.OnceValues(release)

// temp holds the files that several tests share.
var temp string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if temp, err = os.MkdirTemp("", "release"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(temp)
		// The user's settings of git and Go have no influence.
		for name, value := range map[string]string{
			"GOFLAGS": "", "GOSUMDB": "off", "GOWORK": "off", "GIT_CONFIG_GLOBAL": os.DevNull,
			"GIT_AUTHOR_NAME": "Lora", "GIT_AUTHOR_EMAIL": "lora@shop.example",
			"GIT_COMMITTER_NAME": "Lora", "GIT_COMMITTER_EMAIL": "lora@shop.example",
		} {
			_ = os.Setenv(name, value)
		}
		return m.Run()
	}())
}

// theRelease returns the release that all tests share.
func theRelease(t *testing.T) made {
	t.Helper()
	m, err := released()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// release makes a release of the working tree as it is, committed or not.
func release() (made, error) {
	m := made{repo: repository(filepath.Join(temp, "repository"))}
	if err := copyTree(filepath.Join("..", ".."), string(m.repo)); err != nil {
		return m, err
	}
	var err error
	if m.version, err = unreleased(filepath.Join(string(m.repo), "CHANGELOG.md")); err != nil {
		return m, err
	}
	if err := commitAll(m.repo); err != nil {
		return m, err
	}
	if m.tags, err = m.repo.release(m.version, time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)); err != nil {
		return m, err
	}
	tagged := repository(filepath.Join(temp, "tagged"))
	if _, err := output(temp, "git", "clone", "-q", "--branch", m.version, string(m.repo), string(tagged)); err != nil {
		return m, err
	}
	m.env, err = offline(tagged, m.version)
	return m, err
}

// offline publishes a release on a proxy. It returns an environment with that
// proxy and the user's module cache, and without the network.
func offline(tagged repository, version string) ([]string, error) {
	p := newProxy(temp)
	env, err := tagged.publish(version, p)
	if err != nil {
		return nil, err
	}
	cache, err := output(".", "go", "env", "GOMODCACHE")
	if err != nil {
		return nil, err
	}
	downloads := filepath.Join(strings.TrimSpace(cache), "cache", "download")
	return append(env, "GOPROXY="+fileURL(p.dir)+","+fileURL(downloads)), nil
}

// copyTree copies the files that are in the repository, or would be after git
// add.
func copyTree(from, to string) error {
	names, err := output(from, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.TrimRight(names, "\x00"), "\x00") {
		info, err := os.Stat(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed, but not from the index
		} else if err != nil {
			return err
		}
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, data, info.Mode().Perm()); err != nil {
			return err
		}
	}
	return nil
}

// commitAll makes a repository of a folder.
func commitAll(r repository) error {
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "-A"}, {"commit", "-q", "-m", "start"}} {
		if _, err := output(string(r), "git", args...); err != nil {
			return err
		}
	}
	return nil
}

// unreleased returns the version of the changelog's newest entry. If it is
// released, unreleased adds an entry for the next minor version.
func unreleased(changelog string) (string, error) {
	data, err := os.ReadFile(changelog)
	if err != nil {
		return "", err
	}
	newest := regexp.MustCompile(`(?m)^## (v\S+) \((.*)\)$`).FindSubmatchIndex(data)
	if newest == nil {
		return "", fmt.Errorf("%s has no entry of a version", changelog)
	}
	version := string(data[newest[2]:newest[3]])
	if string(data[newest[4]:newest[5]]) == "unreleased" {
		return version, nil
	}
	var minor int
	if _, err := fmt.Sscanf(strings.TrimPrefix(semver.MajorMinor(version), semver.Major(version)), ".%d", &minor); err != nil {
		return "", err
	}
	version = fmt.Sprintf("%s.%d.0", semver.Major(version), minor+1)
	entry := "## " + version + " (unreleased)\n\n- [CHANGE] sligo: another release.\n\n"
	return version, os.WriteFile(changelog, []byte(string(data[:newest[0]])+entry+string(data[newest[0]:])), 0o644)
}
