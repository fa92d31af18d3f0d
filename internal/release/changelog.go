package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

var heading = regexp.MustCompile(`(?m)^## (\S+)(?: \((.*)\))?$`)

// dated returns a changelog whose newest entry, "## v0.1.0 (unreleased)", has
// the date of its release. The entry must be for the version.
func dated(changelog, version string, date time.Time) (string, error) {
	headings := heading.FindAllStringSubmatchIndex(changelog, -1)
	if headings == nil {
		return "", fmt.Errorf(`CHANGELOG.md has no entry: want "## %s (unreleased)"`, version)
	}
	newest := headings[0]
	end := len(changelog)
	if len(headings) > 1 {
		end = headings[1][0]
	}
	want := fmt.Sprintf("## %s (unreleased)", version)
	if got := changelog[newest[0]:newest[1]]; got != want {
		return "", fmt.Errorf("the newest entry of CHANGELOG.md is %q: want %q", got, want)
	}
	if !strings.Contains(changelog[newest[1]:end], "\n- [") {
		return "", fmt.Errorf("the entry of %s in CHANGELOG.md has no line", version)
	}
	for _, older := range headings[1:] {
		if changelog[older[2]:older[3]] == version {
			return "", fmt.Errorf("CHANGELOG.md has two entries of %s", version)
		}
	}
	released := fmt.Sprintf("## %s (%s)", version, date.Format(time.DateOnly))
	return changelog[:newest[0]] + released + changelog[newest[1]:], nil
}
