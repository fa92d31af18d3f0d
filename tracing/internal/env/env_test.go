package env_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/tracing/internal/env"
)

func reader(value string) *env.Reader {
	return env.NewReader(func(name string) (string, bool) {
		if name == "X" {
			return value, true
		}
		return "", false
	})
}

func TestNumbers(t *testing.T) {
	tests := []struct {
		value  string
		n      int           // read by Int from 1 to 1000; the default is 7
		millis time.Duration // read by Millis; the default is 7 ns
		bad    bool
	}{
		{"", 7, 7, false},
		{" ", 7, 7, false},
		{"1", 1, time.Millisecond, false},
		{" 1000 ", 1000, time.Second, false},
		{"0", 7, 7, true},
		{"-1", 7, 7, true},
		{"5s", 7, 7, true},
		{"1.5", 7, 7, true},
		{"99999999999999999999", 7, 7, true},
	}
	for _, test := range tests {
		t.Run(test.value, func(t *testing.T) {
			r, n := reader(test.value), 7
			r.Int(&n, 1, 1000, "Y", "X")
			if n != test.n || (r.Err() != nil) != test.bad {
				t.Errorf("Int: %d, %v", n, r.Err())
			}
			r, millis := reader(test.value), time.Duration(7)
			r.Millis(&millis, "Y", "X")
			if millis != test.millis || (r.Err() != nil) != test.bad {
				t.Errorf("Millis: %v, %v", millis, r.Err())
			}
			if test.bad && !strings.Contains(r.Err().Error(), `X: invalid duration "`+test.value+`": want`) {
				t.Errorf("the error lacks the name or the value: %v", r.Err())
			}
		})
	}
	r, n := reader("1001"), 7
	if r.Int(&n, 1, 1000, "X"); n != 7 || r.Err() == nil {
		t.Errorf("above the range: %d, %v", n, r.Err())
	}
}

func TestBool(t *testing.T) {
	for value, want := range map[string]struct{ is, bad bool }{
		"": {}, "false": {}, "False": {}, "true": {is: true}, "TRUE": {is: true}, "1": {bad: true}, "yes": {bad: true},
	} {
		r := reader(value)
		if got := r.Bool("X"); got != want.is || (r.Err() != nil) != want.bad {
			t.Errorf("%q: %t, %v", value, got, r.Err())
		}
	}
}

func TestListAndPairs(t *testing.T) {
	r := reader(" a=1, b = x%20y ,,c=%3D=")
	if diff := cmp.Diff([]string{"a=1", "b = x%20y", "c=%3D="}, r.List("X")); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
	want := []env.Pair{{Key: "a", Value: "1"}, {Key: "b", Value: "x y"}, {Key: "c", Value: "=="}}
	if diff := cmp.Diff(want, r.Pairs("Y", "X")); diff != "" || r.Err() != nil {
		t.Errorf("Pairs (-want +got):\n%s%v", diff, r.Err())
	}
	for _, bad := range []string{"secret", "=secret", "a=1,secret", "a=%secret"} {
		r := reader(bad)
		if r.Pairs("X"); r.Err() == nil || strings.Contains(r.Err().Error(), "secret") {
			t.Errorf("%q: %v", bad, r.Err())
		}
	}
}

func TestNilLookup(t *testing.T) {
	if _, ok := env.NewReader(nil).String("PATH"); ok {
		t.Error("a nil lookup finds PATH")
	}
}

// FuzzPairs checks that Pairs does not panic, and that no pair of a variable
// without a mistake is lost.
func FuzzPairs(f *testing.F) {
	for _, seed := range []string{"a=b", "a=b,c=d", "a=%20", "a=%zz", ",", "=", "a=b=c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		r := reader(value)
		pairs, elements := r.Pairs("X"), r.List("X")
		if r.Err() == nil && len(pairs) != len(elements) {
			t.Errorf("%d pairs of %d elements", len(pairs), len(elements))
		}
	})
}
