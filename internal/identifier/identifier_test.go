package identifier_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/identifier"
)

func TestCheck(t *testing.T) {
	for _, name := range []string{"", "a", "Z9", "users-api.v2_x", "0", strings.Repeat("x", 63)} {
		if err := identifier.Check(name); err != nil {
			t.Errorf("got %v, want no error", err)
		}
	}
	for _, name := range []string{"-a", "a.", "_", "a b", "a/b", "é", "a\n", "a\x00b", strings.Repeat("x", 64)} {
		if err := identifier.Check(name); err == nil {
			t.Errorf("%q: got no error", name)
		}
	}
	const want = `invalid name "5 nines": want at most 63 of the letters a-z and A-Z, digits, and between them '-', '_' and '.'`
	if err := identifier.Check("5 nines"); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

var syntax = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?)?$`)

// FuzzCheck compares with the regular expression of Kubernetes' label values.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"users", "a-", ".a", "a\n", strings.Repeat("a", 64), "ü", "a..b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got, want := identifier.Check(name) == nil, syntax.MatchString(name); got != want {
			t.Errorf("%q: got %t, want %t", name, got, want)
		}
	})
}
