package post_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answering returns a transport that responds through a handler.
func answering(h http.HandlerFunc) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h(w, r)
		return w.Result(), nil
	})
}

// body returns a function that encodes a text.
func body(text string) func([]byte) ([]byte, error) {
	return func(buffer []byte) ([]byte, error) { return append(buffer, text...), nil }
}

func client(transport http.RoundTripper) *post.Client {
	return &post.Client{URL: "http://jaeger:4318/v1/traces", ContentType: "text/x", Timeout: 10 * time.Second, MaxBytes: 100, Transport: transport}
}

func TestFateOfABatch(t *testing.T) {
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, " the reason\n")
		}
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    tracing.ExportError // without Err
		text    string              // "" means success
	}{
		{"200", status(200), tracing.ExportError{}, ""},
		{"202", status(202), tracing.ExportError{}, ""},
		{"301", status(301, "Location", "/x"), tracing.ExportError{}, "post http://jaeger:4318/v1/traces: 301 Moved Permanently: the reason (not followed to /x)"},
		{"400", status(400), tracing.ExportError{}, "400 Bad Request"},
		{"404", status(404), tracing.ExportError{}, "404 Not Found"},
		{"413", status(413), tracing.ExportError{TooLarge: true}, "413"},
		{"429", status(429), tracing.ExportError{Retry: true}, "429"},
		{"429, seconds", status(429, "Retry-After", "3"), tracing.ExportError{Retry: true, After: 3 * time.Second}, "429"},
		{"503, a year", status(503, "Retry-After", "31536000"), tracing.ExportError{Retry: true, After: time.Hour}, "503"},
		{"503, a date", status(503, "Retry-After", "Sat, 01 Jan 2000 00:00:30 GMT"), tracing.ExportError{Retry: true, After: 30 * time.Second}, "503"},
		{"503, a date in the past", status(503, "Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT"), tracing.ExportError{Retry: true}, "503"},
		{"503, garbage", status(503, "Retry-After", "soon"), tracing.ExportError{Retry: true}, "503"},
		{"500", status(500), tracing.ExportError{}, "500"},
		{"502", status(502), tracing.ExportError{Retry: true}, "502"},
		{"504", status(504), tracing.ExportError{Retry: true}, "504"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// The clock of a bubble starts at 2000-01-01 00:00 UTC.
			synctest.Test(t, func(t *testing.T) {
				answer, err := client(answering(test.handler)).Send(t.Context(), body("x"))
				if test.text == "" {
					if err != nil || string(answer.Body) != " the reason\n" {
						t.Errorf("got %q, %v", answer.Body, err)
					}
					return
				}
				var got *tracing.ExportError
				if !errors.As(err, &got) || !strings.Contains(err.Error(), test.text) {
					t.Fatalf("got %v", err)
				}
				got.Err = nil
				if diff := cmp.Diff(&test.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestRequestsWithoutResponseAreRetried(t *testing.T) {
	hang := roundTrip(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	down := roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
	for name, test := range map[string]struct {
		transport http.RoundTripper
		text      string
		took      time.Duration
	}{
		"hangs": {hang, "no response within 10s", 10 * time.Second},
		"down":  {down, "connection refused", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				_, err := client(test.transport).Send(t.Context(), body(""))
				var e *tracing.ExportError
				if !errors.As(err, &e) || !e.Retry || !strings.Contains(err.Error(), test.text) || time.Since(began) != test.took {
					t.Errorf("after %v: %v", time.Since(began), err)
				}
			})
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client(hang).Send(ctx, body("")); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
}

func TestRequest(t *testing.T) {
	var got *http.Request
	var sent []byte
	c := client(answering(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		sent, _ = io.ReadAll(r.Body)
	}))
	c.URL = "http://user:hunter2@jaeger:4318/v1/traces"
	c.Headers = map[string]string{"x-api-key": "k"}
	c.Gzip = true
	for range 2 { // the second time with a reused writer
		if _, err := c.Send(t.Context(), body("hello")); err != nil {
			t.Fatal(err)
		}
		zipped, err := gzip.NewReader(bytes.NewReader(sent))
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := io.ReadAll(zipped); string(text) != "hello" {
			t.Errorf("the body is %q", text)
		}
	}
	if got.Method != http.MethodPost || got.Header.Get("Content-Type") != "text/x" || got.Header.Get("X-Api-Key") != "k" {
		t.Errorf("got %+v", got)
	}
	if user, password, _ := got.BasicAuth(); user != "user" || password != "hunter2" {
		t.Errorf("got the user %q with the password %q", user, password)
	}
	c.Headers = map[string]string{"authorization": "Bearer t"}
	if _, err := c.Send(t.Context(), body("")); err != nil || got.Header.Get("Authorization") != "Bearer t" {
		t.Errorf("the user in the URL replaces the header: %v, error %v", got.Header, err)
	}
	c.Transport = answering(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	if _, err := c.Send(t.Context(), body("")); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the password is in %v", err)
	}
}

func TestTooLargeIsNotSent(t *testing.T) {
	c := client(roundTrip(func(*http.Request) (*http.Response, error) { t.Error("sent"); return nil, errors.New("x") }))
	_, err := c.Send(t.Context(), body(strings.Repeat("x", 101)))
	var e *tracing.ExportError
	if !errors.As(err, &e) || !e.TooLarge || e.Retry {
		t.Errorf("got %v", err)
	}
}

func TestEndpoint(t *testing.T) {
	tests := []struct{ text, want string }{ // want is a part of the error
		{"http://jaeger:4318", ""},
		{"https://user:hunter2@otel.example/x", ""},
		{"http://[::1]:4318", ""},
		{"jaeger:4318", `want a URL such as "http://jaeger:4318"`},
		{"127.0.0.1:4318", `want a URL such as "http://127.0.0.1:4318"`},
		{"localhost", `want a URL such as "http://localhost"`},
		{"grpc://jaeger:4317", `want a URL such as "http://jaeger:4317"`},
		{"http://", "has no host"},
		{"http://:4318", "has no host"},
		{"http://jaeger:port", "invalid port"},
		{"http://user:hunter2@jaeger:x", "invalid port"},
		{"http://jaeger:0", "want 1 to 65535"},
		{"http://jaeger:65535", ""},
		{"http://jaeger:65536", "want 1 to 65535"},
		{"http://jaeger?x=1", "has a query"},
		{"http://jaeger#x", "has a query or a fragment"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			_, err := post.Endpoint(test.text)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the password is in %v", err)
			}
		})
	}
}

func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{"http://jaeger:4318", "jaeger:4318", "http://", "://", "http://%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := post.Endpoint(text)
		if (u == nil) == (err == nil) {
			t.Fatalf("%v and %v", u, err)
		}
		if err != nil {
			return
		}
		if _, err := http.NewRequest(http.MethodPost, u.String(), nil); err != nil {
			t.Errorf("%v cannot receive a request: %v", u, err)
		}
	})
}

func TestValidHeaders(t *testing.T) {
	for name, value := range map[string]string{
		"": "v", "a b": "v", "a:b": "v", "ä": "v", "a": "x\r\nEvil: secret",
		"Host": "secret", "host": "secret", "CONTENT-TYPE": "secret", "Content-Length": "secret", "Content-Encoding": "secret",
		"Transfer-Encoding": "secret", "Accept-Encoding": "secret", "Connection": "secret", "Keep-Alive": "secret",
		"Proxy-Connection": "secret", "TE": "secret", "Trailer": "secret", "Upgrade": "secret",
	} {
		var errs sli.FieldErrors
		valid := post.ValidHeaders(map[string]string{name: value, "good": "v"}, post.CheckHeader, &errs)
		if errs.Err() == nil || strings.Contains(errs.Err().Error(), "secret") {
			t.Errorf("%q: %q gives %v", name, value, errs.Err())
		}
		if diff := cmp.Diff(map[string]string{"good": "v"}, valid); diff != "" {
			t.Errorf("%q: the valid headers (-want +got):\n%s", name, diff)
		}
	}
	var errs sli.FieldErrors
	all := map[string]string{"X-Api-Key": "a b\tc", "authorization": "Bearer x", "User-Agent": "u"}
	if diff := cmp.Diff(all, post.ValidHeaders(all, post.CheckHeader, &errs)); diff != "" || errs.Err() != nil {
		t.Errorf("(-want +got):\n%s%v", diff, errs.Err())
	}
}

func TestDuplicateHeaders(t *testing.T) {
	var errs sli.FieldErrors
	valid := post.ValidHeaders(map[string]string{"X-Key": "a", "x-key": "b", "X-KEY": "c", "y": "d"}, post.CheckHeader, &errs)
	if diff := cmp.Diff(map[string]string{"X-KEY": "c", "y": "d"}, valid); diff != "" {
		t.Errorf("the valid headers (-want +got):\n%s", diff)
	}
	want := `Headers["X-Key"]: duplicate header: the case of "X-KEY" makes no difference
Headers["x-key"]: duplicate header: the case of "X-Key" makes no difference`
	if err := errs.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestCloseLeavesNoConnection does not end if a connection stays open.
func TestCloseLeavesNoConnection(t *testing.T) {
	closed := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			close(closed)
		}
	}
	server.Start()
	defer server.Close()
	c := client(post.NewTransport(nil))
	c.URL = server.URL
	for range 2 { // with one connection: closing a second one would panic
		if _, err := c.Send(t.Context(), body("hello")); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	<-closed
}
