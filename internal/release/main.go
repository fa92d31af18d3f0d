// Release makes a release of all published modules of this repository under
// one version. It changes the local repository only; docs/release.md has the
// steps before and after it.
//
//	release v0.1.0            commits and tags the release v0.1.0
//	release v0.1.0 folder     builds the programs of the tagged v0.1.0
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/semver"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("usage: release VERSION [FOLDER]")
	}
	version := args[0]
	if semver.Canonical(version) != version {
		return fmt.Errorf("invalid version %q: want one such as v0.1.0", version)
	}
	top, err := output(".", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	repo := repository(strings.TrimSpace(top))
	if len(args) == 2 {
		return repo.build(version, args[1], targets)
	}
	tags, err := repo.release(version, time.Now().UTC())
	if err != nil {
		return err
	}
	fmt.Print(advice(version, tags))
	return nil
}

// advice tells how to publish the tags. GitHub starts no workflow for more than
// three tags that are pushed at once, and the tag of the command starts one.
// The command comes last, because it requires the other modules.
func advice(version string, tags []string) string {
	var libraries []string
	for _, tag := range tags {
		if tag != command+"/"+version {
			libraries = append(libraries, tag)
		}
	}
	return fmt.Sprintf(`%s is committed and tagged. To publish it:
	git push --atomic origin HEAD %s
	git push origin %s/%s
To undo it instead:
	git tag -d %s
	git reset --keep HEAD~2
`, version, strings.Join(libraries, " "), command, version, strings.Join(tags, " "))
}
