package middleware_test

import (
	"bufio"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/middleware"
)

// reads reads the whole body.
func reads(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	ok(w, r)
}

// undeclared hides the length of a body, so that it is sent in chunks.
func undeclared() io.Reader { return onlyReader{declared()} }

func declared() io.Reader { return strings.NewReader("four") }

func none() io.Reader { return nil }

func TestRequestBodySize(t *testing.T) {
	cases := []struct {
		name    string
		handler http.HandlerFunc
		body    func() io.Reader
		want    float64
	}{
		{"none", reads, none, 0},
		{"declared and read", reads, declared, 4},
		{"declared and not read", ok, declared, 4},
		{"chunked and read", reads, undeclared, 4},
		{"chunked and read in part", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadFull(r.Body, make([]byte, 3))
			ok(w, r)
		}, undeclared, 3},
		{"chunked and not read", ok, undeclared, 0},
	}
	for _, c := range cases {
		for _, protocol := range protocols {
			t.Run(c.name+"/"+protocol, func(t *testing.T) {
				in, _ := newInstrument(t, nil)
				server := newServer(t, protocol, in.Handler(c.handler))
				fetch(t, server, "POST", "/", c.body())
				server.Close()
				if got := onlyHistogram(t, in, "http_server_request_body_size_bytes").GetSampleSum(); got != c.want {
					t.Errorf("got %v bytes, want %v", got, c.want)
				}
			})
		}
	}
}

// TestBodyStaysTheServers shows that the handler gets a body of ours, in a
// copy of the request, and the server keeps its own.
func TestBodyStaysTheServers(t *testing.T) {
	body := io.NopCloser(strings.NewReader("four"))
	cases := []struct {
		name   string
		opts   *middleware.Options
		body   io.ReadCloser
		length int64
		same   bool
	}{
		{"no body", nil, http.NoBody, 0, true},
		{"no body of unknown length", nil, http.NoBody, -1, true},
		{"nil", nil, nil, -1, true},
		{"none over HTTP/2", nil, body, 0, true},
		{"declared", nil, body, 4, false},
		{"undeclared", nil, body, -1, false},
		{"undeclared but not counted", &middleware.Options{OmitBodySizes: true}, body, -1, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in, _ := newInstrument(t, c.opts)
			sent := httptest.NewRequest("POST", "/", nil)
			sent.Body, sent.ContentLength = c.body, c.length
			in.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if same := r.Body == c.body; same != c.same {
					t.Errorf("the handler got the body %T", r.Body)
				}
				if same := r == sent; same != c.same {
					t.Errorf("same request: %t, want %t", same, c.same)
				}
			})).ServeHTTP(httptest.NewRecorder(), sent)
			if sent.Body != c.body {
				t.Errorf("the server got back the body %T", sent.Body)
			}
		})
	}
}

// TestNoBodyOfUnknownLengthIsEmpty covers a request that no server made.
func TestNoBodyOfUnknownLengthIsEmpty(t *testing.T) {
	in, _ := newInstrument(t, nil)
	r := httptest.NewRequest("POST", "/", nil)
	r.Body, r.ContentLength = http.NoBody, -1
	in.Handler(http.HandlerFunc(ok)).ServeHTTP(httptest.NewRecorder(), r)
	if got := onlyHistogram(t, in, "http_server_request_body_size_bytes").GetSampleSum(); got != 0 {
		t.Errorf("got %v bytes, want 0", got)
	}
}

// TestServerSeesTheHandlersRequest covers handlers around the instrument.
func TestServerSeesTheHandlersRequest(t *testing.T) {
	in, _ := newInstrument(t, nil)
	sent := httptest.NewRequest("POST", "/users/lora", onlyReader{strings.NewReader("name=Lora")})
	sent.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /users/{userid}", func(_ http.ResponseWriter, r *http.Request) { _ = r.ParseForm() })
	in.Handler(mux).ServeHTTP(httptest.NewRecorder(), sent)
	if sent.Pattern != "POST /users/{userid}" || sent.PathValue("userid") != "lora" || sent.PostForm.Get("name") != "Lora" {
		t.Errorf("got pattern %q, path value %q, form %v", sent.Pattern, sent.PathValue("userid"), sent.PostForm)
	}
}

// TestUploadsAreRemoved sends a file of undeclared length. net/http keeps it
// on disk while the handler runs.
func TestUploadsAreRemoved(t *testing.T) {
	for _, panics := range []bool{false, true} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, _ := form.CreateFormFile("file", "digits.txt")
		_, _ = io.WriteString(part, strings.Repeat("0123456789", 2_000_000))
		_ = form.Close()

		w := newWatch(t, "slog", middleware.Options{Recover: true})
		var path string
		server := quietServer(t, w.wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if err := r.ParseMultipartForm(1); err != nil {
				t.Error(err)
				return
			}
			file, err := r.MultipartForm.File["file"][0].Open()
			if err != nil {
				t.Error(err)
				return
			}
			path = file.(*os.File).Name()
			_ = file.Close()
			if panics {
				panic("boom")
			}
		})))
		resp, err := server.Client().Post(server.URL, form.FormDataContentType(), onlyReader{&body})
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		server.Close()
		if _, err := os.Stat(path); path == "" || !os.IsNotExist(err) {
			t.Errorf("panics %t: %q still exists: %v", panics, path, err)
		}
	}
}

// TestExpectContinue writes HTTP by hand, because net/http's client hides
// the interim response.
func TestExpectContinue(t *testing.T) {
	const head = "POST / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\n"
	refuses := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }
	cases := []struct {
		name, head, body string
		handler          http.HandlerFunc
		want             []string // status lines
		bytes            float64
	}{
		{"declared and read", "Content-Length: 4\r\n\r\n", "four", reads, []string{"HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK"}, 4},
		{"chunked and read", "Transfer-Encoding: chunked\r\n\r\n", "4\r\nfour\r\n0\r\n\r\n", reads, []string{"HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK"}, 4},
		{"declared and refused", "Content-Length: 4\r\n\r\n", "", refuses, []string{"HTTP/1.1 401 Unauthorized"}, 4},
		{"chunked and refused", "Transfer-Encoding: chunked\r\n\r\n", "", refuses, []string{"HTTP/1.1 401 Unauthorized"}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in, _ := newInstrument(t, nil)
			server := quietServer(t, in.Handler(c.handler))
			conn := dial(t, server, head+c.head)
			r := bufio.NewReader(conn)
			for i, want := range c.want {
				if got := readLine(t, r); got != want {
					t.Fatalf("line %d: got %q, want %q", i, got, want)
				}
				if i == 0 {
					_, _ = io.WriteString(conn, c.body)
				}
			}
			_ = conn.Close()
			server.Close()
			if got := onlyHistogram(t, in, "http_server_request_body_size_bytes").GetSampleSum(); got != c.bytes {
				t.Errorf("counted %v bytes, want %v", got, c.bytes)
			}
		})
	}
}
