package statuspage_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	pauseLink    = regexp.MustCompile(`<a (?:class="home" )?href="([^"]*)" data-key="p"`)
	languageLink = regexp.MustCompile(`<a href="([^"]*)" lang="`)
)

// TestLinksKeepTheState checks that pausing and choosing a language change
// nothing else of a view.
func TestLinksKeepTheState(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	for _, test := range []struct{ path, query string }{
		{"/", "by=service&q=users"}, {"/", "by=journey&lang=ko&pause=1&q=a+b%26c"}, {"/", "view=wall"}, {"/", "lang=ko&pause=1&view=wall"},
		{"/users/availability", "target=99.9"}, {"/users/availability", "lang=en&pause=1&target=99%25"}, {"/journey/browse", "pause=1"},
	} {
		before, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		text := get(t, page, test.path+"?"+test.query).Body.String()
		check := func(link *regexp.Regexp, key, value string) {
			t.Helper()
			m := link.FindStringSubmatch(text)
			if m == nil {
				if link == languageLink && before.Get("view") == "wall" {
					return // a wall has no footer
				}
				t.Errorf("%s?%s: no link like %v", test.path, test.query, link)
				return
			}
			to, err := url.Parse(html.UnescapeString(m[1]))
			if err != nil {
				t.Fatal(err)
			}
			want := url.Values{key: {value}}
			for k, v := range before {
				if k != key {
					want[k] = v
				}
			}
			if value == "" {
				want.Del(key)
			}
			base := httptest.NewRequest(http.MethodGet, test.path, nil).URL
			if diff := cmp.Diff(want, to.Query()); diff != "" || base.ResolveReference(to).Path != test.path {
				t.Errorf("%s?%s: the link %s leads elsewhere (-want +got):\n%s", test.path, test.query, m[1], diff)
			}
		}
		check(pauseLink, "pause", map[bool]string{false: "1"}[before.Has("pause")])
		check(languageLink, "lang", map[bool]string{true: "en", false: "ko"}[before.Get("lang") == "ko"])
	}
}

// TestStillPages checks that pages without figures do not claim to be live.
func TestStillPages(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	for _, path := range []string{"/help", "/nowhere/none"} {
		if text := get(t, page, path).Body.String(); pauseLink.MatchString(text) || strings.Contains(text, `id="pulse"`) {
			t.Errorf("%s: %s", path, text)
		}
	}
}

// TestPauseLasts checks that no link of a page that is paused starts updates,
// except for the one that does so.
func TestPauseLasts(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	links := regexp.MustCompile(`<a [^>]*href="(\.[^"]*)"[^>]*>`)
	for _, path := range []string{"/?pause=1", "/?pause=1&q=users&by=service", "/users/availability?pause=1", "/journey/browse?pause=1", "/help?pause=1"} {
		text := get(t, page, path).Body.String()
		for _, m := range links.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(m[0], `data-key="p"`) && !strings.Contains(m[1], "pause=1") {
				t.Errorf("%s: the link %s", path, m[0])
			}
		}
		for _, form := range strings.Split(text, "<form ")[1:] {
			form, _, _ = strings.Cut(form, "</form>")
			if !strings.Contains(form, `<input type="hidden" name="pause" value="1">`) {
				t.Errorf("%s: the form %s", path, form)
			}
		}
	}
}

// TestSlashKeepsTheQuery checks the redirect to the path with the slash.
func TestSlashKeepsTheQuery(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	for target, want := range map[string]string{
		"/slo": "./slo/", "/slo?lang=ko&view=wall": "./slo/?lang=ko&view=wall", "/slo?q=%22%0d%0aa": "./slo/?q=%22%0d%0aa",
	} {
		w := httptest.NewRecorder()
		http.StripPrefix("/slo", page).ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
		if got := w.Header().Get("Location"); w.Code != http.StatusMovedPermanently || got != want {
			t.Errorf("%s: got %d, %q, want %q", target, w.Code, got, want)
		}
	}
}

// TestWhatIfMeant checks that the page says what is wrong with a target, and
// links the one that was meant.
func TestWhatIfMeant(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	result := regexp.MustCompile(`(?s)<p class="result">(.*?)</p>`)
	tags := regexp.MustCompile(`<[^>]*>`)
	for _, test := range []struct{ target, en, ko, href string }{
		{"0.999", "“0.999” is 0.999 %. Did you mean 99.9 %?", "“0.999”: 0.999%로 읽힙니다. 99.9%를 뜻하셨나요?", "99.9%25"},
		{"99,9", "“99,9” is not a target. Did you mean 99.9 %?", "“99,9”: 목표치가 아닙니다. 99.9%를 뜻하셨나요?", "99.9%25"},
		{"0.005", "“0.005” is 0.005 %. Did you mean 0.5 %?", "“0.005”: 0.005%로 읽힙니다. 0.5%를 뜻하셨나요?", "0.5%25"},
		{"1", "“1” may be 1 % or 100 %. For 1 %, write “1%”.", "“1”: 1%인지 100%인지 알 수 없습니다. 1%라면 “1%”로 입력하세요.", ""},
		{"99.99999999999", "“99.99999999999” has more than seven decimals.", "“99.99999999999”: 소수점 아래 일곱 자리까지만 쓸 수 있습니다.", ""},
		{"100", "“100” is not a target. It is more than 0 % and less than 100 %, such as 99.9.", "“100”: 목표치가 아닙니다. 99.9처럼 0% 초과 100% 미만이어야 합니다.", ""},
	} {
		for lang, want := range map[string]string{"en": test.en, "ko": test.ko} {
			text := get(t, page, "/users/availability?lang="+lang+"&target="+url.QueryEscape(test.target)).Body.String()
			m := result.FindStringSubmatch(text)
			if m == nil {
				t.Fatalf("%s: no result", test.target)
			}
			if got := strings.ReplaceAll(html.UnescapeString(tags.ReplaceAllString(m[1], "")), "\u00a0", " "); got != want {
				t.Errorf("%s: got %q, want %q", test.target, got, want)
			}
			if strings.Contains(m[1], "<a ") != (test.href != "") || !strings.Contains(m[1], test.href) {
				t.Errorf("%s: got %s, want a link to %q", test.target, m[1], test.href)
			}
			if test.href == "" {
				continue
			}
			text = get(t, page, "/users/availability?lang=en&target="+test.href).Body.String()
			if m := result.FindStringSubmatch(text); m == nil || !strings.HasPrefix(m[1], "With ") {
				t.Errorf("the link to %s: got %s", test.href, m)
			}
		}
	}
}
