package middleware_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
)

// A conversation is text that a client sends over one connection, whose last
// request closes it. The server's answer must be the same bytes with and
// without an instrument.
type conversation struct {
	sends   string
	then    string // is sent after the first header of the answer
	handler http.Handler

	// around, if not nil, goes between the server and the instrument.
	around func(http.Handler) http.Handler

	// has is a part of the answer, so that the conversation shows its subject.
	has string
}

// closingGet is a request with further headers that closes the connection.
func closingGet(headers ...string) string {
	head := append([]string{"GET /users/lora HTTP/1.1", "Host: shop", "Connection: close"}, headers...)
	return strings.Join(head, "\r\n") + "\r\n\r\n"
}

// conversations are the conversations by name.
func conversations(t *testing.T) map[string]conversation {
	t.Helper()
	upstream := upstreamOf(t)
	all := map[string]conversation{
		"headers": {sends: closingGet(), has: "X-Twice: b", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["X-Twice"] = []string{"a", "b"}
			w.Header()["x-lower"] = []string{"c"}
			w.Header()["Date"] = nil
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "42"})
			_, _ = io.WriteString(w, "ok")
		})},
		"header injection": {sends: closingGet(), has: "X-Note: a", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Note", "a\r\nX-Evil: 1\r\n\r\nbody")
			w.Header()["X Bad\r\nX-Evil"] = []string{"1"}
		})},
		"Early Hints": {sends: closingGet(), has: "HTTP/1.1 103 Early Hints\r\nLink", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "</style.css>; rel=preload")
			w.WriteHeader(103)
			w.WriteHeader(102)
			w.Header().Set("X-Final", "yes")
			_, _ = io.WriteString(w, "ok")
		})},
		"HEAD": {sends: "HEAD / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", has: "Content-Length: 8", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "not sent")
		})},
		"HEAD with a length": {sends: "HEAD / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", has: "Content-Length: 1000", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
		})},
		"204": {sends: closingGet(), has: "204 No Content", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(204)
			_, err := io.WriteString(w, "not allowed")
			w.Header().Set("X-Late", fmt.Sprint(err))
		})},
		"304": {sends: closingGet(), has: "304 Not Modified", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Etag", `"1"`)
			w.WriteHeader(304)
		})},
		"too long": {sends: closingGet(), has: "four", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "60")
			_, _ = io.WriteString(w, "four")
			if n, err := w.Write(make([]byte, 100)); n == 0 && errors.Is(err, http.ErrContentLength) {
				_, _ = io.WriteString(w, strings.Repeat(" ", 56))
			}
		})},
		"trailers": {sends: closingGet("TE: trailers"), has: "Checksum: 42", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "Checksum")
			_, _ = io.WriteString(w, "ok")
			w.Header().Set("Checksum", "42")
			w.Header().Set(http.TrailerPrefix+"X-Cost", "7")
		})},
		"an event stream": {sends: closingGet("Accept: text/event-stream"), has: "data: 2", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 3 {
				_, _ = fmt.Fprintf(w, "data: %d\n\n", i)
				_ = http.NewResponseController(w).Flush()
			}
		})},
		"two requests": {
			sends: "GET /a HTTP/1.1\r\nHost: shop\r\n\r\nPOST /b HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfour",
			has:   `POST /b "four"`, handler: handle(describe),
		},
		"no body": {sends: closingGet(), has: "NoBody true", handler: handle(describe)},
		"HTTP/1.0": {sends: "GET / HTTP/1.0\r\n\r\n", has: "HTTP/1.0 200", handler: handle(func(w http.ResponseWriter, r *http.Request) {
			describe(w, r)
			_ = http.NewResponseController(w).Flush()
		})},
		"a method of 10 kB": {
			sends: strings.Repeat("BREW", 2560) + " /pot HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n",
			has:   "BREWBREW /pot", handler: handle(describe),
		},
		"OPTIONS *":   {sends: "OPTIONS * HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", has: "200 OK", handler: handle(describe)},
		"CONNECT":     {sends: "CONNECT db:5432 HTTP/1.1\r\nHost: db:5432\r\nConnection: close\r\n\r\n", has: "CONNECT", handler: handle(describe)},
		"bad request": {sends: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", has: "400 Bad Request", handler: handle(describe)},
		"a panic":     {sends: closingGet(), has: "", handler: handle(func(http.ResponseWriter, *http.Request) { panic("boom") })},
		"a panic after a flush": {sends: closingGet(), has: "half", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		})},
		"a proxy": {sends: closingGet("X-Forwarded-For: 198.51.100.7"), has: "X-Upstream: yes", handler: upstream},
		"a proxy whose upstream aborts": {
			sends: "GET /abort HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", has: "half", handler: upstream,
		},
		"a proxied upgrade": {
			sends: "GET /upgrade HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
			then:  "hello\n", has: "HELLO", handler: upstream,
		},
	}
	maps.Copy(all, bodyConversations())
	maps.Copy(all, controlConversations())
	maps.Copy(all, nestedConversations())
	return all
}

func handle(f func(http.ResponseWriter, *http.Request)) http.Handler { return http.HandlerFunc(f) }

// describe answers with the parts of a request that a copy could lose.
func describe(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	_, _ = fmt.Fprintf(w, "%s %s %q %v\n", r.Method, r.RequestURI, body, err)
	_, _ = fmt.Fprintf(w, "%s %d %v %v %v\n", r.Proto, r.ContentLength, r.TransferEncoding, r.Close, r.Trailer)
	_, _ = fmt.Fprintf(w, "NoBody %t, server %t, address %t, base %v, connection %v, cookies %v\n",
		r.Body == http.NoBody, server != nil, local != nil, r.Context().Value(baseKey{}), r.Context().Value(connKey{}), r.Cookies())
}

// Keys of the values that the server puts into the context of requests.
type (
	baseKey struct{}
	connKey struct{}
)

// bodyConversations have requests with bodies.
func bodyConversations() map[string]conversation {
	post := func(head, body string) string {
		return "POST /upload HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n" + head + "\r\n" + body
	}
	chunked := "Transfer-Encoding: chunked\r\n"
	return map[string]conversation{
		"a body":             {sends: post("Content-Length: 4\r\n", "four"), has: `"four"`, handler: handle(describe)},
		"an empty body":      {sends: post("Content-Length: 0\r\n", ""), has: "NoBody true", handler: handle(describe)},
		"chunks":             {sends: post(chunked, "4\r\nfour\r\n0\r\n\r\n"), has: `"four"`, handler: handle(describe)},
		"a request trailer":  {sends: post(chunked+"Trailer: X-Sum\r\n", "4\r\nfour\r\n0\r\nX-Sum: 42\r\n\r\n"), has: "X-Sum:[42]", handler: handle(describe)},
		"undeclared trailer": {sends: post(chunked, "4\r\nfour\r\n0\r\nX-Sum: 42\r\n\r\n"), has: "X-Sum:[42]", handler: handle(describe)},
		"broken chunks":      {sends: post(chunked, "4\r\nfour\r\nzz\r\n\r\n"), has: "invalid", handler: handle(describe)},
		"continue, read":     {sends: post("Expect: 100-continue\r\nContent-Length: 4\r\n", "four"), has: "100 Continue", handler: handle(describe)},
		"continue, refused": {sends: post("Expect: 100-continue\r\nContent-Length: 4\r\n", ""), has: "401", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(401)
		})},
		"unknown expectation": {sends: post("Expect: tea\r\nContent-Length: 4\r\n", "four"), has: "417", handler: handle(describe)},
		"a form": {sends: post("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n", "a=1&b=2"), has: "map[a:[1] b:[2]]",
			handler: handle(func(w http.ResponseWriter, r *http.Request) {
				_, _ = fmt.Fprintln(w, r.ParseForm(), r.PostForm)
			})},
		"read after close": {sends: post("Content-Length: 4\r\n", "four"), has: "invalid Read on closed Body", handler: handle(func(w http.ResponseWriter, r *http.Request) {
			_ = r.Body.Close()
			_, err := r.Body.Read(make([]byte, 1))
			_, _ = fmt.Fprintln(w, err)
		})},
	}
}

// controlConversations use a ResponseController and hijack connections.
func controlConversations() map[string]conversation {
	upgrade := "GET /chat HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello\n"
	return map[string]conversation{
		"deadlines": {sends: closingGet(), has: "true", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			c, later := http.NewResponseController(w), time.Now().Add(time.Hour)
			err := errors.Join(c.SetReadDeadline(later), c.SetWriteDeadline(later), c.Flush())
			_, _ = fmt.Fprintln(w, err == nil)
		})},
		"full duplex": {
			sends: "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 8\r\nConnection: close\r\n\r\none\ntwo\n", has: "two\n",
			handler: handle(func(w http.ResponseWriter, r *http.Request) {
				c := http.NewResponseController(w)
				_, _ = fmt.Fprintln(w, c.EnableFullDuplex())
				for lines := bufio.NewScanner(r.Body); lines.Scan(); {
					_, _ = fmt.Fprintln(w, lines.Text())
					_ = c.Flush()
				}
			}),
		},
		"an upgrade": {sends: upgrade, has: "HELLO", handler: handle(echo)},
		"a hijack after a flush": {sends: closingGet(), has: "raw", handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			_ = http.NewResponseController(w).Flush()
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "raw")
				_ = conn.Close()
			}
		})},
		"a write after a hijack": {sends: upgrade, has: http.ErrHijacked.Error(), handler: handle(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, err = io.WriteString(w, "lost")
				_, again, twice := http.NewResponseController(w).Hijack()
				_, _ = fmt.Fprintln(conn, err, again == nil, twice)
				_ = conn.Close()
			}
		})},
	}
}

// echo upgrades a connection and answers one line in capitals.
func echo(w http.ResponseWriter, _ *http.Request) {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = buf.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
	_ = buf.Flush()
	line, _ := buf.ReadString('\n')
	_, _ = buf.WriteString(strings.ToUpper(line))
	_ = buf.Flush()
}

// nestedConversations have other middlewares around the handler.
func nestedConversations() map[string]conversation {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintln(w, r.Pattern, r.PathValue("userid"))
	})
	copied := handle(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), baseKey{}, "copy")))
	})
	slow := handle(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	within := func(next http.Handler) http.Handler { return http.TimeoutHandler(next, time.Minute, "timeout") }
	brief := func(next http.Handler) http.Handler { return http.TimeoutHandler(next, time.Millisecond, "timeout") }
	// after shows the fields that inner handlers set on the request.
	after := func(next http.Handler) http.Handler {
		return handle(func(w http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			next.ServeHTTP(w, r)
			_, _ = fmt.Fprintln(w, "after", r.Pattern, r.PathValue("userid"), r.Form, ctx == r.Context())
		})
	}
	return map[string]conversation{
		"a pattern":                        {sends: closingGet(), has: "after GET /users/{userid} lora map[] true", handler: mux, around: after},
		"a copy of the request":            {sends: closingGet(), has: "GET /users/{userid} lora", handler: copied, around: after},
		"TimeoutHandler inside":            {sends: closingGet(), has: "lora", handler: within(mux)},
		"TimeoutHandler outside":           {sends: closingGet(), has: "lora", handler: mux, around: within},
		"TimeoutHandler inside, too slow":  {sends: closingGet(), has: "503", handler: brief(slow)},
		"TimeoutHandler outside, too slow": {sends: closingGet(), has: "503", handler: slow, around: brief},
		"StripPrefix": {sends: closingGet(), has: "GET /{userid} lora", handler: http.StripPrefix("/users", func() http.Handler {
			inner := http.NewServeMux()
			inner.HandleFunc("GET /{userid}", func(w http.ResponseWriter, r *http.Request) {
				_, _ = fmt.Fprintln(w, r.Pattern, r.PathValue("userid"))
			})
			return inner
		}())},
		"MaxBytesHandler outside": {
			sends: "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfour",
			has:   "too large", handler: handle(describe),
			around: func(next http.Handler) http.Handler { return http.MaxBytesHandler(next, 3) },
		},
		"a redirect": {sends: "GET /a HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", has: "Location: /b", handler: http.RedirectHandler("/b", http.StatusFound)},
	}
}

// upstreamOf returns a proxy for a server that answers, aborts or upgrades.
func upstreamOf(t *testing.T) http.Handler {
	t.Helper()
	server := quietServer(t, handle(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/abort":
			w.Header().Set("Content-Length", "8")
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case "/upgrade":
			echo(w, r)
		}
		w.Header().Set("X-Upstream", "yes")
		_, _ = fmt.Fprintln(w, r.Header.Get("X-Forwarded-For"), r.Header["X-Request-Id"] == nil)
	}))
	target, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(target)
		p.SetXForwarded()
	}, FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0)}
}

// varying matches the parts of an answer that differ between two requests.
var varying = regexp.MustCompile(`(Date|X-Request-Id): [^\r]*\r\n`)

// answerOf sends a conversation to a server with the instrument, or without it
// for nil, and returns the answer without its varying parts.
func (c *conversation) answerOf(t *testing.T, w *watch) (answer string, ids int) {
	t.Helper()
	handler := w.wrap(c.handler)
	if c.around != nil {
		handler = c.around(handler)
	}
	server := configuredServer(t, http1, handler, func(s *http.Server) {
		s.BaseContext = func(net.Listener) context.Context { return context.WithValue(context.Background(), baseKey{}, "base") }
		s.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, "conn")
		}
	})
	conn := dial(t, server, c.sends)
	text := readHeader(conn)
	_, _ = io.WriteString(conn, c.then)
	rest, err := io.ReadAll(conn)
	if text += string(rest); err != nil {
		t.Fatalf("%v after %q", err, text)
	}
	ids = strings.Count(text, "X-Request-Id: ")
	server.Close()
	return varying.ReplaceAllString(text, ""), ids
}

// readHeader reads the first header of an answer, as far as it comes.
func readHeader(r io.Reader) string {
	var text []byte
	for next := make([]byte, 1); !strings.HasSuffix(string(text), "\r\n\r\n"); {
		if _, err := io.ReadFull(r, next); err != nil {
			break
		}
		text = append(text, next...)
	}
	return string(text)
}

// TestSameBytes compares the bytes on the wire with a plain server's.
func TestSameBytes(t *testing.T) {
	for name, c := range conversations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, _ := c.answerOf(t, nil)
			if !strings.Contains(want, c.has) {
				t.Fatalf("a plain server answers %q, want %q in it", want, c.has)
			}
			for _, kind := range signalSets {
				got, ids := c.answerOf(t, newWatch(t, kind, middleware.Options{}, availability))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: (-plain server +instrument):\n%s", kind, diff)
				}
				if kind == "metrics" && ids != 0 {
					t.Errorf("got %d request IDs, want none", ids)
				}
			}
		})
	}
}

// hostileIDs are request IDs that must not reach the response or a line.
var hostileIDs = []string{
	"", " ", "a b", "a\tb", "a,b", "a;b", `a"b`, "a<script>", "a%0d%0aSet-Cookie: x=1", "a\x00b", "a\x7fb", "ä", "\u202e",
	strings.Repeat("x", 129), strings.Repeat("x", 10_000), "{{7*7}}", "${jndi:ldap://evil}", "a'--", `a\nb`, "a\xffb",
}

// TestHostileRequestIDs sends IDs as bytes, which net/http's client would
// refuse.
func TestHostileRequestIDs(t *testing.T) {
	const good = "0123-abcXYZ._~+/="
	w := newWatch(t, "slog", middleware.Options{}, availability)
	server := newServer(t, http1, w.wrap(handle(describe)))
	for _, id := range append(hostileIDs, good, "x\r\nX-Request-Id: y") {
		conn := dial(t, server, closingGet("X-Request-Id: "+id))
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		got := resp.Header["X-Request-Id"]
		switch {
		case resp.StatusCode == http.StatusBadRequest: // net/http refused it
		case id == good && !slices.Equal(got, []string{good}):
			t.Errorf("got ID %q, want %q", got, good)
		case id != good && (len(got) != 1 || len(got[0]) != 36):
			t.Errorf("%.40q: got ID %q, want one new UUID", id, got)
		}
	}
	server.Close()
	for _, line := range w.lines(t) {
		if id := line["request_id"].(string); id != good && len(id) != 36 {
			t.Errorf("line has ID %q", id)
		}
	}
}
