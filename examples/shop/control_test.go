package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// noRedirect is a browser that shows where it is sent.
var noRedirect = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// page returns the status and the body of a page on the admin address.
func (s *shop) page(t *testing.T, path string) (int, string) {
	t.Helper()
	r, err := noRedirect.Get("http://" + s.admin.Addr + path)
	return read(t, r, err)
}

// submit posts the form of the control page.
func (s *shop) submit(t *testing.T, form url.Values) (int, string) {
	t.Helper()
	r, err := noRedirect.PostForm("http://"+s.admin.Addr+"/", form)
	return read(t, r, err)
}

func read(t *testing.T, r *http.Response, err error) (int, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

var input = regexp.MustCompile(`<input name="([^"]*)" value="([^"]*)"`)

// form returns the form of the control page, as a browser without scripts
// would send it.
func (s *shop) form(t *testing.T) url.Values {
	t.Helper()
	_, body := s.page(t, "/")
	form := url.Values{}
	for _, in := range input.FindAllStringSubmatch(body, -1) {
		form.Set(html.UnescapeString(in[1]), html.UnescapeString(in[2]))
	}
	return form
}

func TestControlPageChangesFaults(t *testing.T) {
	s := opened(t, config{faults: some()})
	defer closed(t, s)
	form := s.form(t)
	if len(form) != len(serviceNames)*len(kinds) || form.Get("users.errors") != "5%" {
		t.Fatalf("the form is %v", form)
	}
	form.Set("users.errors", "12.5%")
	if status, body := s.submit(t, form); status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", status, body)
	}
	// A form with one field changes nothing else.
	if status, body := s.submit(t, url.Values{"shop.slow": {"0.5"}}); status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", status, body)
	}
	form.Set("shop.slow", "50%")
	if got := s.form(t); got.Encode() != form.Encode() {
		t.Errorf("the form is %v, want %v", got, form)
	}
}

// TestControlPageLinks follows each link. The first one leads to the
// objectives.
func TestControlPageLinks(t *testing.T) {
	s := opened(t, config{})
	defer closed(t, s)
	_, body := s.page(t, "/")
	links := regexp.MustCompile(`<a href="([^"]*)"`).FindAllStringSubmatch(body, -1)
	if len(links) == 0 || links[0][1] != "/slo/" {
		t.Fatalf("got links %q, want /slo/ first", links)
	}
	for _, link := range links {
		if status, _ := s.page(t, link[1]); status != http.StatusOK {
			t.Errorf("%s: status %d, want 200", link[1], status)
		}
	}
}

func TestControlPageRefusesMistakes(t *testing.T) {
	s := opened(t, config{faults: some()})
	defer closed(t, s)
	before := s.form(t)
	const script = `"><script>alert(1)</script>`
	tests := []struct {
		name string
		form url.Values
		want []string // in the page
	}{
		{"no share", url.Values{"users.errors": {"200%"}, "shop.slow": {"x"}}, []string{"users.errors: ", "shop.slow: ", `value="200%"`}},
		{"more than all", url.Values{"users.errors": {"60%"}, "users.slow": {"60%"}}, []string{"users: the shares of the faults add up to 130%"}},
		{"unknown field", url.Values{"user.errors": {"1%"}}, []string{"unknown field", "user.errors"}},
		{"markup as value", url.Values{"users.errors": {script}}, []string{html.EscapeString(script)}},
		{"markup as name", url.Values{script: {"1%"}}, []string{"unknown field", "&lt;script&gt;"}},
		{"too long", url.Values{"users.errors": {strings.Repeat("1", 1<<17)}}, []string{"too large"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, body := s.submit(t, test.form)
			if status != http.StatusBadRequest || strings.Contains(body, "<script") {
				t.Errorf("status %d: %s", status, body)
			}
			for _, want := range test.want {
				if !strings.Contains(body, want) {
					t.Errorf("no %q in %s", want, body)
				}
			}
			if got := s.form(t); got.Encode() != before.Encode() {
				t.Errorf("the form is %v, want %v", got, before)
			}
		})
	}
}

// TestControlPageRefusesOtherSites shows that no page on another site can make
// the shop fail, and that a GET changes nothing.
func TestControlPageRefusesOtherSites(t *testing.T) {
	s := opened(t, config{})
	defer closed(t, s)
	r, err := http.NewRequest(http.MethodPost, "http://"+s.admin.Addr+"/", strings.NewReader("users.errors=1"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://a.example")
	response, err := noRedirect.Do(r)
	if status, _ := read(t, response, err); status != http.StatusForbidden {
		t.Errorf("status %d, want 403", status)
	}
	if status, _ := s.page(t, "/?users.errors=1"); status != http.StatusOK {
		t.Errorf("status %d, want 200", status)
	}
	if got := s.form(t).Get("users.errors"); got != "0%" {
		t.Errorf("users.errors is %s, want 0%%", got)
	}
}

// TestTallyWhileFaultsChange changes the faults of all services all the time,
// until each indicator has good and bad events.
func TestTallyWhileFaultsChange(t *testing.T) {
	s := opened(t, config{})
	ctx, stop := context.WithCancel(t.Context())
	var traffic sync.WaitGroup
	traffic.Go(func() { s.makeTraffic(ctx) })
	for n := 0; !s.sawEverything(); n++ {
		field := serviceNames[n%len(serviceNames)] + "." + kinds[n/len(serviceNames)%len(kinds)].Name
		if status, body := s.submit(t, url.Values{field: {fmt.Sprintf("%d%%", n%25)}}); status != http.StatusSeeOther {
			t.Fatalf("status %d: %s", status, body)
		}
	}
	stop()
	traffic.Wait()
	closed(t, s)
}

// sawEverything reports whether each indicator has good and bad events.
func (s *shop) sawEverything() bool {
	for _, c := range s.counts() {
		if c.Good == 0 || c.Bad() == 0 {
			return false
		}
	}
	return true
}

// TestOnePageHasTheMetricsOfAllServices shows that no series of a service is in
// the way of another's, and that the process is there once.
func TestOnePageHasTheMetricsOfAllServices(t *testing.T) {
	s := opened(t, config{faults: some()})
	for n := range 80 {
		_, _ = s.customers.get(t.Context(), s.call(n))
	}
	status, metrics := s.page(t, "/metrics")
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, metrics)
	}
	for want, n := range map[string]int{
		`(?m)^go_goroutines \d`: 1, `(?m)^process_start_time_seconds \d`: 1,
		`(?m)^log_lines_total{level="INFO",service_name="\w+"}`:              4,
		`(?m)^tracing_enabled{service_name="\w+"}`:                           4,
		`(?m)^http_server_active_requests{.*service_name="\w+".*}`:           3,
		`(?m)^http_client_active_requests{.*service_name="(shop|shipping)"`:  2,
		`(?m)^sli_valid_events_total{.*service_name="users".*}`:              2,
		`(?m)^slo_target_ratio{.*service_name="users".*}`:                    3,
		`(?m)^rpc_server_call_duration_seconds_count{.*"OK",.*="shipping".*`: 1,
		`(?m)^rpc_client_call_duration_seconds_count{.*"OK",.*="orders".*`:   1,
	} {
		if got := regexp.MustCompile(want).FindAllString(metrics, -1); len(got) != n {
			t.Errorf("%s: %q, want %d", want, got, n)
		}
	}
	_, page := s.page(t, "/slo/overview.txt")
	for _, o := range s.promises.Objectives {
		if !strings.Contains(page, o.ID()+": ") {
			t.Errorf("the status page lacks %s:\n%s", o.ID(), page)
		}
	}
	if _, sheet := s.page(t, "/slo/users/availability"); !strings.Contains(sheet, `class="t"><code><bdi>GET /users/{userid}</bdi>`) {
		t.Errorf("the sheet of users/availability lacks the route:\n%s", sheet)
	}
	for _, name := range serviceNames {
		if status, _ := s.page(t, "/"+name+"/readyz"); status != http.StatusOK {
			t.Errorf("%s/readyz: status %d, want 200", name, status)
		}
		if _, text := s.page(t, "/"+name+"/"); !strings.Contains(text, "service:    "+name+" ") {
			t.Errorf("%s/: %s", name, text)
		}
	}
	closed(t, s)
}
