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

// serve sends a request through New and returns the additional_info of its
// line, or nil if there was no line.
func serve(t *testing.T, level slog.Level, next http.HandlerFunc, r *http.Request, opts *bodylog.Options) map[string]any {
	t.Helper()
	var out bytes.Buffer
	h, err := logging.New("my-app", &out, &logging.Options{Level: level})
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() { _ = recover() }() // next may panic
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
		{"JSON with a suffix", `[{"api_key":"x"}]`, "application/problem+json", `[{"api_key":"REDACTED"}]`},
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
			if normalized(got) != normalized(tt.want) || info["request_body_bytes"] != float64(len(tt.body)) {
				t.Errorf("got %s, %v bytes; want %s", got, info["request_body_bytes"], tt.want)
			}
		})
	}
}

// normalized returns JSON with sorted members, and other texts unchanged.
func normalized(s string) string {
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
		t.Errorf("at INFO: got line %v and the same body %v, want no line and true", info, same)
	}
	if info := serve(t, slog.LevelDebug, readAll, httptest.NewRequest("GET", "/", nil), nil); info != nil {
		t.Errorf("a request without a body: got line %v, want none", info)
	}
}

// counted is an endless body that counts the bytes read.
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
		t.Errorf("read %d bytes, closed %v, line %v; want 10, false and 10", body.n, body.closed, info)
	}
}

func TestNoMoreThanTheLimitIsKept(t *testing.T) {
	body := &counted{}
	r := post("", "application/json")
	r.Body = body
	chunk := make([]byte, 32<<10)
	var allocated float64
	serve(t, slog.LevelDebug, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = r.Body.Read(chunk) // the first read allocates the buffer
		allocated = testing.AllocsPerRun(1000, func() { _, _ = r.Body.Read(chunk) })
	}, r, nil)
	if allocated != 0 {
		t.Errorf("%v allocations a read beyond the limit, want 0", allocated)
	}
}

func TestPanicIsPassedOnAfterTheLine(t *testing.T) {
	info := serve(t, slog.LevelDebug, func(w http.ResponseWriter, r *http.Request) {
		readAll(w, r)
		panic(http.ErrAbortHandler)
	}, post(`{"a":1}`, "application/json"), nil)
	if info == nil {
		t.Error("no line after a panic")
	}
	defer func() {
		p := recover()
		if p != http.ErrAbortHandler { //nolint:errorlint // same value
			t.Errorf("recovered %v, want http.ErrAbortHandler", p)
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
		t.Errorf("got %s, want two lines with REDACTED", got)
	}
}

func TestReadErrorsReachTheHandler(t *testing.T) {
	broken := errors.New("broken")
	r := post("", "application/json")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{}"), errReader{broken}))
	serve(t, slog.LevelDebug, func(_ http.ResponseWriter, r *http.Request) {
		if b, err := io.ReadAll(r.Body); string(b) != "{}" || !errors.Is(err, broken) {
			t.Errorf("the handler read %q and the error %v, want {} and %v", b, err, broken)
		}
	}, r, nil)
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

func ExampleNew() {
	logger := slog.New(slog.NewTextHandler(printer{}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	handler := bodylog.New(http.HandlerFunc(readAll), logger, nil)
	handler.ServeHTTP(httptest.NewRecorder(), post(`{"user":"bob","password":"hunter2"}`, "application/json"))
	// Output:
	// level=DEBUG msg="request body"
	// request_body="{\"user\":\"bob\",\"password\":\"REDACTED\"}"
	// request_body_bytes=35
}

// printer prints lines without their timestamp, the body on a line of its own.
type printer struct{}

func (printer) Write(p []byte) (int, error) {
	_, rest, _ := strings.Cut(string(p), " ")
	fmt.Print(strings.ReplaceAll(rest, " request_", "\nrequest_"))
	return len(p), nil
}
