package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/semver"
)

// A repository is the root of a working tree of git.
type repository string

// release adds two commits and the tags of all published modules to the
// repository. The first commit is the release: each module requires the others
// at the version, without a replacement, and go.sum has their hashes. The
// second commit goes back to the replacements of development.
//
// release works in a clone. If it fails, the repository is unchanged. It
// returns the tags in the order in which they may be published.
func (r repository) release(version string, date time.Time) (tags []string, err error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "release")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	clone := repository(filepath.Join(temp, "clone"))
	if _, err := output(temp, "git", "clone", "-q", string(r), string(clone)); err != nil {
		return nil, err
	}
	if err := r.identify(clone); err != nil {
		return nil, err
	}
	w := &work{repository: clone, version: version, proxy: newProxy(temp)}
	for _, step := range []func() error{
		func() error { return w.dateChangelog(date) }, w.requireRelease, w.sum, w.commitRelease,
		w.checkAPI, w.compare, w.tag, w.commitDevelopment,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return w.tags, r.take(clone, w.tags)
}

// take adds the commits and tags of a clone.
func (r repository) take(clone repository, tags []string) error {
	if _, err := output(string(r), "git", "pull", "-q", "--no-tags", "--ff-only", string(clone), "HEAD"); err != nil {
		return err
	}
	args := []string{"fetch", "-q", "--no-tags", string(clone)}
	for _, tag := range tags {
		args = append(args, "refs/tags/"+tag+":refs/tags/"+tag)
	}
	_, err := output(string(r), "git", args...)
	return err
}

// ready checks that the working tree is the last commit.
func (r repository) ready() error {
	status, err := output(string(r), "git", "status", "--porcelain")
	if err == nil && status != "" {
		err = fmt.Errorf("the working tree has changes:\n%s", status)
	}
	return err
}

// identify gives a clone the author of the repository's next commit.
func (r repository) identify(clone repository) error {
	ident, err := output(string(r), "git", "var", "GIT_COMMITTER_IDENT")
	if err != nil {
		return err
	}
	name, rest, _ := strings.Cut(ident, " <")
	email, _, _ := strings.Cut(rest, "> ")
	if _, err := output(string(clone), "git", "config", "user.name", name); err != nil {
		return err
	}
	_, err = output(string(clone), "git", "config", "user.email", email)
	return err
}

// before returns the newest version among the tags of m that is older than
// version, or an empty string.
func (r repository) before(m *goModule, version string) (string, error) {
	tags, err := output(string(r), "git", "tag", "-l", m.tag("v*"))
	if err != nil {
		return "", err
	}
	newest := ""
	for _, tag := range strings.Fields(tags) {
		found := tag[len(m.tag("")):]
		found = strings.TrimPrefix(found, "/")
		if semver.IsValid(found) && semver.Compare(found, version) < 0 && semver.Compare(found, newest) > 0 {
			newest = found
		}
	}
	return newest, nil
}

// output runs a program in dir and returns its standard output.
func output(dir, program string, args ...string) (string, error) {
	return outputWith(os.Environ(), dir, program, args...)
}

// outputWith runs a program with an environment of its own.
func outputWith(env []string, dir, program string, args ...string) (string, error) {
	var out, diagnosis bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, dir, &out, &diagnosis
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s in %s: %w\n%s%s", strings.Join(cmd.Args, " "), dir, err, &out, &diagnosis)
	}
	return out.String(), nil
}
