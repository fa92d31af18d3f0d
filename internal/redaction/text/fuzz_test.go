package text_test

import (
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

// FuzzRedact checks that no text makes a matcher panic, and that a redacted
// text keeps its replacements when it is redacted again.
func FuzzRedact(f *testing.F) {
	for _, marked := range secrets {
		s, _ := split(marked)
		f.Add(s)
	}
	for _, marked := range byMatcher {
		s, _ := split(marked)
		f.Add(s)
	}
	for _, seed := range []string{"", "a=b", "http://a:b@c/?d=e#f", "\xff%7B%22", `\u0070\"`, "[[[[", "--pin 1", "pin '", "VALUES(", "<a", "a@", "-p", "¥："} {
		f.Add(seed)
	}
	finder := newFinder()
	f.Fuzz(func(t *testing.T, s string) {
		out := finder.Redact(s)
		again := finder.Redact(out)
		if len(s) < text.MaxText && strings.Count(again, text.Replacement) < strings.Count(out, text.Replacement) {
			t.Errorf("%q becomes %q, and that %q", s, out, again)
		}
		if id := finder.RedactID(s); len(id) > 128+len(text.Cut) {
			t.Errorf("the ID %q becomes %q", s, id)
		}
	})
}
