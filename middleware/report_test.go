package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
)

// muxOf returns a mux with one handler.
func muxOf(pattern string, handler http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle(pattern, handler)
	return mux
}

// stripped serves handler by a mux that strips a prefix.
func stripped(pattern, prefix string, handler http.Handler) *http.ServeMux {
	return muxOf(pattern, http.StripPrefix(prefix, handler))
}

// stripsSegments strips segments that the client chooses.
func stripsSegments(n int, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		segments := strings.SplitAfterN(r.URL.Path, "/", n+2)
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = "/"+strings.Join(segments[n+1:], ""), ""
		next.ServeHTTP(w, r)
	})
}

// setsBefore sets the route before it calls next.
func setsBefore(pattern string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		middleware.SetRoute(w, pattern)
		next.ServeHTTP(w, r)
	})
}

// operationOf returns the operation of one request to a handler.
func operationOf(t *testing.T, handler http.Handler, opts middleware.Options, method, target string) string {
	t.Helper()
	var operation string
	opts.Done = func(r middleware.Record) { operation = r.Event.Operation }
	in, _ := newInstrument(t, &opts)
	in.Handler(handler).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, target, nil))
	return operation
}

func TestReportRouteBehindStripPrefix(t *testing.T) {
	report := middleware.ReportRoute
	users := report(newMux("GET /users/{id}"))
	both := http.NewServeMux()
	both.Handle("/v1/", http.StripPrefix("/v1", users))
	both.Handle("/v2/", http.StripPrefix("/v2", users))
	byMethod := http.NewServeMux()
	byMethod.Handle("GET shop.example/v1/", http.StripPrefix("/v1", report(newMux("GET api.example/users/{id}", "shop.example/users/{id}"))))
	deep := func(wrap func(http.Handler) http.Handler) http.Handler {
		return stripped("/v1/", "/v1", wrap(stripped("/admin/", "/admin", users)))
	}
	plain := func(h http.Handler) http.Handler { return h }
	named := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		middleware.SetRoute(w, "profile")
		ok(w, r)
	})

	cases := []struct {
		name    string
		handler http.Handler
		request string
		want    string
	}{
		{"the first of two prefixes", both, "GET /v1/users/7", "GET /v1/users/{id}"},
		{"the second of two prefixes", both, "GET /v2/users/7", "GET /v2/users/{id}"},
		{"copied requests", clones(both), "GET /v2/users/7", "GET /v2/users/{id}"},
		{"copied between the muxes", stripped("/v1/", "/v1", clones(users)), "GET /v1/users/7", "GET /v1/users/{id}"},
		{"no match inside", both, "GET /v1/orders", "GET /v1/"},
		{"methods and hosts", byMethod, "GET http://shop.example/v1/users/7", "GET /v1/users/{id}"},
		{"the end marker", stripped("/v1/", "/v1", report(newMux("/{$}"))), "GET /v1/", "GET /v1/{$}"},
		{"a subtree inside", stripped("/v1/", "/v1", report(newMux("/"))), "GET /v1/a/b", "GET /v1/"},
		{"a wildcard for the rest inside", stripped("/v1/", "/v1", report(newMux("/{path...}"))), "GET /v1/a/b", "GET /v1/{path...}"},
		{"a prefix of several segments", stripped("/api/v1/", "/api/v1", users), "GET /api/v1/users/7", "GET /api/v1/users/{id}"},
		{"a part of the outer pattern", stripped("/api/v1/", "/api", report(newMux("/v1/users/{id}"))), "GET /api/v1/users/7", "GET /api/v1/users/{id}"},
		{"the same path behind the prefix", stripped("/a/", "/a", report(newMux("/a/{id}"))), "GET /a/a/7", "GET /a/a/{id}"},
		{"the same pattern behind the prefix", stripped("/a/", "/a", report(newMux("/a/"))), "GET /a/a/7", "GET /a/a/"},
		{"a wildcard in the prefix", muxOf("/t/{tenant}/", stripsSegments(2, users)), "GET /t/acme/users/7", "GET /t/{tenant}/users/{id}"},
		{"a tenant with a slash", muxOf("/t/{tenant}/", stripsSegments(3, users)), "GET /t/a%2Fb/users/7", "GET /t/{tenant}/users/{id}"},
		{"an outer wildcard for the rest", muxOf("/files/{path...}", stripsSegments(3, users)), "GET /files/a/b/users/7", "GET /files/{path...}/users/{id}"},
		{"an outer end marker is no segment", muxOf("/{$}", stripsSegments(0, report(newMux("/")))), "GET /", "GET /"},
		{"a prefix that the outer pattern lacks", muxOf("/", stripsSegments(1, users)), "GET /client/users/7", "GET /users/{id}"},
		{"without an outer mux", http.StripPrefix("/v1", users), "GET /v1/users/7", "GET /users/{id}"},
		{"behind a router that set its route", setsBefore("/v2/*", http.StripPrefix("/v2", users)), "GET /v2/users/7", "GET /v2/users/{id}"},
		{"behind such a router, no match inside", setsBefore("/v2/*", http.StripPrefix("/v2", users)), "GET /v2/orders", "GET /v2/*"},
		{"behind such a router, without StripPrefix", setsBefore("/*", clones(report(newMux("/users/{id}")))), "GET /users/7", "GET /users/{id}"},
		{"without StripPrefix", muxOf("/api/", report(newMux("/api/users/{id}"))), "GET /api/users/7", "GET /api/users/{id}"},
		{"two prefixes, each reported", deep(report), "GET /v1/admin/users/7", "GET /v1/admin/users/{id}"},
		{"two prefixes, the outer one not reported", deep(plain), "GET /v1/admin/users/7", "GET /v1/admin/users/{id}"},
		{"two prefixes, copied between", deep(func(h http.Handler) http.Handler { return clones(report(clones(h))) }), "GET /v1/admin/users/7", "GET /v1/admin/users/{id}"},
		{"two prefixes, no match inside", deep(report), "GET /v1/admin/orders", "GET /v1/admin/"},
		{"no match in the middle", clones(report(deep(report))), "GET /v1/orders", "GET /v1/"},
		{"ReportRoute around StripPrefix", muxOf("/v1/", report(http.StripPrefix("/v1", newMux("/users/{id}")))), "GET /v1/users/7", "GET /v1/"},
		{"ReportRoute around a handler behind StripPrefix", stripped("/v1/", "/v1", report(http.HandlerFunc(ok))), "GET /v1/users/7", "GET /v1/"},
		{"ReportRoute around a middleware of a mux", stripped("/v1/", "/v1", report(hides(newMux("/users/{id}")))), "GET /v1/users/7", "GET /v1/users/{id}"},
		{"SetRoute inside ReportRoute", clones(report(muxOf("/users/{id}", named))), "GET /users/7", "GET profile"},
		{"ReportRoute twice, copied between", clones(report(muxOf("/api/", clones(report(newMux("/api/users/{id}")))))), "GET /api/users/7", "GET /api/users/{id}"},
		{"a rewritten path", muxOf("/old/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r = r.Clone(r.Context())
			r.URL.Path = "/users/7/"
			report(newMux("/users/{id}/")).ServeHTTP(w, r)
		})), "GET /old/7", "GET /users/{id}/"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			method, target, _ := strings.Cut(c.request, " ")
			if got := operationOf(t, c.handler, middleware.Options{}, method, target); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestClientsMakeNoSeriesThroughReportRoute sends paths that a mux redirects
// and paths below prefixes of the client's choice.
func TestClientsMakeNoSeriesThroughReportRoute(t *testing.T) {
	tree := middleware.ReportRoute(newMux("/tree/{id}/"))
	handlers := map[string]struct {
		handler http.Handler
		opts    middleware.Options
		path    string
	}{
		"a copy":                     {clones(tree), middleware.Options{}, "/tree/a%d"},
		"no copy":                    {tree, middleware.Options{}, "/tree/a%d"},
		"the mux of the options":     {clones(newMux("/tree/{id}/")), middleware.Options{Mux: newMux("/tree/{id}/")}, "/tree/a%d"},
		"behind StripPrefix":         {stripped("/v1/", "/v1", tree), middleware.Options{}, "/v1/tree/a%d"},
		"behind a wildcard's prefix": {muxOf("/", stripsSegments(1, tree)), middleware.Options{}, "/b%[1]d/tree/a%[1]d/"},
	}
	for name, h := range handlers {
		for _, method := range []string{"CONNECT", "GET", "HEAD", "OPTIONS", "BREW", "connect"} {
			t.Run(name+" "+method, func(t *testing.T) {
				in, _ := newInstrument(t, &h.opts)
				handler := in.Handler(h.handler)
				for i := range 1500 {
					handler.ServeHTTP(newStub(), httptest.NewRequest(method, fmt.Sprintf(h.path, i), nil))
				}
				if got := countSeries(t, in)["http_server_request_duration_seconds"]; got != 1 {
					t.Errorf("got %d label sets, want 1", got)
				}
			})
		}
	}
}

func TestReportRouteServesWithoutInstrument(t *testing.T) {
	w := httptest.NewRecorder()
	middleware.ReportRoute(newMux("/")).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if got := w.Body.String(); got != "ok" {
		t.Errorf("got %q, want ok", got)
	}
}

// TestReportRouteInsideNestedInstruments composes the route of each instrument
// from the part of the path that it sees.
func TestReportRouteInsideNestedInstruments(t *testing.T) {
	outer, _ := newInstrument(t, nil)
	inner, _ := newInstrument(t, nil)
	users := inner.Handler(stripped("/admin/", "/admin", middleware.ReportRoute(newMux("/users/{id}"))))
	outer.Handler(stripped("/v1/", "/v1", users)).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/v1/admin/users/7", nil))
	got := map[string][]string{"outer": routesOf(t, outer), "inner": routesOf(t, inner)}
	want := map[string][]string{"outer": {"/v1/admin/users/{id}"}, "inner": {"/admin/users/{id}"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-want +got):\n%s", diff)
	}
}

// TestReportRouteOfAPanic reports the route of a handler that panics.
func TestReportRouteOfAPanic(t *testing.T) {
	in, _ := newInstrument(t, nil)
	defer func() {
		_ = recover()
		if got := routesOf(t, in); !slices.Equal(got, []string{"/"}) {
			t.Errorf("got routes %q, want /", got)
		}
	}()
	serveOnce(in, clones(middleware.ReportRoute(muxOf("/", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("no such table")
	})))))
}
