package slo

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
)

// validateLabels reports labels that Prometheus or the library refuses.
func validateLabels(labels map[string]string) error {
	var errs sli.FieldErrors
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		path := fmt.Sprintf("[%q]", name)
		errs.Add(path, promtext.CheckLabel(name))
		if !utf8.ValidString(labels[name]) {
			errs.Addf(path, "invalid value %q: want valid UTF-8", labels[name])
		}
	}
	return errs.Err()
}

// checkOwner accepts one line of printable text.
func checkOwner(owner string) error {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	if !utf8.ValidString(owner) || strings.ContainsFunc(owner, unprintable) || strings.TrimSpace(owner) != owner {
		return fmt.Errorf(`invalid owner %q: want printable characters, and spaces only between them, such as "users-team"`, owner)
	}
	return nil
}

var errRunbook = errors.New(`want an absolute URL such as "https://example.com/runbooks/users"`)

// checkRunbook accepts absolute URLs of web pages.
func checkRunbook(runbook string) error {
	if runbook == "" {
		return nil
	}
	page, err := url.Parse(runbook)
	if err != nil || page.Host == "" || page.Scheme != "https" && page.Scheme != "http" {
		return fmt.Errorf("invalid runbook %q: %w", runbook, errRunbook)
	}
	return nil
}
