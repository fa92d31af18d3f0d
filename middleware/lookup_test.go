package middleware_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// answers returns a handler of one status.
func answers(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
}

// TestLostPattern serves requests that come back without a pattern.
func TestLostPattern(t *testing.T) {
	shop := http.NewServeMux()
	shop.Handle("GET /users/{id}", http.HandlerFunc(ok))
	shop.Handle("GET /missing/{id}", answers(404))
	shop.Handle("POST /orders", answers(503))
	shop.Handle("CONNECT /tunnel", http.HandlerFunc(ok))
	shop.Handle("PROPFIND /files/{name}", http.HandlerFunc(ok))
	shop.Handle("/{$}", http.HandlerFunc(ok))
	refuses := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(401) })
	withMux := middleware.Options{Mux: shop}

	cases := []struct {
		name         string
		opts         middleware.Options
		handler      http.Handler
		request      [2]string
		want         string
		wantUnrouted uint64
	}{
		{"copied", withMux, clones(shop), [2]string{"GET", "/users/7"}, "GET /users/{id}", 0},
		{"copied, HEAD", withMux, clones(shop), [2]string{"HEAD", "/users/7"}, "HEAD /users/{id}", 0},
		{"copied, a failure", withMux, clones(shop), [2]string{"POST", "/orders"}, "POST /orders", 0},
		{"copied, the handler's 404", withMux, clones(shop), [2]string{"GET", "/missing/7"}, "GET /missing/{id}", 0},
		{"copied, the mux's 404", withMux, clones(shop), [2]string{"GET", "/no/such"}, "GET unmatched", 0},
		{"copied, the mux's 405", withMux, clones(shop), [2]string{"PUT", "/users/7"}, "PUT unmatched", 0},
		{"copied, CONNECT", withMux, clones(shop), [2]string{"CONNECT", "/tunnel"}, "CONNECT /tunnel", 0},
		{"copied, a method of WebDAV", withMux, clones(shop), [2]string{"PROPFIND", "/files/a"}, "_OTHER /files/{name}", 0},
		{"copied, an escaped slash", withMux, clones(shop), [2]string{"GET", "/users/a%2Fb"}, "GET /users/{id}", 0},
		{"answered in front of the mux", withMux, refuses, [2]string{"GET", "/users/7"}, "GET /users/{id}", 0},
		{"SetRoute wins", withMux, setsRoute("profile"), [2]string{"GET", "/users/7"}, "GET profile", 0},
		{"the mux of the options does not know it", withMux, clones(newMux("/other")), [2]string{"GET", "/other"}, "GET unmatched", 1},

		{"no mux known", middleware.Options{}, clones(shop), [2]string{"GET", "/users/7"}, "GET unmatched", 1},
		{"no mux known, 503", middleware.Options{}, clones(shop), [2]string{"POST", "/orders"}, "POST unmatched", 1},
		{"no mux known, 404", middleware.Options{}, clones(shop), [2]string{"GET", "/no/such"}, "GET unmatched", 0},
		{"no mux known, 405", middleware.Options{}, clones(shop), [2]string{"PUT", "/users/7"}, "PUT unmatched", 0},
		{"no router at all", middleware.Options{}, http.HandlerFunc(ok), [2]string{"GET", "/"}, "GET unmatched", 1},
		{"a mux directly", middleware.Options{}, shop, [2]string{"GET", "/users/7"}, "GET /users/{id}", 0},
		{"a mux directly, 404", middleware.Options{}, shop, [2]string{"GET", "/no/such"}, "GET unmatched", 0},
		{"a redirect of CONNECT", middleware.Options{}, newMux("/tree/{leaf}/"), [2]string{"CONNECT", "/tree/a"}, "CONNECT unmatched", 0},
		{"OPTIONS *", middleware.Options{}, shop, [2]string{"OPTIONS", "*"}, "OPTIONS unmatched", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var operation string
			c.opts.Done = func(r middleware.Record) { operation = r.Event.Operation }
			in, rec := newInstrument(t, &c.opts, availability)
			in.Handler(c.handler).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(c.request[0], c.request[1], nil))
			if operation != c.want {
				t.Errorf("got %q, want %q", operation, c.want)
			}
			if got := rec.Report().Unrouted; got != c.wantUnrouted {
				t.Errorf("got %d unrouted requests, want %d", got, c.wantUnrouted)
			}
		})
	}
}

// TestLostPatternsAreLoggedOnce waits until the warning is due.
func TestLostPatternsAreLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		in, rec := newInstrument(t, &middleware.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}, availability)
		handler := in.Handler(clones(newMux("GET /users/{id}")))
		for range 1000 {
			handler.ServeHTTP(newStub(), httptest.NewRequest("GET", "/users/7", nil))
		}
		for range 3 {
			time.Sleep(10 * time.Minute)
			rec.Counts("availability")
		}
		if got := strings.Count(log.String(), "1000 requests had no pattern"); got != 1 || strings.Count(log.String(), "\n") != 1 {
			t.Errorf("got %d warnings, want 1 and no other line:\n%s", got, &log)
		}
	})
}

// TestLostPatternOfARealRequest copies a request of a real server.
func TestLostPatternOfARealRequest(t *testing.T) {
	mux := newMux("GET /users/{id}")
	in, _ := newInstrument(t, &middleware.Options{Mux: mux})
	server := httptest.NewServer(in.Handler(clones(mux)))
	defer server.Close()
	fetch(t, server, "GET", "/users/7", nil)
	server.Close() // waits for the handler's return
	if diff := cmp.Diff([]string{"/users/{id}"}, routesOf(t, in)); diff != "" {
		t.Errorf("routes (-want +got):\n%s", diff)
	}
}

// TestPreflight sends requests with and without the headers of a preflight
// request.
func TestPreflight(t *testing.T) {
	explicit := sli.Indicator{
		Service: "users", Name: "explicit", Requests: []string{"OPTIONS /users"}, Good: sli.Condition{Status: []string{"2xx"}},
	}
	cases := []struct {
		name                string
		method              string
		headers             []string
		wantAll, wantNaming sli.Counts
	}{
		{"a preflight", "OPTIONS", []string{"Origin", "Access-Control-Request-Method"}, sli.Counts{}, sli.Counts{Good: 1, Valid: 1}},
		{"OPTIONS of an origin", "OPTIONS", []string{"Origin"}, sli.Counts{Good: 1, Valid: 1}, sli.Counts{Good: 1, Valid: 1}},
		{"OPTIONS without an origin", "OPTIONS", []string{"Access-Control-Request-Method"}, sli.Counts{Good: 1, Valid: 1}, sli.Counts{Good: 1, Valid: 1}},
		{"GET with both headers", "GET", []string{"Origin", "Access-Control-Request-Method"}, sli.Counts{Good: 1, Valid: 1}, sli.Counts{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in, rec := newInstrument(t, nil, availability, explicit)
			r := httptest.NewRequest(c.method, "/users", nil)
			for _, h := range c.headers {
				r.Header.Set(h, "x")
			}
			in.Handler(newMux("/users")).ServeHTTP(httptest.NewRecorder(), r)
			all, _ := rec.Counts("availability")
			naming, _ := rec.Counts("explicit")
			if all != c.wantAll || naming != c.wantNaming {
				t.Errorf("got %v of all requests, %v of OPTIONS, want %v and %v", all, naming, c.wantAll, c.wantNaming)
			}
		})
	}
}

// TestPreflightInFrontOfTheMux is answered by a filter, as CORS packages do.
func TestPreflightInFrontOfTheMux(t *testing.T) {
	in, rec := newInstrument(t, nil, availability)
	r := httptest.NewRequest("OPTIONS", "/users", nil)
	r.Header.Set("Origin", "https://shop.example")
	r.Header.Set("Access-Control-Request-Method", "PUT")
	in.Handler(answers(204)).ServeHTTP(httptest.NewRecorder(), r)
	report := rec.Report()
	if report.Unrouted != 0 {
		t.Errorf("got %d unrouted requests, want 0", report.Unrouted)
	}
	if got := report.Indicators[0].Ignored[sli.ReasonPreflight]; got != 1 {
		t.Errorf("got %d ignored preflights, want 1", got)
	}
}
