package promrules_test

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// FuzzLabels reads the labels of slo:info back with another YAML library.
func FuzzLabels(f *testing.F) {
	for _, seed := range []string{"", "users", "{{ x }}", "\x00\n\t\"\\", "\u0085\u2028\ufeff\ufffe\U0001F600", "#: - |>", "yes", "1e3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o := availability
		o.Labels = map[string]string{"squad": text}
		r, err := promrules.Generate([]slo.Objective{o}, nil)
		if err != nil {
			if utf8.ValidString(text) {
				t.Error(err)
			}
			return
		}
		var file ruleFile
		if err := yaml.Unmarshal(r.YAML(), &file); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, rule := range file.Groups[0].Rules {
			labels := rule["labels"].(map[string]any)
			if got := labels["squad"]; rule["record"] == "slo:info" && got != text {
				t.Errorf("got %q, want %q", got, text)
			}
		}
	})
}

// FuzzMatchers checks that an accepted matcher is a part of each raw selector
// as Go quotes it, and that the file has the shape of a file without matchers.
func FuzzMatchers(f *testing.F) {
	for _, seed := range []string{`env="prod"`, `a=~"x.*|\\d+"`, `b!="\n{}"`, ` c !~ "" `, `d="\"} or {e=\""`, `e="`, `__name__="x"`, `sli=~"x"`} {
		f.Add(seed)
	}
	plain, err := promrules.Generate([]slo.Objective{availability}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := promrules.Generate([]slo.Objective{availability}, &promrules.Options{Matchers: []string{text}})
		if err != nil {
			return
		}
		start, operator := strings.IndexByte(text, '"'), "="
		for _, o := range []string{"=~", "!~", "!="} {
			if strings.Contains(text[:start], o) {
				operator = o
			}
		}
		value, err := strconv.Unquote(strings.TrimSpace(text[start:]))
		if err != nil {
			t.Fatalf("%q is accepted: %v", text, err)
		}
		label := strings.TrimSpace(strings.TrimRight(strings.TrimSpace(text[:start]), "=!~"))
		want := label + operator + strconv.Quote(value)
		if expr := r.Groups[0].Rules[0].Expr; !strings.Contains(expr, ","+want+"}") {
			t.Errorf("got %s, want %s", expr, want)
		}
		var file ruleFile
		if err := yaml.Unmarshal(r.YAML(), &file); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for i, rule := range file.Groups[0].Rules {
			expr, _ := rule["expr"].(string)
			without := strings.NewReplacer(","+want, "").Replace(expr)
			if got := plain.Groups[0].Rules[i].Expr; without != got {
				t.Errorf("%q: got %s, want %s", text, without, got)
			}
		}
	})
}
