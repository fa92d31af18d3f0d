package promtext_test

import (
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/promtext"
)

func TestParseMatcher(t *testing.T) {
	for text, example := range map[string]string{
		`env="prod"`: "prod", `env!="prod"`: "", `a=~"eu-.*"`: "eu-", `a!~"eu-.*"`: "", `a!~".+"`: "",
		`a="\"} or {b=\""`: `"} or {b="`, `a=~"[a-z]+x{2}"`: "axx", `a=~"|a"`: "", `a=~"(a|b){0,3}"`: "", `a=~"^prod$"`: "prod",
		`a=~"\\p{L}\\pN\\P{^Lu}[\\p{Any}]"`: "A0A\U0010ffff", `a=~"\\p{Greek}"`: "\u0370", `a=~"\\Q\\p{Letter}\\E\\\\p{2}"`: `\p{Letter}\pp`,
		`a=~"(?P<x>a)"`: "a", `a=~"\\(?<(a)"`: "<a",
	} {
		m, err := promtext.ParseMatcher(text)
		if err != nil || m.String() != text || m.Operator != "!=" && m.Operator != "!~" && m.Example != example {
			t.Errorf("%s: got %v, %v, with the example %q, want %q", text, m, err, m.Example, example)
		}
	}
}

func TestParseMatcherMistakes(t *testing.T) {
	const without = "it selects series without the label"
	for text, want := range map[string]string{
		"env": "want a label, one of", `env = "prod"`: "want a label, one of", `env="`: "want a label, one of", `{a="b"}`: "want a label, one of",
		`sli="x"`: "reserved label", `__name__="x"`: "invalid label", `="x"`: "invalid label",
		`a="\q"`: "invalid escape", "a=\"x\ny\"": "invalid escape", "a=\"\xff\"": "want valid UTF-8", `a="\xff"`: "want valid UTF-8", `a=""`: "an empty value",
		`a=~"(?<x>a)"`: "older versions of Prometheus", `a!~"(?<x>a)|b"`: "older versions of Prometheus",
		`a=~"\\p{Letter}"`: `the class "\\p{Letter}" is unknown to older`, `a=~"[\\P{^greek}]"`: "older versions", `a!~"\\p{Kawi}"`: "older versions", `a=~"\\p{Cn}"`: "older versions",
		`a=~"("`: "missing closing", `a=~"a)(b"`: "unexpected )",
		`a=~"a^"`: "no value was found", `a!~".*"`: "no value was found",
		`a=~""`: without, `a=~"^$"`: without, `a=~"()"`: without, `a=~"(^|$)*"`: without, `a=~"|"`: without,
	} {
		_, err := promtext.ParseMatcher(text)
		if err == nil || !strings.HasPrefix(err.Error(), "invalid matcher ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestParseMatchers(t *testing.T) {
	var mistakes []int
	got := promtext.ParseMatchers([]string{`b="1"`, "b", `a="2"`, `b="3"`}, func(i int, err error) {
		mistakes = append(mistakes, i)
		if i == 3 && err.Error() != `duplicate matcher of label "b": Matchers[0] has it` {
			t.Errorf("got %v", err)
		}
	})
	if len(got) != 2 || got[0].Label != "b" || got[1].Label != "a" {
		t.Errorf("got %v", got)
	}
	if len(mistakes) != 2 || mistakes[0] != 1 || mistakes[1] != 3 {
		t.Errorf("mistakes %v", mistakes)
	}
}
