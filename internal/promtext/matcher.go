package promtext

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Matcher is one condition of a selector.
type Matcher struct {
	// Label is the name of the label.
	Label string
	// Operator is "=", "!=", "=~" or "!~".
	Operator string
	// Value is the value or the regular expression, without quotes.
	Value string
	// Example is a value that the matcher selects, for tests of rules.
	Example string
}

// String returns the matcher as PromQL and Alertmanager write it.
func (m Matcher) String() string { return m.Label + m.Operator + strconv.Quote(m.Value) }

// ParseMatchers parses the matchers of an environment. It calls mistake with
// the index of each matcher that Prometheus or the library refuses, and of each
// label that an earlier matcher has. The result lacks these matchers.
func ParseMatchers(texts []string, mistake func(index int, err error)) []Matcher {
	var matchers []Matcher
	first := make(map[string]int, len(texts))
	for i, text := range texts {
		m, err := ParseMatcher(text)
		if same, twice := first[m.Label]; err == nil && twice {
			err = fmt.Errorf("duplicate matcher of label %q: Matchers[%d] has it", m.Label, same)
		}
		if err != nil {
			mistake(i, err)
			continue
		}
		first[m.Label] = i
		matchers = append(matchers, m)
	}
	return matchers
}

// MatcherSyntax has the label, the operator and the quoted value of a matcher.
// It is also a pattern of the JSON Schema.
const MatcherSyntax = `^([^=!~"]*)(=~|!~|!=|=)("(?:[^"\\]|\\.)*")$`

var matcherSyntax = regexp.MustCompile(MatcherSyntax)

// ParseMatcher parses a matcher such as env="prod". Its errors quote the text.
func ParseMatcher(text string) (Matcher, error) {
	m, err := parseMatcher(text)
	if err != nil {
		return Matcher{}, fmt.Errorf("invalid matcher %q: %w", text, err)
	}
	return m, nil
}

func parseMatcher(text string) (Matcher, error) {
	parts := matcherSyntax.FindStringSubmatch(text)
	if parts == nil {
		return Matcher{}, errors.New(`want a label, one of = != =~ !~, and a quoted value without spaces between them, such as env="prod"`)
	}
	m := Matcher{Label: parts[1], Operator: parts[2]}
	if err := CheckLabel(m.Label); err != nil {
		return m, err
	}
	var err error
	if m.Value, err = strconv.Unquote(parts[3]); err != nil {
		return m, errors.New("invalid escape in the value")
	}
	switch {
	case !utf8.ValidString(text), !utf8.ValidString(m.Value):
		return m, errors.New("want valid UTF-8")
	case m.Operator == "=" && m.Value == "":
		return m, errors.New("an empty value selects series without the label, which no recorded series can have")
	case m.Operator == "=":
		m.Example = m.Value
		return m, nil
	}
	if m.Example, err = m.example(); err == nil && m.Operator == "=~" && onlyEmpty(m.Value) {
		err = fmt.Errorf("it selects series without the label; if they are meant, write %s!~\".+\"", m.Label)
	}
	return m, err
}

// example returns a value that a matcher other than an equality selects.
func (m Matcher) example() (string, error) {
	pattern := m.Value
	if m.Operator == "!=" {
		pattern = regexp.QuoteMeta(pattern)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl|syntax.DotNL)
	if err != nil {
		return "", err
	}
	if err := portable(pattern, tree); err != nil {
		return "", err
	}
	selects, err := regexp.Compile("^(?s:" + pattern + ")$")
	if err != nil {
		return "", err
	}
	for _, value := range []string{matching(tree), "x", "0", "other", ""} {
		if selects.MatchString(value) == (m.Operator == "=~") {
			return value, nil
		}
	}
	return "", errors.New("no value was found that it selects")
}

// portable reports parts of a valid regular expression that Prometheus 2.42
// cannot read. It was built with Go 1.19.
func portable(pattern string, tree *syntax.Regexp) error {
	named := slices.ContainsFunc(tree.CapNames(), func(name string) bool { return name != "" })
	if named && strings.Contains(pattern, "(?<") {
		return errors.New(`"(?<name>…)" is unknown to older versions of Prometheus: want a group without a name`)
	}
	for _, escape := range escapes.FindAllStringSubmatch(pattern, -1) {
		if class := escape[1]; class != "" && !oldClass(class) {
			return fmt.Errorf(`the class %q is unknown to older versions of Prometheus: want one such as "\\p{L}" or "\\p{Greek}"`, escape[0])
		}
	}
	return nil
}

// escapes matches each escape of a regular expression. Its group is the name of
// a class of characters.
var escapes = regexp.MustCompile(`\\(?:Q(?s:.*?)(?:\\E|$)|[pP]\{\^?(\w+)\}|(?s:.))`)

// oldClass reports whether Go 1.19 knows a class. Go 1.21 added scripts, and
// Go 1.25 two categories, long names, and names in any case.
func oldClass(name string) bool {
	switch name {
	case "Any":
		return true
	case "Cn", "LC", "Cypro_Minoan", "Kawi", "Nag_Mundari", "Old_Uyghur", "Tangsa", "Toto", "Vithkuqi":
		return false
	}
	return unicode.Categories[name] != nil || unicode.Scripts[name] != nil
}

// matching returns a text that a regular expression matches, unless the
// expression has conditions on the place of a match.
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

// onlyEmpty reports whether a regular expression matches no text, or only the
// empty one. For Prometheus, a label with an empty value is a missing label. An
// invalid expression matches nothing.
func onlyEmpty(pattern string) bool {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	return err != nil || !hasText(tree)
}

func hasText(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	}
	return slices.ContainsFunc(re.Sub, hasText)
}
