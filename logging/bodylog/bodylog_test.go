package bodylog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/bodylog"
)

// serve sends a body to a handler with body logs and returns the line's members.
func serve(t *testing.T, level slog.Level, next http.HandlerFunc, r *http.Request, opts *bodylog.Options) map[string]any {
	t.Helper()
	var out bytes.Buffer
	h, err := logging.New("my-app", &out, &logging.Options{Level: level})
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() { _ = recover() }() // a handler that panics
		bodylog.New(next, slog.New(h), opts).ServeHTTP(httptest.NewRecorder(), r)
	}()
	if out.Len() == 0 {
		return nil
	}
	var line struct {
		Level string
		Info  map[string]any `json:"additional_info"`
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Level != "DEBUG" {
		t.Fatalf("%v in %s", err, &out)
	}
	return line.Info
}

func readAll(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

func post(body, contentType string) *http.Request {
	r := httptest.NewRequest("POST", "/login", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestBody(t *testing.T) {
	tests := []struct{ name, body, contentType, want string }{
		{"JSON", `{"user":"bob","password":"hunter2","n":1}`, "application/json; charset=utf-8", `{"user":"bob","password":"REDACTED","n":1}`},
		{"JSON of a kind", `[{"api_key":"x"}]`, "application/problem+json", `[{"api_key":"REDACTED"}]`},
		{"a form", "user=bob&password=hunter2&n=1", "application/x-www-form-urlencoded", `{"n":["1"],"password":"REDACTED","user":["bob"]}`},
		{"broken JSON", `{"password":"hunter2`, "application/json", "[20 bytes application/json]"},
		{"not UTF-8", "{\"a\":\"\xff\"}", "application/json", "[9 bytes application/json]"},
		{"an image", "\x89PNG", "image/png", "[4 bytes image/png]"},
		{"multipart", "--x\r\n", "multipart/form-data; boundary=x", "[5 bytes multipart/form-data]"},
		{"text", "password hunter2", "text/plain", "[16 bytes text/plain]"},
		{"no type", "hunter2", "", "[7 bytes unknown type]"},
		{"a broken type", "hunter2", "a/b/c;;", "[7 bytes unknown type]"},
		{"longer than the limit", `{"a":"` + strings.Repeat("x", 100) + `"}`, "application/json", "[108 bytes application/json]"},
		{"a form longer than the limit", "a=" + strings.Repeat("x", 100), "application/x-www-form-urlencoded", "[102 bytes application/x-www-form-urlencoded]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			info := serve(t, slog.LevelDebug, readAll, post(tt.body, tt.contentType), &bodylog.Options{Limit: 100})
			got, ok := info["request_body"].(string)
			if !ok {
				b, err := json.Marshal(info["request_body"])
				if err != nil {
					t.Fatal(err)
				}
				got = string(b)
			}
			if normalised(got) != normalised(tt.want) || info["request_body_bytes"] != float64(len(tt.body)) {
				t.Errorf("got %s, %v bytes; want %s", got, info["request_body_bytes"], tt.want)
			}
		})
	}
}

// normalised orders the members of JSON.
func normalised(s string) string {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return s
	}
	return string(b)
}

func TestOnlyAtDebug(t *testing.T) {
	same := false
	body := io.NopCloser(strings.NewReader(`{}`))
	r := post("", "application/json")
	r.Body = body
	info := serve(t, slog.LevelInfo, func(_ http.ResponseWriter, r *http.Request) { same = r.Body == body }, r, nil)
	if info != nil || !same {
		t.Errorf("at INFO the line is %v, the body untouched: %v", info, same)
	}
	if info := serve(t, slog.LevelDebug, readAll, httptest.NewRequest("GET", "/", nil), nil); info != nil {
		t.Errorf("a request without a body gives %v", info)
	}
}

// A counted body tells how much of it was read.
type counted struct {
	n      int
	closed bool
}

func (c *counted) Read(p []byte) (int, error) {
	c.n += len(p)
	clear(p)
	return len(p), nil
}
func (c *counted) Close() error { c.closed = true; return nil }

func TestUnreadRestIsNotDrained(t *testing.T) {
	body := &counted{}
	r := post("", "application/json")
	r.Body = body
	info := serve(t, slog.LevelDebug, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadFull(r.Body, make([]byte, 10))
		w.WriteHeader(http.StatusUnauthorized)
	}, r, nil)
	if body.n != 10 || body.closed || info["request_body_bytes"] != 10.0 {
		t.Errorf("%d bytes were read, closed: %v; the line says %v", body.n, body.closed, info)
	}
}

func TestNoMoreThanTheLimitIsKept(t *testing.T) {
	body := &counted{}
	r := post("", "application/json")
	r.Body = body
	chunk := make([]byte, 32<<10)
	var allocated float64
	serve(t, slog.LevelDebug, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = r.Body.Read(chunk) // the first read makes the buffer
		allocated = testing.AllocsPerRun(1000, func() { _, _ = r.Body.Read(chunk) })
	}, r, nil)
	if allocated != 0 {
		t.Errorf("%v allocations per read beyond the limit", allocated)
	}
}

func TestPanicIsPassedOnAfterTheLine(t *testing.T) {
	info := serve(t, slog.LevelDebug, func(w http.ResponseWriter, r *http.Request) {
		readAll(w, r)
		panic(http.ErrAbortHandler)
	}, post(`{"a":1}`, "application/json"), nil)
	if info == nil {
		t.Error("a handler that panics has no line")
	}
	defer func() {
		if p := recover(); p != http.ErrAbortHandler { //nolint:errorlint // the value itself is passed on
			t.Errorf("recovered %v", p)
		}
	}()
	h := bodylog.New(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug})), nil)
	h.ServeHTTP(httptest.NewRecorder(), post("{}", "application/json"))
}

func TestRedactedWithoutOurHandler(t *testing.T) {
	var out bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	bodylog.New(http.HandlerFunc(readAll), l, nil).ServeHTTP(httptest.NewRecorder(), post(`{"password":"hunter2"}`, "application/json"))
	bodylog.New(http.HandlerFunc(readAll), l, nil).ServeHTTP(httptest.NewRecorder(), post(`password=hunter2`, "application/x-www-form-urlencoded"))
	if got := out.String(); strings.Contains(got, "hunter2") || strings.Count(got, "REDACTED") != 2 {
		t.Errorf("got %s", got)
	}
}

func TestReadErrorsReachTheHandler(t *testing.T) {
	broken := errors.New("broken")
	r := post("", "application/json")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{}"), errReader{broken}))
	serve(t, slog.LevelDebug, func(_ http.ResponseWriter, r *http.Request) {
		if b, err := io.ReadAll(r.Body); string(b) != "{}" || !errors.Is(err, broken) {
			t.Errorf("the handler read %q, %v", b, err)
		}
	}, r, nil)
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

func ExampleNew() {
	logger := slog.New(slog.NewTextHandler(printer{}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	handler := bodylog.New(http.HandlerFunc(readAll), logger, nil)
	handler.ServeHTTP(httptest.NewRecorder(), post(`{"user":"bob","password":"hunter2"}`, "application/json"))
	// Output: level=DEBUG msg="request body" request_body="{\"user\":\"bob\",\"password\":\"REDACTED\"}" request_body_bytes=35
}

// printer prints lines without their time.
type printer struct{}

func (printer) Write(p []byte) (int, error) {
	_, rest, _ := strings.Cut(string(p), " ")
	fmt.Print(rest)
	return len(p), nil
}
