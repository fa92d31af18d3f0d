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
		value          string
		n              int // read by Int from 1 to 1000; the default is 7
		badN           bool
		delay, timeout time.Duration // the defaults are 7 ns
		bad            bool
	}{
		{"", 7, false, 7, 7, false},
		{" ", 7, false, 7, 7, false},
		{"1", 1, false, time.Millisecond, time.Millisecond, false},
		{" 1000 ", 1000, false, time.Second, time.Second, false},
		{"0", 7, true, time.Millisecond, env.NoLimit, false},
		{"2147483647", 7, true, env.NoLimit, env.NoLimit, false},
		{"2147483648", 7, true, 7, 7, true},
		{"-1", 7, true, 7, 7, true},
		{"5s", 7, true, 7, 7, true},
		{"1.5", 7, true, 7, 7, true},
		{"1e3", 7, true, 7, 7, true},
		{"NaN", 7, true, 7, 7, true},
		{"99999999999999999999", 7, true, 7, 7, true},
	}
	for _, test := range tests {
		t.Run(test.value, func(t *testing.T) {
			r, n := reader(test.value), 7
			r.Int(&n, 1, 1000, "Y", "X")
			if n != test.n || (r.Err() != nil) != test.badN {
				t.Errorf("Int: %d, %v", n, r.Err())
			}
			r, delay := reader(test.value), time.Duration(7)
			r.Delay(&delay, "Y", "X")
			if delay != test.delay || (r.Err() != nil) != test.bad {
				t.Errorf("Delay: %v, %v", delay, r.Err())
			}
			r, timeout := reader(test.value), time.Duration(7)
			r.Timeout(&timeout, "Y", "X")
			if timeout != test.timeout || (r.Err() != nil) != test.bad {
				t.Errorf("Timeout: %v, %v", timeout, r.Err())
			}
			if test.bad && !strings.Contains(r.Err().Error(), `X: invalid duration "`+test.value+`": want`) {
				t.Errorf("the error lacks the name or the value: %v", r.Err())
			}
		})
	}
}

// TestInvalidVariablesCountAsNotSet reads a second variable after a first one
// that is invalid, and ignores it after a valid one.
func TestInvalidVariablesCountAsNotSet(t *testing.T) {
	values := map[string]string{"BAD": "x", "OTHER": "y", "TWO": "2", "THREE": "3"}
	r := env.NewReader(func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	})
	n := 7
	if name, ok := r.Int(&n, 1, 9, "NONE", "BAD", "TWO", "OTHER", "THREE"); name != "TWO" || !ok || n != 2 {
		t.Errorf("got %d of %q", n, name)
	}
	if err := r.Err(); err == nil || err.Error() != `BAD: invalid number "x": want an integer from 1 to 9` {
		t.Errorf("the error is %v", err)
	}
	if name, ok := r.Int(&n, 1, 9, "BAD", "OTHER"); name != "" || ok || n != 2 {
		t.Errorf("without a valid variable: %d of %q", n, name)
	}
}

func TestBool(t *testing.T) {
	for value, want := range map[string]struct{ is, set, bad bool }{
		"": {is: true}, "false": {set: true}, "False": {set: true}, "true": {is: true, set: true}, "TRUE": {is: true, set: true},
		"1": {is: true, bad: true}, "yes": {is: true, bad: true}, "t": {is: true, bad: true},
	} {
		r, got := reader(value), true
		if _, set := r.Bool(&got, "X"); got != want.is || set != want.set || (r.Err() != nil) != want.bad {
			t.Errorf("%q: %t, set %t, %v", value, got, set, r.Err())
		}
	}
}

func TestListAndPairs(t *testing.T) {
	r := reader(" a=1, b = x%20y ,,c=%3D=")
	if diff := cmp.Diff([]string{"a=1", "b = x%20y", "c=%3D="}, r.List("X")); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
	want := []env.Pair{{Key: "a", Value: "1"}, {Key: "b", Value: "x y"}, {Key: "c", Value: "=="}}
	name, pairs := r.Pairs("Y", "X")
	if diff := cmp.Diff(want, pairs); diff != "" || name != "X" || r.Err() != nil {
		t.Errorf("Pairs of %q (-want +got):\n%s%v", name, diff, r.Err())
	}
	for _, bad := range []string{"secret", "=secret", "secret,b=%secret", "b=%secret"} {
		r := reader("a=1," + bad)
		_, pairs := r.Pairs("X")
		if r.Err() == nil || strings.Contains(r.Err().Error(), "secret") {
			t.Errorf("%q: %v", bad, r.Err())
		}
		if diff := cmp.Diff([]env.Pair{{Key: "a", Value: "1"}}, pairs); diff != "" {
			t.Errorf("%q: the valid pairs (-want +got):\n%s", bad, diff)
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
		_, pairs := r.Pairs("X")
		elements := r.List("X")
		if r.Err() == nil && len(pairs) != len(elements) {
			t.Errorf("%d pairs of %d elements", len(pairs), len(elements))
		}
	})
}
