package logissue_test

import (
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging/logissue"
)

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"", "a 'b' c", `x "y`, "=", "a=b=c", "open /x: y", "\xff 1", "it's 'x'", "a\n\nb\nc", "status 404", "[::1]:1->[fe80::1%a]", "desc = \"a: b\"", "[]", "x=1==", "Mon, 2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := logissue.Normalize(s)
		if again := logissue.Normalize(out); len(out) > 0 && len(again) == 0 {
			t.Errorf("%q becomes %q, which becomes empty", s, out)
		}
		for w := range strings.FieldsSeq(out) {
			if len(w) > 5 && strings.Trim(w, "0123456789") == "" {
				t.Errorf("%q becomes %q, which contains the number %q", s, out, w)
			}
		}
	})
}
