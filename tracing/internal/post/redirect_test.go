package post_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// TestRedirects uses a receiver that redirects the first request, and any other
// host if the client goes there.
func TestRedirects(t *testing.T) {
	const base, secured = "http://user:hunter2@collector:4318/v1/traces", "http://collector/v1/traces"
	tests := []struct {
		name     string
		url      string
		status   int
		location string
		want     string // URL of the second request, "" without one
		text     string // of the error otherwise
	}{
		{"307, a path", base, 307, "/otlp/v1/traces", "http://collector:4318/otlp/v1/traces", ""},
		{"308, a slash", base, 308, "/v1/traces/", "http://collector:4318/v1/traces/", ""},
		{"307, a relative path", base, 307, "spans?tenant=a", "http://collector:4318/v1/spans?tenant=a", ""},
		{"307, a URL", base, 307, "http://collector:4318/x", "http://collector:4318/x", ""},
		{"307, the host in upper case", base, 307, "http://COLLECTOR:4318/x", "http://COLLECTOR:4318/x", ""},
		{"308, other credentials", base, 308, "http://eve:x@collector:4318/x", "http://collector:4318/x", ""},
		{"308, the default port", secured, 308, "http://collector:80/x", "http://collector:80/x", ""},
		{"308, to https", secured, 308, "https://collector/v1/traces", "https://collector/v1/traces", ""},
		{"308, to https on its port", secured, 308, "https://collector:443/v1/traces", "https://collector:443/v1/traces", ""},
		{"308, to https on the same port", base, 308, "https://collector:4318/x", "https://collector:4318/x", ""},

		{"another host", base, 307, "http://evil.example:4318/x?token=hunter2", "", "307 Temporary Redirect (not followed to http://evil.example:4318/x)"},
		{"another host of no scheme", base, 308, "//evil.example/x", "", "not followed to http://evil.example/x"},
		{"another host behind our name", base, 307, "http://collector:4318@evil.example/x", "", "not followed to http://evil.example/x"},
		{"a subdomain", base, 307, "http://a.collector:4318/x", "", "not followed"},
		{"another port", base, 307, "http://collector:9999/x", "", "not followed"},
		{"https on another port", base, 308, "https://collector/x", "", "not followed"},
		{"from https to http", "https://collector/v1/traces", 308, "http://collector/v1/traces", "", "not followed"},
		{"another scheme", base, 307, "file:///etc/passwd", "", "not followed"},
		{"no location", base, 307, "", "", "307 Temporary Redirect"},
		{"a malformed location", base, 308, "http://collector:4318/%zz", "", "308 Permanent Redirect (not followed: invalid Location)"},
		{"301", base, 301, "/x", "", "301 Moved Permanently (not followed to http://collector:4318/x)"},
		{"302, a login", base, 302, "/login?token=hunter2", "", "302 Found (not followed to http://collector:4318/login)"},
		{"303", base, 303, "/x", "", "303 See Other"},
		{"300", base, 300, "/x", "", "300 Multiple Choices"},
	}
	for _, test := range tests {
		for _, zipped := range []bool{false, true} {
			t.Run(test.name, func(t *testing.T) {
				var requests []string
				c := client(roundTrip(func(r *http.Request) (*http.Response, error) {
					requests = append(requests, r.URL.Redacted())
					text, _ := io.ReadAll(r.Body)
					_ = r.Body.Close()
					if zipped {
						z, err := gzip.NewReader(bytes.NewReader(text))
						if err != nil {
							t.Fatal(err)
						}
						text, _ = io.ReadAll(z)
					}
					_, password, _ := r.BasicAuth()
					if strings.Contains(test.url, "hunter2") != (password == "hunter2") || r.Header.Get("X-Api-Key") != "k" ||
						r.Method != http.MethodPost || string(text) != "hello" || r.Host != r.URL.Host {
						t.Errorf("request %d: %s %s, %v, %q", len(requests), r.Method, r.Host, r.Header, text)
					}
					w := httptest.NewRecorder()
					if len(requests) == 1 {
						if test.location != "" {
							w.Header().Set("Location", test.location)
						}
						w.WriteHeader(test.status)
					}
					response := w.Result()
					response.Request = r
					return response, nil
				}))
				c.URL, c.Gzip, c.Headers = test.url, zipped, map[string]string{"x-api-key": "k"}
				_, err := c.Send(t.Context(), body("hello"))
				if test.want != "" {
					if err != nil || len(requests) != 2 || requests[1] != test.want {
						t.Errorf("requests to %q, error %v", requests, err)
					}
					return
				}
				var e *tracing.ExportError
				if !errors.As(err, &e) || e.Retry || !strings.Contains(err.Error(), test.text) || strings.Contains(err.Error(), "hunter2") || len(requests) != 1 {
					t.Errorf("requests to %q, error %v", requests, err)
				}
			})
		}
	}
}

func TestRedirectsAreBounded(t *testing.T) {
	var requests int
	c := client(answering(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.Header().Set("Location", "/v1/traces")
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	if _, err := c.Send(t.Context(), body("x")); err == nil || requests != 6 {
		t.Errorf("%d requests, error %v", requests, err)
	}
}

// TestRedirectOfAServer uses a real server, whose connections are reused.
func TestRedirectOfAServer(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/traces" {
			http.Redirect(w, r, "/v1/traces/", http.StatusPermanentRedirect)
			return
		}
		text, _ := io.ReadAll(r.Body)
		got = append(got, string(text))
	}))
	defer server.Close()
	c := client(post.NewTransport(nil))
	c.URL, c.MaxBytes = server.URL+"/v1/traces", 10<<20
	large := strings.Repeat("x", 5<<20)
	for _, text := range []string{"hello", large, "again"} {
		if _, err := c.Send(t.Context(), body(text)); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{"hello", large, "again"}, got); diff != "" {
		t.Error("other bodies arrived")
	}
	c.Close()
}
