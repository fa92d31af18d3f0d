package redact_test

import (
	"fmt"
	"log/slog"
	"os"
	"regexp"

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
	slog.New(h).Info("login", "user", map[string]string{"name": "bob", "password": "hunter2"})
	// Output:
	// level=INFO msg=login user="{\"name\":\"bob\",\"password\":\"REDACTED\"}"
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
