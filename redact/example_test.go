package redact_test

import (
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/redact"
)

func ExampleNew() {
	r, err := redact.New(&redact.Policy{
		Keys:  []string{"employee_number"},
		Rules: []redact.Rule{{Name: "ticket", Pattern: regexp.MustCompile(`TCK-(\d+)`)}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Attr(slog.String("employeeNumber", "E-1177")))
	fmt.Println(r.Text("see TCK-4711, password=hunter2"))
	// Output:
	// employeeNumber=REDACTED
	// see TCK-REDACTED, password=REDACTED
}

func ExampleDefault() {
	fmt.Println(redact.Default().Text("dial postgres://bob:hunter2@db:5432/shop: refused"))
	// Output: dial postgres://bob:REDACTED@db:5432/shop: refused
}

func ExampleSecret() {
	key := redact.Secret("sk_live_4eC39HqLyjWDarjtT1zdp7dc")
	fmt.Printf("%s %v %#v %x\n", key, key, key, key)
	fmt.Println(len(string(key)))
	// Output:
	// REDACTED REDACTED REDACTED REDACTED
	// 32
}

func ExampleRedactor_NewHandler() {
	h := redact.Default().NewHandler(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	slog.New(h).Info("signed in", "user", map[string]string{"name": "bob", "password": "hunter2"})
	// Output: level=INFO msg="signed in" user="{\"name\":\"bob\",\"password\":\"REDACTED\"}"
}

func ExampleRedactor_NewEncoder() {
	e := redact.Default().NewEncoder()
	e.Attr(slog.String("endpoint", "/login"))
	e.Open("user")
	e.Attr(slog.String("password", "hunter2"))
	e.Close()
	fmt.Println(string(e.Bytes()))
	// Output: "endpoint":"/login","user":{"password":"REDACTED"}
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
		if got, want := string(encode(r, tt.attr)), "{"+tt.want+"}"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if !r.ShowsHeader("X-Tenant") || r.ShowsHeader("X-Other") || !r.ShowsHeader("content-type") {
		t.Error("the list of headers is not the default and the policy's")
	}
}

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := redact.New(&redact.Policy{
		Keys: []string{"ok", "--"}, Plain: []string{""}, Headers: []string{" "}, Query: []string{"?"}, Types: []reflect.Type{nil},
		Rules: []redact.Rule{{Name: "none"}, {Name: "empty", Pattern: regexp.MustCompile("x*")}},
	})
	for _, want := range []string{`Keys[1]: "--"`, `Plain[0]: ""`, `Headers[0]: " "`, `Query[0]: "?"`, "Types[0]: nil", `Rules[0] "none"`, `Rules[1] "empty"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}
