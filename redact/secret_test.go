package redact_test

import (
	"log/slog"
	"testing"

	"github.com/sligo-go/sligo/redact"
)

func TestSecret(t *testing.T) {
	r := redact.Default()
	type inner struct {
		Note redact.Secret
		List []redact.Secret
	}
	for _, tt := range []struct {
		value any
		want  string
	}{
		{redact.Secret("abc"), `"REDACTED"`},
		{new(redact.Secret), `"REDACTED"`},
		{[]redact.Secret{"abc"}, `["REDACTED"]`},
		{map[redact.Secret]int{"abc": 1}, `{"REDACTED":1}`},
		{map[redact.Secret]int{"abc": 1, "def": 1}, `{"REDACTED":1,"REDACTED-2":1}`},
		{map[any]any{redact.Secret("abc"): redact.Secret("def")}, `{"REDACTED":"REDACTED"}`},
		{map[string]map[redact.Secret]bool{"a": {"abc": true}}, `{"a":{"REDACTED":true}}`},
		{inner{"abc", []redact.Secret{"def"}}, `{"Note":"REDACTED","List":["REDACTED"]}`},
		{struct{ inner }{inner{Note: "abc"}}, `{"Note":"REDACTED","List":null}`},
	} {
		if got, want := encode(r, slog.Any("v", tt.value)), `{"v":`+tt.want+`}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
