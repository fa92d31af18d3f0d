package redact_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/redact"
)

func ExampleRedactor_AppendText() {
	r := redact.Default()
	line := append([]byte(nil), `{"message":`...)
	line = r.AppendText(line, "password=hunter2 is wrong")
	line = append(line, `,"request_id":`...)
	line = r.AppendID(line, "4111111111111111")
	fmt.Println(string(append(line, '}')))
	// Output:
	// {"message":"password=REDACTED is wrong","request_id":"4111111111111111"}
}

func ExampleRedactor_IsSecret() {
	r := redact.Default()
	fmt.Println(r.IsSecret("refreshToken"), r.IsSecret("token_count"), r.ShowsHeader("Content-Type"), r.ShowsHeader("Cookie"))
	// Output: true false true false
}

func TestText(t *testing.T) {
	r := redact.Default()
	for in, want := range map[string]string{
		"":                                   "",
		"Request processed successfully":     "Request processed successfully",
		"password=hunter2":                   "password=REDACTED",
		`{"password":"hunter2"}`:             `{"password":"REDACTED"}`,
		`{ "user" : "kim" }`:                 `{ "user" : "kim" }`,
		`{"a":"{\"password\":\"hunter2\"}"}`: `{"a":"{\"password\":\"REDACTED\"}"}`,
		`[{"name":"TOKEN","value":"abc"}]`:   `[{"name":"TOKEN","value":"REDACTED"}]`,
	} {
		if got := r.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
		if got, want := r.Clean(in), !strings.ContainsAny(in, `"=`); got != want {
			t.Errorf("Clean(%q) = %t, want %t", in, got, want)
		}
	}
}

func TestEncoder(t *testing.T) {
	r := redact.Default()
	bound := r.NewEncoder()
	bound.Attr(slog.String("region", "kr"))
	bound.Open("http")

	e := r.NewEncoder()
	e.Attr(slog.String("left", "over"))
	e.Reset(bound)
	rec := slog.Record{}
	rec.AddAttrs(slog.Int("status", 200), slog.String("token", "abc"))
	e.Record([]string{"response"}, &rec)
	if !e.Has("region") || e.Has("status") {
		t.Error("Has does not look at the outermost object")
	}
	e.Close()
	e.Attr(slog.String("region", "jp"))
	if wrote := e.Attrs([]string{"empty"}, nil); wrote {
		t.Error("a group without members was written")
	}
	const want = `"http":{"response":{"status":200,"token":"REDACTED"}},"region":"jp"`
	if got := string(e.Bytes()); got != want || e.Len() != len(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	e.Reset(nil)
	if e.Len() != 0 {
		t.Errorf("after Reset there is %s", e.Bytes())
	}
}

func TestUsualAttributesAllocateNothing(t *testing.T) {
	r := redact.Default()
	e := r.NewEncoder()
	attrs := []slog.Attr{
		slog.String("endpoint", "/api/v1/login"), slog.Int("status", 200), slog.String("password", "hunter2"),
		slog.Group("http", slog.String("method", "POST"), slog.Bool("cached", true)),
	}
	write := func() {
		e.Reset(nil)
		e.Attrs(nil, attrs)
	}
	write()
	if n := testing.AllocsPerRun(100, write); n > 0 {
		t.Errorf("writing usual attributes allocates %v times, want 0", n)
	}
	buf := make([]byte, 0, 128)
	if n := testing.AllocsPerRun(100, func() { r.AppendText(buf, "Request processed") }); n > 0 {
		t.Errorf("appending a usual text allocates %v times, want 0", n)
	}
}
