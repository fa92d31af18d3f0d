package slofile

import (
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
)

// matcherSyntax has the label, the operator and the quoted value.
var matcherSyntax = regexp.MustCompile(`^([^=!~"]*)(=~|!~|!=|=)("(?:[^"\\]|\\.)*")$`)

// validateMatchers reports matchers that Prometheus refuses or that the labels
// of the library forbid.
func validateMatchers(matchers []string) error {
	var errs sli.FieldErrors
	labels := make(map[string]int, len(matchers))
	for i, m := range matchers {
		path := fmt.Sprintf("[%d]", i)
		label, err := checkMatcher(m)
		if same, twice := labels[label]; twice && err == nil {
			err = fmt.Errorf("duplicate matcher of label %q: Matchers[%d] has it", label, same)
		}
		errs.Add(path, err)
		if err == nil {
			labels[label] = i
		}
	}
	return errs.Err()
}

// checkMatcher returns the label of a matcher.
func checkMatcher(matcher string) (label string, err error) {
	parts := matcherSyntax.FindStringSubmatch(matcher)
	if parts == nil {
		return "", fmt.Errorf(`invalid matcher %q: want a label, one of = != =~ !~, and a quoted value without spaces between them, such as env="prod"`, matcher)
	}
	label, operator := parts[1], parts[2]
	if err := promtext.CheckLabel(label); err != nil {
		return "", fmt.Errorf("invalid matcher %q: %w", matcher, err)
	}
	value, err := strconv.Unquote(parts[3])
	if err != nil {
		return "", fmt.Errorf("invalid matcher %q: invalid escape in the value", matcher)
	}
	switch {
	case !utf8.ValidString(value):
		return "", fmt.Errorf("invalid matcher %q: want valid UTF-8", matcher)
	case operator == "=" && value == "":
		return "", fmt.Errorf("invalid matcher %q: an empty value selects series without the label, which no recorded series can have", matcher)
	case operator == "=~" || operator == "!~":
		if _, err := regexp.Compile(value); err != nil {
			return "", fmt.Errorf("invalid matcher %q: %w", matcher, err)
		}
		if operator == "=~" && promtext.OnlyEmpty(value) {
			return "", fmt.Errorf("invalid matcher %q: it selects series without the label; if they are meant, write %s!~\".+\"", matcher, label)
		}
	}
	return label, nil
}

// labelOf returns the label of a matcher, and the matcher itself if it is
// invalid.
func labelOf(matcher string) string {
	if label, err := checkMatcher(matcher); err == nil {
		return label
	}
	return matcher
}
