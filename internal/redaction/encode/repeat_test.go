package encode_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// raw writes itself as JSON.
type raw string

func (r raw) MarshalJSON() ([]byte, error) { return []byte(r), nil }

// TestRepeatedNamesInJSON checks the rule for JSON that a value provides: the
// last member of a name counts.
func TestRepeatedNamesInJSON(t *testing.T) {
	many := func(last string) string {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, `"k%d":%d,`, i, i)
		}
		return b.String() + `"k39":` + last
	}
	c := newEncoding()
	for in, want := range map[string]string{
		`{"a":1,"a":2}`:                                   `{"a":2}`,
		`{"a":1,"b":2,"a":3}`:                             `{"b":2,"a":3}`,
		`{"a":1,"a":2,"a":3,"b":4}`:                       `{"a":3,"b":4}`,
		`{"a":{"x":1,"x":2},"a":{"y":1,"y":3}}`:           `{"a":{"y":3}}`,
		`[{"a":1,"a":2},{"a":3,"a":4}]`:                   `[{"a":2},{"a":4}]`,
		`{"a":1,"\u0061":2}`:                              `{"a":2}`,
		`{ "a" : "" , "a" : null }`:                       `{"a":null}`,
		`{"a":1,"A":2}`:                                   `{"a":1,"A":2}`,
		`{"password":"x1","password":"x2"}`:               `{"password":"REDACTED"}`,
		`{"name":"a","value":"x","name":"DB_PASSWORD"}`:   `{"value":"REDACTED","name":"DB_PASSWORD"}`,
		`{"name":"DB_PASSWORD","value":"x","value":"x2"}`: `{"name":"DB_PASSWORD","value":"REDACTED"}`,
		`{` + many("1") + `}`:                             `{` + strings.Replace(many("1"), `"k39":39,`, "", 1) + `}`,
	} {
		for _, v := range []any{raw(in), json.RawMessage(in)} {
			if got := object(c, slog.Any("v", v)); got != `{"v":`+want+`}` {
				t.Errorf("%T %s: got %s, want %s", v, in, got, want)
			}
		}
	}
}

// textKey is the key of a map; all its values have the same text.
type textKey int

func (textKey) MarshalText() ([]byte, error) { return []byte("k"), nil }

func TestKeysOfAMapWithTheSameText(t *testing.T) {
	got := object(newEncoding(), slog.Any("v", map[textKey]int{1: 7, 2: 7, 3: 7}))
	if want := `{"v":{"k":7,"k-2":7,"k-3":7}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestManyRepeatedNames checks that the time grows with the length of a
// document, not with its square. Other programs on the machine disturb many of
// the rounds, but not all.
func TestManyRepeatedNames(t *testing.T) {
	const fewest, most = 5, 100
	document := func(n int) raw { return raw("{" + strings.Repeat(`"a":1,`, n) + `"a":2}`) }
	c := newEncoding()
	took := func(n int) time.Duration {
		start := time.Now()
		if got := object(c, slog.Any("v", document(n))); got != `{"v":{"a":2}}` {
			t.Fatalf("got %.40s", got)
		}
		return time.Since(start)
	}
	short, long := time.Hour, time.Hour
	for round := 0; round < fewest || round < most && long > 80*short; round++ {
		short, long = min(short, took(500)), min(long, took(8000))
	}
	if long > 80*short {
		t.Errorf("a document of 16 times the length took %v, want about 16 times %v", long, short)
	}
}
