package redact_test

import (
	"errors"
	"log/slog"
	"reflect"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/redact"
	"github.com/sligo-go/sligo/sli"
)

// encode writes one attribute as a JSON object.
func encode(r *redact.Redactor, a slog.Attr) string {
	e := r.NewEncoder()
	e.Attr(a)
	return "{" + string(e.Bytes()) + "}"
}

type account struct{ Owner, Number string }

func TestPolicy(t *testing.T) {
	r, err := redact.New(&redact.Policy{
		Keys: []string{"employee_number"}, Plain: []string{"session_id", "pin"}, Types: []reflect.Type{reflect.TypeFor[account]()},
		Headers: []string{"x-tenant"}, Query: []string{"shop_token"},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		attr slog.Attr
		want string
	}{
		{slog.String("Employee-Number", "x"), `"Employee-Number":"REDACTED"`},
		{slog.String("sessionId", "x"), `"sessionId":"x"`},
		{slog.Any("a", account{"bob", "1"}), `"a":"REDACTED"`},
		{slog.Any("a", []*account{{"bob", "1"}}), `"a":["REDACTED"]`},
		{slog.Any("a", map[string]any{"k": account{"bob", "1"}}), `"a":{"k":"REDACTED"}`},
		{slog.Any("h", map[string][]string{"X-Tenant": {"kr"}}), `"h":{"X-Tenant":["kr"]}`},
		{slog.String("u", "/a?shop_token=aB3xY9zQ&x_token=aB3xY9zQ"), `"u":"/a?shop_token=aB3xY9zQ&x_token=REDACTED"`},
		{slog.String("pin", "4831"), `"pin":"4831"`},
		{slog.Bool("password", true), `"password":true`},
		{slog.Any("v", map[string]any{"password": false, "secret": nil}), `"v":{"password":false,"secret":null}`},
		{slog.Any("password", (*string)(nil)), `"password":null`},
		{slog.Int("tokens", 1532), `"tokens":1532`},
		{slog.String("tokens", "1532"), `"tokens":"REDACTED"`},
		{slog.Any("v", map[string]int{"tokens": 1532, "token": 1}), `"v":{"token":"REDACTED","tokens":1532}`},
	}
	for _, tt := range tests {
		if got, want := encode(r, tt.attr), "{"+tt.want+"}"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if !r.ShowsHeader("X-Tenant") || r.ShowsHeader("X-Other") || !r.ShowsHeader("content-type") {
		t.Error("ShowsHeader does not know the default list and the policy's")
	}
}

func TestRules(t *testing.T) {
	r, err := redact.New(&redact.Policy{Rules: []redact.Rule{
		{Name: "ticket", Pattern: regexp.MustCompile(`TCK-(\d+)`)},
		{Name: "host", Pattern: regexp.MustCompile(`[a-z]+\.internal`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	const in, want = "TCK-4711 on db.internal", "TCK-REDACTED on REDACTED"
	if got := r.Text(in); got != want {
		t.Errorf("Text(%q) = %q, want %q", in, got, want)
	}
	if got, want := encode(r, slog.Any("m", map[string]string{"TCK-1": in})), `{"m":{"TCK-REDACTED":"`+want+`"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if r.Clean("plain") {
		t.Error("a text is clean although a rule has not seen it")
	}
}

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := redact.New(&redact.Policy{
		Keys: []string{"ok", "--"}, Plain: []string{""}, Headers: []string{" "}, Query: []string{"?"}, Types: []reflect.Type{nil},
		Rules: []redact.Rule{{Name: "none"}, {Name: "empty", Pattern: regexp.MustCompile("x*")}},
	})
	want := map[string]string{
		"Keys[1]":          `name "--" has no letter or digit`,
		"Plain[0]":         `name "" has no letter or digit`,
		"Headers[0]":       `name " " has no letter or digit`,
		"Query[0]":         `name "?" has no letter or digit`,
		"Types[0]":         `type is nil`,
		"Rules[0].Pattern": `pattern of rule "none" is nil`,
		"Rules[1].Pattern": `pattern "x*" of rule "empty" matches the empty text`,
	}
	got := make(map[string]string)
	joined, _ := err.(interface{ Unwrap() []error })
	for _, e := range joined.Unwrap() {
		var field *sli.FieldError
		if !errors.As(e, &field) {
			t.Fatalf("%v is not a FieldError", e)
		}
		got[field.Path] = field.Err.Error()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := (*redact.Policy)(nil).Validate(); err != nil {
		t.Errorf("the default policy is invalid: %v", err)
	}
}
