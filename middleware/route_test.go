package middleware_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) }

// newMux returns a mux that answers "ok" on each pattern.
func newMux(patterns ...string) *http.ServeMux {
	mux := http.NewServeMux()
	for _, p := range patterns {
		mux.HandleFunc(p, ok)
	}
	return mux
}

// clones passes on a copy of the request, like many middlewares.
func clones(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(r.Context()))
	})
}

// hides passes on a writer that has only Unwrap.
func hides(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(hidden{w}, r) })
}

func setsRoute(pattern string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		middleware.SetRoute(w, pattern)
		ok(w, r)
	})
}

func TestRoute(t *testing.T) {
	shop := newMux("GET /users/{userid}", "/orders/users/{userid}", "GET shop.example/items/{item}", "/{$}",
		"GET /files/{path...}", "/static/", "POST /users", "/tree/{leaf}/")
	nested := http.NewServeMux()
	nested.Handle("/api/", newMux("GET /api/users/{userid}"))
	stripped := http.NewServeMux()
	stripped.Handle("/api/", http.StripPrefix("/api", newMux("GET /users/{userid}")))
	reported := http.NewServeMux()
	reported.Handle("/api/", http.StripPrefix("/api", middleware.ReportRoute(newMux("GET /users/{userid}"))))

	cases := []struct {
		name      string
		handler   http.Handler
		request   string
		wantRoute string
		status    string // or its first digit: redirects are 301 or 307
	}{
		{"a method and a wildcard", shop, "GET /users/lora", "GET /users/{userid}", "200"},
		{"HEAD by the pattern of GET", shop, "HEAD /users/lora", "HEAD /users/{userid}", "200"},
		{"a pattern without a method", shop, "POST /orders/users/lora", "POST /orders/users/{userid}", "200"},
		{"a host", shop, "GET http://shop.example/items/7", "GET /items/{item}", "200"},
		{"the end marker", shop, "GET /", "GET /{$}", "200"},
		{"a wildcard for the rest", shop, "GET /files/a/b/c", "GET /files/{path...}", "200"},
		{"a subtree", shop, "GET /static/app.css", "GET /static/", "200"},
		{"a redirect to a subtree", shop, "GET /static", "GET /static/", "3"},
		{"a redirect to the clean path", shop, "GET /static//app.css", "GET /static/", "3"},
		{"a redirect of CONNECT", shop, "CONNECT /tree/of-the-client", "CONNECT unmatched", "3"},
		{"no such path", shop, "GET /no/such/page", "GET unmatched", "404"},
		{"another method", shop, "DELETE /users", "DELETE unmatched", "405"},
		{"an unknown method", shop, "BREW /static/pot", "_OTHER /static/", "200"},
		{"a method in lower case", shop, "get /static/", "_OTHER /static/", "200"},
		{"CONNECT by its own pattern", newMux("CONNECT /tunnel"), "CONNECT /tunnel", "CONNECT /tunnel", "200"},
		{"a nested mux", nested, "GET /api/users/lora", "GET /api/users/{userid}", "200"},
		{"a nested mux without a match", nested, "GET /api/no/such", "GET unmatched", "404"},
		{"a nested mux behind StripPrefix", stripped, "GET /api/users/lora", "GET /api/", "200"},
		{"the same with ReportRoute", reported, "GET /api/users/lora", "GET /api/users/{userid}", "200"},
		{"ReportRoute without a match", reported, "GET /api/no/such", "GET /api/", "404"},
		{"a copy of the request", clones(shop), "GET /users/lora", "GET unmatched", "200"},
		{"a copy with ReportRoute", clones(middleware.ReportRoute(shop)), "GET /users/lora", "GET /users/{userid}", "200"},
		{"ReportRoute below another writer", clones(hides(hides(middleware.ReportRoute(shop)))), "GET /users/lora", "GET /users/{userid}", "200"},
		{"http.TimeoutHandler hides the route", http.TimeoutHandler(middleware.ReportRoute(shop), time.Minute, ""), "GET /users/lora", "GET unmatched", "200"},
		{"SetRoute", setsRoute("/users/{userid}"), "GET /users/lora", "GET /users/{userid}", "200"},
		{"SetRoute with a method and a host", setsRoute("GET shop.example/users/{userid}"), "GET /users/lora", "GET /users/{userid}", "200"},
		{"SetRoute of a name", setsRoute("profile"), "GET /users/lora", "GET profile", "200"},
		{"SetRoute wins over the mux", func() http.Handler {
			mux := http.NewServeMux()
			mux.Handle("/", setsRoute("/users/{userid}"))
			return mux
		}(), "GET /users/lora", "GET /users/{userid}", "200"},
		{"SetRoute below another writer", hides(setsRoute("/users/{userid}")), "GET /users/lora", "GET /users/{userid}", "200"},
		{"SetRoute with bytes that are not UTF-8", setsRoute("/\xff"), "GET /", "GET /\uFFFD", "200"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var operation string
			in, _ := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { operation = r.Event.Operation }})
			method, target, _ := strings.Cut(c.request, " ")
			in.Handler(c.handler).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, target, nil))
			l := labels(gather(t, in)["http_server_request_duration_seconds"].GetMetric()[0])
			if got := l["http_request_method"] + " " + l["http_route"]; got != c.wantRoute || operation != c.wantRoute {
				t.Errorf("labels %q, operation %q, want %q", got, operation, c.wantRoute)
			}
			if got := l["http_response_status_code"]; !strings.HasPrefix(got, c.status) {
				t.Errorf("status %s, want %s", got, c.status)
			}
		})
	}
}

// TestRouteInsideTimeoutHandler puts the instrument where it sees the route.
func TestRouteInsideTimeoutHandler(t *testing.T) {
	in, _ := newInstrument(t, nil)
	handler := http.TimeoutHandler(in.Handler(newMux("GET /users/{userid}")), time.Minute, "")
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/users/lora", nil))
	if got := routesOf(t, in); !slices.Equal(got, []string{"/users/{userid}"}) {
		t.Errorf("got routes %q", got)
	}
}

// routesOf returns the values of the label http_route, sorted.
func routesOf(t *testing.T, in *middleware.Instrument) []string {
	t.Helper()
	seen := make(map[string]bool)
	for _, m := range gather(t, in)["http_server_request_duration_seconds"].GetMetric() {
		seen[labels(m)["http_route"]] = true
	}
	var all []string
	for r := range seen {
		all = append(all, r)
	}
	slices.Sort(all)
	return all
}

func TestNestedInstrumentsBothLearn(t *testing.T) {
	outer, outerRec := newInstrument(t, nil, availability)
	inner, innerRec := newInstrument(t, nil, availability)
	handler := outer.Handler(clones(inner.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		middleware.SetRoute(w, "/users/{userid}")
		middleware.SetError(w, http.ErrBodyNotAllowed)
	}))))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	for name, in := range map[string]*middleware.Instrument{"outer": outer, "inner": inner} {
		if got := routesOf(t, in); !slices.Equal(got, []string{"/users/{userid}"}) {
			t.Errorf("%s: got routes %q", name, got)
		}
	}
	for name, rec := range map[string]*sli.Recorder{"outer": outerRec, "inner": innerRec} {
		if c, _ := rec.Counts("availability"); c != (sli.Counts{Valid: 1}) {
			t.Errorf("%s: got %v, want one bad event", name, c)
		}
	}
}

func TestSetWithoutInstrument(t *testing.T) {
	for _, w := range []http.ResponseWriter{httptest.NewRecorder(), hidden{httptest.NewRecorder()}, hidden{nil}, nil} {
		for name, found := range map[string]bool{
			"SetRoute": middleware.SetRoute(w, "/users/{userid}"),
			"SetError": middleware.SetError(w, http.ErrBodyNotAllowed),
		} {
			if found {
				t.Errorf("%s found an instrument behind %T", name, w)
			}
		}
	}
}

// opaque hides the instrument: it has no Unwrap method.
type opaque struct{ http.ResponseWriter }

func TestSetReportsWhetherItFindsTheInstrument(t *testing.T) {
	for _, c := range []struct {
		name string
		wrap func(http.ResponseWriter) http.ResponseWriter
		want bool
	}{
		{"the instrument's writer", func(w http.ResponseWriter) http.ResponseWriter { return w }, true},
		{"a writer with Unwrap", func(w http.ResponseWriter) http.ResponseWriter { return hidden{hidden{w}} }, true},
		{"a writer without Unwrap", func(w http.ResponseWriter) http.ResponseWriter { return opaque{w} }, false},
		{"Unwrap below a writer without it", func(w http.ResponseWriter) http.ResponseWriter { return hidden{opaque{w}} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, rec := newInstrument(t, nil, availability)
			serveOnce(in, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w = c.wrap(w)
				for name, got := range map[string]bool{
					"SetRoute": middleware.SetRoute(w, "/users/{userid}"),
					"SetError": middleware.SetError(w, http.ErrBodyNotAllowed),
				} {
					if got != c.want {
						t.Errorf("%s: got %t, want %t", name, got, c.want)
					}
				}
			}))
			good := uint64(1)
			if c.want {
				good = 0 // SetError had an effect
			}
			if got, _ := rec.Counts("availability"); got != (sli.Counts{Good: good, Valid: 1}) {
				t.Errorf("got %v, want %d good of 1", got, good)
			}
		})
	}
}

// TestPatternsOfOnePathShareSeries serves one path by patterns with and
// without a method and a host.
func TestPatternsOfOnePathShareSeries(t *testing.T) {
	in, _ := newInstrument(t, nil)
	mux := newMux("GET a.example/items", "GET b.example/items", "/items")
	for _, url := range []string{"http://a.example/items", "http://b.example/items", "http://c.example/items"} {
		in.Handler(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", url, nil))
	}
	if got := onlyHistogram(t, in, "http_server_request_duration_seconds").GetSampleCount(); got != 3 {
		t.Errorf("got %d requests, want 3", got)
	}
}

// countSeries returns the number of series of each metric.
func countSeries(t *testing.T, in *middleware.Instrument) map[string]int {
	t.Helper()
	n := make(map[string]int)
	for name, family := range gather(t, in) {
		n[name] = len(family.GetMetric())
	}
	return n
}

// TestClientsMakeNoSeries varies everything that a hostile client can choose.
func TestClientsMakeNoSeries(t *testing.T) {
	random := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('A' + rand.IntN(26))
		}
		return string(b)
	}
	cases := []struct {
		name string
		n    int
		next func(i int) *http.Request
		want int // series of the duration
	}{
		{"methods and paths", 200, func(int) *http.Request { return httptest.NewRequest("X"+random(8), "/"+random(8), nil) }, 1},
		{"hosts", 3000, func(i int) *http.Request {
			return httptest.NewRequest("GET", fmt.Sprintf("http://host%d.example/shop/", i), nil)
		}, 1},
		{"CONNECT paths", 200, func(int) *http.Request { return httptest.NewRequest("CONNECT", "/tree/"+random(8), nil) }, 1},
		{"protocols", 20, func(i int) *http.Request {
			r := httptest.NewRequest("GET", "/shop/", nil)
			r.Proto = fmt.Sprintf("HTTP/%d.0", i)
			r.URL.Scheme = random(8)
			return r
		}, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in, _ := newInstrument(t, nil)
			handler := in.Handler(newMux("/shop/", "/tree/{leaf}/"))
			for i := range c.n {
				handler.ServeHTTP(httptest.NewRecorder(), c.next(i))
			}
			want := map[string]int{
				"http_server_request_duration_seconds": c.want,
				"http_server_request_body_size_bytes":  c.want,
				"http_server_response_body_size_bytes": c.want,
				"http_server_active_requests":          1,
			}
			if diff := cmp.Diff(want, countSeries(t, in)); diff != "" {
				t.Errorf("series (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStatusesBeyond599ShareOneSeries(t *testing.T) {
	in, rec := newInstrument(t, nil, availability)
	for status := 599; status <= 999; status++ {
		in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}
	got := make(map[string]uint64)
	for _, m := range gather(t, in)["http_server_request_duration_seconds"].GetMetric() {
		l := labels(m)
		got[l["http_response_status_code"]+" "+l["error_type"]] = m.GetHistogram().GetSampleCount()
	}
	if diff := cmp.Diff(map[string]uint64{"599 599": 1, "other other": 400}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c, _ := rec.Counts("availability"); c != (sli.Counts{Valid: 401}) {
		t.Errorf("got %v, want 401 bad events", c)
	}
}

// TestRoutesAreCapped misuses SetRoute: it passes URLs, from many goroutines.
func TestRoutesAreCapped(t *testing.T) {
	const maxRoutes, goroutines, each = 1000, 8, 300
	in, rec := newInstrument(t, nil, availability)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				setsRouteOnce(in, fmt.Sprintf("/users/%d", g*each+i))
			}
		})
	}
	wg.Wait()
	routes := routesOf(t, in)
	if len(routes) != maxRoutes+1 || !slices.Contains(routes, "overflow") {
		t.Errorf("got %d routes, want %d and overflow", len(routes), maxRoutes)
	}
	var requests uint64
	for _, m := range gather(t, in)["http_server_request_duration_seconds"].GetMetric() {
		requests += m.GetHistogram().GetSampleCount()
	}
	if c, _ := rec.Counts("availability"); requests != goroutines*each || c.Good != goroutines*each {
		t.Errorf("counted %d requests and %v, want %d", requests, c, goroutines*each)
	}
}

func setsRouteOnce(in *middleware.Instrument, pattern string) {
	in.Handler(setsRoute(pattern)).ServeHTTP(newStub(), httptest.NewRequest("GET", "/", nil))
}
