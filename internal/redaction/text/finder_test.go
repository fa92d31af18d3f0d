package text_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

func newFinder() *text.Finder {
	return text.NewFinder(text.Config{Judge: name.NewJudge(name.Lists{})})
}

// split returns a text of the corpus and the secret in it.
func split(marked string) (s, secret string) {
	before, rest, _ := strings.Cut(marked, "«")
	secret, after, _ := strings.Cut(rest, "»")
	return before + secret + after, secret
}

func TestRedact(t *testing.T) {
	f := newFinder()
	for _, marked := range secrets {
		s, secret := split(marked)
		if got := f.Redact(s); strings.Contains(got, secret) || !strings.Contains(got, text.Replacement) {
			t.Errorf("Redact(%q) = %q, want it without %q", s, got, secret)
		}
	}
	for _, s := range kept {
		if got := f.Redact(s); got != s {
			t.Errorf("Redact(%q) = %q, want it unchanged", s, got)
		}
	}
}

// leaks reports whether a finder shows the secret of a text.
func leaks(f *text.Finder, marked string) bool {
	s, secret := split(marked)
	return strings.Contains(f.Redact(s), secret)
}

// TestEachMatcherIsNeeded switches off one row after another. A text must leak
// then, or the row does nothing.
func TestEachMatcherIsNeeded(t *testing.T) {
	f := newFinder()
	for _, row := range text.Matchers() {
		if marked := byMatcher[row]; leaks(f, marked) || !leaks(f.Without(row), marked) {
			s, _ := split(marked)
			t.Errorf("matcher %q: with it %q, without it %q", row, f.Redact(s), f.Without(row).Redact(s))
		}
	}
}

// TestEachMatcherAlone runs one row after another on its own.
func TestEachMatcherAlone(t *testing.T) {
	f := newFinder()
	for _, row := range text.Matchers() {
		t.Run(row, func(t *testing.T) {
			alone := f.Only(row)
			// Decoding finds nothing by itself: it needs a row for the decoded text.
			if row != "encoded text" && leaks(alone, byMatcher[row]) {
				t.Errorf("%q leaks", byMatcher[row])
			}
			for _, s := range kept {
				if got := alone.Redact(s); got != s {
					t.Errorf("Redact(%q) = %q, want it unchanged", s, got)
				}
			}
		})
	}
}

func TestEachNotationIsNeeded(t *testing.T) {
	f := newFinder()
	for _, n := range text.Notations() {
		if marked := byNotation[n]; leaks(f, marked) || !leaks(f.WithoutNotation(n), marked) {
			s, _ := split(marked)
			t.Errorf("notation %q: with it %q, without it %q", n, f.Redact(s), f.WithoutNotation(n).Redact(s))
		}
	}
}

// TestTableHasSamples checks that the rows and their texts belong together, and
// that the order of the table does not wake a matcher by another one's traits.
func TestTableHasSamples(t *testing.T) {
	for row := range byMatcher {
		if !slices.Contains(text.Matchers(), row) {
			t.Errorf("there is a text for the matcher %q, which does not exist", row)
		}
	}
	for n := range byNotation {
		if !slices.Contains(text.Notations(), n) {
			t.Errorf("there is a text for the notation %q, which does not exist", n)
		}
	}
	if !text.SharedTraits() {
		t.Error("matchers that share a pass have different traits")
	}
}

func TestPatterns(t *testing.T) {
	f := text.NewFinder(text.Config{
		Judge:    name.NewJudge(name.Lists{}),
		Patterns: []text.Pattern{regexp.MustCompile(`TCK-(\d+)`), regexp.MustCompile(`emp[a-z]+`)},
	})
	if got, want := f.Redact("see TCK-4711 of empkim"), "see TCK-REDACTED of REDACTED"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if f.Clears("plain", text.Inspect("plain")) {
		t.Error("a text is cleared although a pattern has not seen it")
	}
}

func TestDocument(t *testing.T) {
	f := text.NewFinder(text.Config{
		Judge: name.NewJudge(name.Lists{}),
		Document: func(s string, level int) (string, bool) {
			return fmt.Sprintf("document at level %d", level), s[0] == '{'
		},
	})
	if got, want := f.Redact(`{"a":1}`), "document at level 0"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := f.RedactNested(`{"a":1}`, text.Inspect(`{"a":1}`), 3), "document at level 3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := f.Redact("password=x"), "password=REDACTED"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLongTextIsCut(t *testing.T) {
	f := newFinder()
	long := strings.Repeat("한", text.MaxText/3-200) + " password=opensesame " + strings.Repeat("x ", text.MaxText)
	got := f.Redact(long)
	if len(got) > text.MaxText || !strings.HasSuffix(got, text.Cut) || strings.Contains(got, "opensesame") || !utf8.ValidString(got) {
		t.Errorf("a text of %d bytes becomes one of %d that ends in %q", len(long), len(got), got[len(got)-20:])
	}
}

func TestIDs(t *testing.T) {
	f := newFinder()
	for s, want := range map[string]bool{
		"7d0c9f0e-3b5a-4f6e-9c1d-2a8b7c6d5e4f": true, "4111111111111111": true, "user/12.3|a": true, "": true,
		"a b": false, "a=b": false, "ghp_16C7e42F292c6912E7710c838347Ae178B4a": false, strings.Repeat("a", 129): false,
	} {
		if got := f.IsID(s); got != want {
			t.Errorf("IsID(%q) = %t, want %t", s, got, want)
		}
	}
	if got, want := f.RedactID(strings.Repeat("ab ", 100)), 128+len(text.Cut); len(got) > want || !strings.HasSuffix(got, text.Cut) {
		t.Errorf("a long ID becomes %q", got)
	}
}

func TestShowsParameter(t *testing.T) {
	f := newFinder()
	tests := []struct {
		name, value string
		want        bool
	}{
		{"page", "2", true}, {"color", "light-blue", true}, {"x", "true", true}, {"x", "2024-11-16", true},
		{"x", "550e8400-e29b-41d4-a716-446655440000", true}, {"x", "red%20shoes", true}, {"tokens", "17", true},
		{"x", "aB3xY9zQ12", false}, {"x", "p@ssw", false}, {"x", "1234567890123", false}, {"tokens", "abc", false},
		{"sig", "abc", false}, {"password", "x", false}, {"session", "x", false},
	}
	for _, tt := range tests {
		if got := f.ShowsParameter(tt.name, tt.value); got != tt.want {
			t.Errorf("ShowsParameter(%q, %q) = %t, want %t", tt.name, tt.value, got, tt.want)
		}
	}
}

func TestClearTextsCostNothing(t *testing.T) {
	f := newFinder()
	for _, s := range []string{"Request processed successfully", "/api/v1/login", "", "사용자"} {
		if !f.Clears(s, text.Inspect(s)) {
			t.Errorf("%q is not cleared", s)
		}
		if n := testing.AllocsPerRun(100, func() { f.Redact(s) }); n > 0 {
			t.Errorf("Redact(%q) allocates %v times, want 0", s, n)
		}
	}
}
