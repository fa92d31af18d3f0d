package middleware_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
)

// serveBody sends a request and returns the additional_info of the line with
// its body, or nil if there was no such line.
func serveBody(t *testing.T, level slog.Level, next http.HandlerFunc, r *http.Request, limit int) map[string]any {
	t.Helper()
	var out bytes.Buffer
	h, err := logging.New("my-app", &out, &logging.Options{Level: level})
	if err != nil {
		t.Fatal(err)
	}
	in, _ := newInstrument(t, &middleware.Options{AccessLog: &middleware.LogOptions{Logger: slog.New(h), BodyLimit: limit}})
	func() {
		defer func() { _ = recover() }() // next may panic
		in.Handler(next).ServeHTTP(httptest.NewRecorder(), r)
	}()
	text, access, two := bytes.Cut(out.Bytes(), []byte("\n"))
	if !two || len(access) == 0 {
		return nil // only the line of the access log
	}
	var line struct {
		Level string
		Info  map[string]any `json:"additional_info"`
	}
	if err := json.Unmarshal(text, &line); err != nil || line.Level != "DEBUG" {
		t.Fatalf("%v in %s", err, &out)
	}
	return line.Info
}

func drain(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

func post(body, contentType string) *http.Request {
	r := httptest.NewRequest("POST", "/login", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestBodyLine(t *testing.T) {
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
			info := serveBody(t, slog.LevelDebug, drain, post(tt.body, tt.contentType), 100)
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

func TestBodyLineOnlyAtDebug(t *testing.T) {
	if info := serveBody(t, slog.LevelInfo, drain, post("{}", "application/json"), 4096); info != nil {
		t.Errorf("at INFO: got line %v, want none", info)
	}
	if info := serveBody(t, slog.LevelDebug, drain, post("{}", "application/json"), 0); info != nil {
		t.Errorf("without a limit: got line %v, want none", info)
	}
	if info := serveBody(t, slog.LevelDebug, drain, httptest.NewRequest("GET", "/", nil), 4096); info != nil {
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

func TestUnreadBodyIsNotDrained(t *testing.T) {
	body := &counted{}
	r := post("", "application/json")
	r.Body, r.ContentLength = body, -1
	info := serveBody(t, slog.LevelDebug, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadFull(r.Body, make([]byte, 10))
		w.WriteHeader(http.StatusUnauthorized)
	}, r, 4096)
	if body.n != 10 || body.closed || info["request_body_bytes"] != 10.0 {
		t.Errorf("read %d bytes, closed %v, line %v; want 10, false and 10", body.n, body.closed, info)
	}
}

func TestNoMoreOfABodyThanTheLimitIsKept(t *testing.T) {
	body := &counted{}
	r := post("", "application/json")
	r.Body, r.ContentLength = body, -1
	chunk := make([]byte, 32<<10)
	var allocated float64
	serveBody(t, slog.LevelDebug, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = r.Body.Read(chunk) // the first read allocates the buffer
		allocated = testing.AllocsPerRun(1000, func() { _, _ = r.Body.Read(chunk) })
	}, r, 4096)
	if allocated != 0 {
		t.Errorf("%v allocations a read beyond the limit, want 0", allocated)
	}
}

func TestBodyLineAfterAPanic(t *testing.T) {
	info := serveBody(t, slog.LevelDebug, func(w http.ResponseWriter, r *http.Request) {
		drain(w, r)
		panic(http.ErrAbortHandler)
	}, post(`{"a":1}`, "application/json"), 4096)
	if info == nil {
		t.Error("no line after a panic")
	}
}

func TestBodyIsRedactedForAnyHandler(t *testing.T) {
	var out bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	in, _ := newInstrument(t, &middleware.Options{RequestID: &middleware.IDOptions{}, AccessLog: &middleware.LogOptions{Logger: l, BodyLimit: 4096}})
	handler := in.Handler(http.HandlerFunc(drain))
	handler.ServeHTTP(httptest.NewRecorder(), post(`{"password":"hunter2"}`, "application/json"))
	handler.ServeHTTP(httptest.NewRecorder(), post(`password=hunter2`, "application/x-www-form-urlencoded"))
	if got := out.String(); strings.Contains(got, "hunter2") || strings.Count(got, "REDACTED") != 2 || strings.Count(got, `"request_id"`) != 4 {
		t.Errorf("got %s, want two lines with REDACTED, and the request ID on four", got)
	}
}

func TestReadErrorsReachTheHandlerOfABodyLine(t *testing.T) {
	broken := errors.New("broken")
	r := post("", "application/json")
	r.ContentLength = -1
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{}"), errReader{broken}))
	serveBody(t, slog.LevelDebug, func(_ http.ResponseWriter, r *http.Request) {
		if b, err := io.ReadAll(r.Body); string(b) != "{}" || !errors.Is(err, broken) {
			t.Errorf("the handler read %q and the error %v, want {} and %v", b, err, broken)
		}
	}, r, 4096)
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }
