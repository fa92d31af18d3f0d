package middleware_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sligo-go/sligo/middleware"
)

// TestHostileTexts sends texts that are no UTF-8 or are very long. An attribute
// that is no UTF-8 would make an OTLP exporter lose a batch of spans.
func TestHostileTexts(t *testing.T) {
	w := newWatch(t, "logging", middleware.Options{}, availability)
	server := newServer(t, http1, w.wrap(handle(describe)))
	requests := []string{
		"GET /%ff%fe HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n",
		"GET http://%ff%fe/ HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n",
		"GET /x" + strings.Repeat("%C3%A4", 100_000) + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n",
		closingGet("User-Agent: a\xff\xfe"),
		closingGet("User-Agent: x" + strings.Repeat("ä", 200)),
		closingGet("User-Agent: " + strings.Repeat("x", 250) + " Bearer " + strings.Repeat("s3cr3t", 10)),
		closingGet("User-Agent: " + strings.Repeat("x", 243) + " s3cr3t.kim@example.com"),
	}
	for _, text := range requests {
		resp, err := http.ReadResponse(bufio.NewReader(dial(t, server, text)), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Errorf("%.60q: got %s", text, resp.Status)
		}
	}
	server.Close()
	transport := w.in.Transport(roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
	}))
	for _, u := range []*url.URL{{Scheme: "http", Host: "a\xff"}, {Scheme: "http", Host: "shop", Path: "/x" + strings.Repeat("ä", 3000)}} {
		resp, err := transport.RoundTrip((&http.Request{URL: u, Header: http.Header{}}).WithContext(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	shown := w.lines(t)
	for _, span := range w.spans.Ended() {
		shown = append(shown, attributesOf(span))
	}
	for _, attrs := range shown {
		for name, value := range attrs {
			text, _ := value.(string)
			if !utf8.ValidString(text) || strings.Contains(text, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd") || len(text) > 5000 || strings.Contains(text, "s3cr") {
				t.Errorf("%s is %.300q, of %d bytes", name, text, len(text))
			}
		}
	}
}
