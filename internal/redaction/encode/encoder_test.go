package encode_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

type (
	password string
	account  struct{ Owner, Number string }

	tagged struct {
		Shown  string
		Hidden string `log:"redact"`
		Other  string `mask:"true"`
		Count  int    `json:"count,string"`
		PIN    int    `json:"pin,string"`
	}

	node struct {
		Name string
		Next *node
	}
)

// Each of these has a method that fails.
type (
	panicking  struct{}
	failing    struct{}
	nilPointer struct{ text string }
)

func (panicking) MarshalJSON() ([]byte, error) { panic("password=hunter2") }
func (failing) MarshalText() ([]byte, error)   { return nil, errors.New("token=abc") }
func (p *nilPointer) Error() string            { return p.text }

func TestAttr(t *testing.T) {
	cyclic := &node{Name: "a"}
	cyclic.Next = cyclic
	self := map[string]any{"a": 1}
	self["tokens"] = self
	tests := []struct {
		name string
		attr slog.Attr
		want string
	}{
		{"text", slog.String("a", "b\"c"), `"a":"b\"c"`},
		{"secret", slog.String("password", "x"), `"password":"REDACTED"`},
		{"boolean", slog.Bool("password", true), `"password":true`},
		{"number", slog.Int("pin", 4831), `"pin":"REDACTED"`},
		{"count", slog.Int("tokens", 4831), `"tokens":4831`},
		{"counts", slog.Group("tokens", slog.Int("in", 1), slog.Int("out", 2)), `"tokens":{"in":1,"out":2}`},
		{"no counts", slog.Group("tokens", slog.String("in", "x")), `"tokens":{"in":"REDACTED"}`},
		{"scalar", slog.String("session", "x"), `"session":"REDACTED"`},
		{"object", slog.Any("session", map[string]int{"age": 7}), `"session":{"age":7}`},
		{"card", slog.Int64("ref", 4111111111111111), `"ref":"REDACTED"`},
		{"float", slog.Float64("x", 1e21), `"x":1e+21`},
		{"duration", slog.Duration("d", time.Second), `"d":1000000000`},
		{"year", slog.Time("t", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), `"t":"10000-01-01 00:00:00 +0000 UTC"`},
		{"group", slog.Group("g", slog.String("secret", "x")), `"g":{"secret":"REDACTED"}`},
		{"empty group", slog.Group("g"), ``},
		{"group without a name", slog.Group("", slog.Int("a", 1)), `"a":1`},
		{"secret group", slog.Group("credentials", slog.String("a", "x"), slog.Bool("b", true)), `"credentials":{"a":"REDACTED","b":true}`},
		{"attributes", slog.Any("v", slog.String("password", "x")), `"v":{"password":"REDACTED"}`},
		{"map", slog.Any("m", map[string]any{"b": 1, "a": map[int]string{2: "x"}}), `"m":{"a":{"2":"x"},"b":1}`},
		{"equal keys", slog.Any("m", map[string]int{"a@b.co": 1, "c@d.co": 2}), `"m":{"REDACTED":1,"REDACTED-2":2}`},
		{"struct", slog.Any("s", tagged{"a", "b", "c", 1, 2}), `"s":{"Shown":"a","Hidden":"REDACTED","Other":"REDACTED","count":"1","pin":"REDACTED"}`},
		{"type with a name", slog.Any("v", []any{password("x")}), `"v":["REDACTED"]`},
		{"registered type", slog.Any("v", map[string]any{"a": &account{"kim", "1"}}), `"v":{"a":"REDACTED"}`},
		{"bytes", slog.Any("b", []byte("plain")), `"b":"cGxhaW4="`},
		{"secret in bytes", slog.Any("b", []byte("password=x")), `"b":"password=REDACTED"`},
		{"raw JSON", slog.Any("j", json.RawMessage(`{ "password" : "x", "a" : [1, 2.50] }`)), `"j":{"password":"REDACTED","a":[1,2.50]}`},
		{"invalid JSON", slog.Any("j", json.RawMessage(`{password=x`)), `"j":"{password=REDACTED"`},
		{"JSON in JSON", slog.String("j", `{"j":"{\"password\":\"x\"}"}`), `"j":"{\"j\":\"{\\\"password\\\":\\\"REDACTED\\\"}\"}"`},
		{"siblings", slog.Any("m", map[string]string{"name": "API_TOKEN", "value": "x"}), `"m":{"name":"API_TOKEN","value":"REDACTED"}`},
		{"siblings in JSON", slog.Any("j", json.RawMessage(`[{"value":"x","key":"pin"}]`)), `"j":[{"value":"REDACTED","key":"pin"}]`},
		{"arguments", slog.Any("args", []string{"mysql", "--password", "x", "shop"}), `"args":["mysql","--password","REDACTED","shop"]`},
		{"arguments in JSON", slog.Any("args", json.RawMessage(`["mysql","--password","x","shop"]`)), `"args":["mysql","--password","REDACTED","shop"]`},
		{"panic", slog.Any("v", panicking{}), `"v":"!PANIC: password=REDACTED"`},
		{"failure", slog.Any("v", failing{}), `"v":"!ERROR:token=REDACTED"`},
		{"nil", slog.Any("v", (*nilPointer)(nil)), `"v":null`},
		{"error", slog.Any("err", fmt.Errorf("dial: %w", errors.New("password=x"))), `"err":"dial: password=REDACTED"`},
		{"function", slog.Any("f", []any{func() {}}), `"f":["!ERROR:unsupported type func()"]`},
		{"cycle", slog.Any("v", cyclic), `"v":{"Name":"a","Next":"[cycle]"}`},
		{"map that counts itself", slog.Any("tokens", self), `"tokens":"REDACTED"`},
		{"header", slog.Any("h", http.Header{"Accept": {"x"}, "X-Key": {"y"}}), `"h":{"Accept":["x"],"X-Key":"REDACTED"}`},
		{"query", slog.Any("q", url.Values{"page": {"2"}, "sig": {"y"}}), `"q":{"page":["2"],"sig":"REDACTED"}`},
		{"cookie", slog.Any("c", &http.Cookie{Name: "theme", Value: "dark"}), `"c":{"name":"theme","value":"REDACTED","path":"","domain":""}`},
		{"URL", slog.Any("u", &url.URL{Scheme: "https", Host: "a.example", User: url.UserPassword("kim", "pa/ss")}), `"u":"https://kim:REDACTED@a.example"`},
		{"secret in a name", slog.Int("kim@example.com", 1), `"REDACTED":1`},
	}
	c := newEncoding(reflect.TypeFor[account]())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := object(c, tt.attr), "{"+tt.want+"}"; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestMembers(t *testing.T) {
	c := newEncoding()
	got := object(c, slog.Int("a", 1), slog.Group("g", slog.Int("a", 2), slog.Int("a", 3)), slog.Int("b", 4), slog.Int("a", 5))
	if want := `{"g":{"a":3},"b":4,"a":5}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLimits(t *testing.T) {
	var deep any = map[string]string{"password": "hunter2"}
	for range 100 {
		deep = map[string]any{"c": deep}
	}
	nested := `{"password":"hunter2"}`
	for range 10 {
		nested = string(must(json.Marshal(map[string]string{"c": nested})))
	}
	c := newEncoding()
	for name, attr := range map[string]slog.Attr{
		"depth":       slog.Any("v", deep),
		"nested text": slog.String("v", nested),
		"nodes":       slog.Any("v", make([]any, 20_000)),
		"bytes":       slog.Any("v", map[string]any{"v": slices(strings.Repeat("x", 1<<10), 400)}),
		"text":        slog.String("v", strings.Repeat("x ", text.MaxText)),
		"name":        slog.Int(strings.Repeat("x", 300), 1),
	} {
		line := object(c, attr)
		if !json.Valid([]byte(line)) || !strings.Contains(line, text.Cut) || strings.Contains(line, "hunter2") {
			t.Errorf("%s: %.200s", name, line)
		}
	}
}

// slices returns a slice of n equal texts.
func slices(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

func TestCopies(t *testing.T) {
	c := newEncoding()
	shared := map[string]string{"password": "hunter2", "user": "kim"}
	got := c.Attr(slog.Group("g", slog.Any("v", shared), slog.String("token", "x"), slog.Int("n", 7)), false)
	shared["user"] = "changed"
	if want := `g=[v={"password":"REDACTED","user":"kim"} token=REDACTED n=7]`; got.String() != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := c.Attr(slog.Int("n", 7), true); got.String() != "n=REDACTED" {
		t.Errorf("in a hidden group: got %s", got)
	}
	for group, want := range map[string]bool{"credentials": true, "http": false, "session": false} {
		if shown, hidden := c.Group(group); shown != group || hidden != want {
			t.Errorf("Group(%q) = %q, %t; want %t", group, shown, hidden, want)
		}
	}
}
