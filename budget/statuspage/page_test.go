package statuspage_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/budget/statuspage"
)

// open returns the page of a source.
func open(t testing.TB, s statuspage.Source, o statuspage.Options) *statuspage.Page {
	t.Helper()
	page, err := statuspage.New(s, &o)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// get returns the page's answer.
func get(t testing.TB, page http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestMethods(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, "QUERY"} {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: got %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
	head := httptest.NewRecorder()
	page.ServeHTTP(head, httptest.NewRequest(http.MethodHead, "/", nil))
	if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: got %d, %d bytes, Content-Length %q", head.Code, head.Body.Len(), head.Header().Get("Content-Length"))
	}
}

func TestAllow(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{Allow: func(r *http.Request) bool { return r.Header.Get("Authorization") == "yes" }})
	for _, path := range []string{"/", "/overview.json", "/nowhere"} {
		if w := get(t, page, path); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "users") {
			t.Errorf("%s: got %d: %s", path, w.Code, w.Body)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "yes")
	w := httptest.NewRecorder()
	if page.ServeHTTP(w, r); w.Code != http.StatusOK {
		t.Errorf("allowed: got %d", w.Code)
	}
}

func TestHeaders(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	for _, path := range []string{"/", "/overview.json", "/overview.txt", "/nowhere"} {
		h := get(t, page, path).Header()
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'self'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(h.Get("Content-Security-Policy"), want) {
				t.Errorf("%s: policy %q lacks %s", path, h.Get("Content-Security-Policy"), want)
			}
		}
		if h.Get("Set-Cookie") != "" || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

// TestMounted follows the links of the overview under several prefixes.
func TestMounted(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	for _, prefix := range []string{"", "/slo", "/ops/a-b/slo"} {
		mux := http.NewServeMux()
		mux.Handle(prefix+"/", http.StripPrefix(prefix, page))
		server := httptest.NewServer(mux)
		defer server.Close()
		text := fetch(t, server.URL+prefix+"/")
		links := regexp.MustCompile(`(?:href|src)="([^"#][^"]*)"`).FindAllStringSubmatch(text, -1)
		if len(links) < 10 {
			t.Fatalf("prefix %q: %d links", prefix, len(links))
		}
		for _, l := range links[:2] { // the assets
			if !strings.HasPrefix(l[1], "./") {
				t.Errorf("prefix %q: link %q is not relative", prefix, l[1])
			}
			fetch(t, server.URL+prefix+"/"+strings.TrimPrefix(l[1], "./"))
		}
	}
}

// fetch returns the body of a page that exists.
func fetch(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, error %v", url, res.StatusCode, err)
	}
	return string(body)
}

// TestWithoutSlash checks that the place of the page itself redirects to a path
// from which relative links lead to the right place.
func TestWithoutSlash(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	server := httptest.NewServer(http.StripPrefix("/ops/slo", page))
	defer server.Close()
	if text := fetch(t, server.URL+"/ops/slo"); !strings.Contains(text, "3\u00a0of\u00a08 objectives need attention") {
		t.Errorf("got %.200s", text)
	}
}

func TestAssets(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	style := regexp.MustCompile(`href="\.(/page-[0-9a-f]{12}\.css)"`).FindStringSubmatch(get(t, page, "/").Body.String())
	if style == nil {
		t.Fatal("the page has no style sheet")
	}
	w := get(t, page, style[1])
	if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("got %d, %v", w.Code, w.Header())
	}
	if w := get(t, page, "/page-000000000000.css"); w.Code != http.StatusNotFound {
		t.Errorf("another hash: got %d", w.Code)
	}
}

func TestLanguageChoice(t *testing.T) {
	tests := []struct {
		name, path, option, accept, want string
	}{
		{"default", "/", "", "", "en"},
		{"query", "/?lang=ko", "en", "en", "ko"},
		{"query of another language", "/?lang=fr", "", "ko", "ko"},
		{"option before header", "/", "ko", "en", "ko"},
		{"header", "/", "", "ko-KR,ko;q=0.9,en;q=0.8", "ko"},
		{"header with weights", "/", "", "ko;q=0.2, en-US;q=0.9", "en"},
		{"weights in capitals", "/", "", "ko;Q=0.1, en;q=0.5", "en"},
		{"unknown header", "/", "", "fr, *;q=0.5", "en"},
		{"refused", "/", "", "ko;q=0", "en"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := open(t, source(shop()), statuspage.Options{Lang: test.option})
			r := httptest.NewRequest(http.MethodGet, test.path, nil)
			r.Header.Set("Accept-Language", test.accept)
			w := httptest.NewRecorder()
			page.ServeHTTP(w, r)
			if want := `<html lang="` + test.want + `"`; !strings.Contains(w.Body.String(), want) {
				t.Errorf("the page has no %s", want)
			}
		})
	}
}

func TestNewMistakes(t *testing.T) {
	_, err := statuspage.New(nil, &statuspage.Options{Lang: "fr", MaxViewers: -1, TraceURL: "javascript:alert(1)"})
	for _, want := range []string{
		"source: required",
		`Options.Lang: invalid language "fr": want "en" or "ko"`,
		"Options.MaxViewers: invalid number -1: want 0 or more",
		`Options.TraceURL: invalid URL "javascript:alert(1)": want http or https`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q: %v", want, err)
		}
	}
	if _, err := statuspage.New(source{}, &statuspage.Options{TraceURL: "https://jaeger.example/"}); err == nil || !strings.Contains(err.Error(), "want {trace_id} in it") {
		t.Errorf("got %v", err)
	}
}
