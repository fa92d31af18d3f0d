package promrules

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
)

// A matcher is one condition of a selector.
type matcher struct {
	label, operator, value string
	example                string // a value that it selects, for tests
}

func (m matcher) String() string { return m.label + m.operator + strconv.Quote(m.value) }

// ownLabels are the labels that the rules set themselves.
var ownLabels = []string{
	promtext.LabelService, promtext.LabelSLI, promtext.LabelSLO, promtext.LabelGroup, promtext.LabelReason,
	promtext.LabelWindow, promtext.LabelKind, promtext.LabelJourney, promtext.LabelOwner, promtext.LabelTier,
	promtext.LabelSeverity, promtext.LabelLong, promtext.LabelShort, promtext.LabelStage, promtext.LabelTarget, promtext.LabelIntended,
	"alertname", "alertstate", partLabel, startLabel,
}

// parseMatchers parses the matchers, sorted by their labels, and reports all
// mistakes.
func parseMatchers(texts []string) ([]matcher, error) {
	var errs sli.FieldErrors
	var matchers []matcher
	for i, text := range texts {
		m, err := parseMatcher(text)
		if err != nil {
			errs.Addf(fmt.Sprintf("Matchers[%d]", i), "invalid matcher %q: %w", text, err)
			continue
		}
		same := func(other matcher) bool { return other.label == m.label }
		if slices.ContainsFunc(matchers, same) {
			errs.Addf(fmt.Sprintf("Matchers[%d]", i), "duplicate label %q", m.label)
			continue
		}
		matchers = append(matchers, m)
	}
	slices.SortFunc(matchers, func(a, b matcher) int { return strings.Compare(a.label, b.label) })
	return matchers, errs.Err()
}

var matcherSyntax = regexp.MustCompile(`^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(".*")\s*$`)

func parseMatcher(text string) (matcher, error) {
	parts := matcherSyntax.FindStringSubmatch(text)
	if parts == nil {
		return matcher{}, errors.New("want a label, an operator and a quoted value, such as `env=\"prod\"`")
	}
	value, err := strconv.Unquote(parts[3])
	m := matcher{label: parts[1], operator: parts[2], value: value, example: value}
	switch {
	case err != nil:
		return m, errors.New("the value is not a quoted text")
	case !utf8.ValidString(value):
		return m, errors.New("the value is not valid UTF-8")
	case strings.HasPrefix(m.label, "__"):
		return m, fmt.Errorf("the label %q is internal to Prometheus", m.label)
	case slices.Contains(ownLabels, m.label):
		return m, fmt.Errorf("the label %q belongs to the rules", m.label)
	case m.operator == "=" && value == "":
		return m, errors.New("an empty value selects series without the label, which no recorded series can carry")
	}
	if m.operator != "=" {
		m.example, err = exampleOf(m)
	}
	if err == nil && m.operator == "=~" && promtext.OnlyEmpty(value) {
		err = fmt.Errorf("it selects series without the label; if they are meant, write %s!~\".+\"", m.label)
	}
	return m, err
}

// exampleOf returns a value that a matcher selects.
func exampleOf(m matcher) (string, error) {
	pattern := regexp.QuoteMeta(m.value)
	if m.operator != "!=" {
		pattern = m.value
	}
	selects, err := regexp.Compile("^(?s:" + pattern + ")$")
	if err != nil {
		return "", fmt.Errorf("invalid regular expression: %w", err)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl|syntax.DotNL)
	if err != nil {
		return "", fmt.Errorf("invalid regular expression: %w", err)
	}
	for _, value := range []string{matching(tree), "x", "0", "other", ""} {
		if selects.MatchString(value) == (m.operator == "=~") {
			return value, nil
		}
	}
	return "", errors.New("no value was found that it selects")
}

// matching returns a text that a regular expression matches, if it needs no
// look around.
func matching(re *syntax.Regexp) string {
	repeated := func(times int) string { return strings.Repeat(matching(re.Sub[0]), min(times, 100)) }
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		for _, r := range re.Rune {
			if r > ' ' {
				return string(r)
			}
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "x"
	case syntax.OpCapture, syntax.OpPlus, syntax.OpAlternate:
		return repeated(1)
	case syntax.OpRepeat:
		return repeated(re.Min)
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(matching(sub))
		}
		return b.String()
	}
	return ""
}
