package middleware_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// eventually reads the counters until the condition holds. The recorder looks
// at requests in flight at most once in 100 ms.
func eventually(t *testing.T, failure string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after 10 s: %s", failure)
		}
	}
}

// abandon makes a request whose client disconnects when the handler hangs.
func abandon(t *testing.T, server *httptest.Server, r *http.Request, entered <-chan struct{}) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-entered
		cancel()
	}()
	r = r.WithContext(ctx)
	if resp, err := server.Client().Transport.RoundTrip(r); err == nil {
		_ = resp.Body.Close()
		t.Errorf("got %s, want no answer", resp.Status)
	}
}

// TestHangCountsForItsRoute lets requests hang whose route the request does
// not show, and reads the counters before their handlers return.
func TestHangCountsForItsRoute(t *testing.T) {
	report := middleware.ReportRoute
	cases := []struct {
		name  string
		serve func(hang http.Handler) (http.Handler, middleware.Options)
		path  string
		want  string
	}{
		{"a mux", func(hang http.Handler) (http.Handler, middleware.Options) {
			return muxOf("GET /users/{id}", hang), middleware.Options{}
		}, "/users/7", "GET /users/{id}"},
		{"SetRoute", func(hang http.Handler) (http.Handler, middleware.Options) {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				middleware.SetRoute(w, "/users/{id}")
				hang.ServeHTTP(w, r)
			}), middleware.Options{}
		}, "/users/7", "GET /users/{id}"},
		{"the mux of the options", func(hang http.Handler) (http.Handler, middleware.Options) {
			mux := muxOf("GET /users/{id}", hang)
			return clones(mux), middleware.Options{Mux: mux}
		}, "/users/7", "GET /users/{id}"},
		{"ReportRoute", func(hang http.Handler) (http.Handler, middleware.Options) {
			return clones(report(muxOf("GET /users/{id}", hang))), middleware.Options{}
		}, "/users/a%2Fb", "GET /users/{id}"},
		{"ReportRoute behind StripPrefix", func(hang http.Handler) (http.Handler, middleware.Options) {
			return stripped("/v1/", "/v1", clones(report(muxOf("/users/{id}", hang)))), middleware.Options{}
		}, "/v1/users/a%2Fb", "GET /v1/users/{id}"},
		{"ReportRoute below a router that set its route", func(hang http.Handler) (http.Handler, middleware.Options) {
			return setsBefore("/v1/*", http.StripPrefix("/v1", report(muxOf("/users/{id}", hang)))), middleware.Options{}
		}, "/v1/users/7", "GET /v1/users/{id}"},
		{"SetRoute in ReportRoute", func(hang http.Handler) (http.Handler, middleware.Options) {
			return clones(report(muxOf("/users/{id}", setsBefore("profile", hang)))), middleware.Options{}
		}, "/users/7", "GET profile"},
		{"ReportRoute in ReportRoute", func(hang http.Handler) (http.Handler, middleware.Options) {
			return clones(report(stripped("/v1/", "/v1", clones(report(muxOf("/users/{id}", hang)))))), middleware.Options{}
		}, "/v1/users/7", "GET /v1/users/{id}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			entered, release := make(chan struct{}), make(chan struct{})
			handler, opts := c.serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				close(entered)
				<-release
			}))
			route := availability
			route.Requests, route.Patience = []string{c.want}, time.Millisecond
			in, rec := newInstrument(t, &opts, route)
			server := newServer(t, "HTTP/1.1", in.Handler(handler))
			r, err := http.NewRequest("GET", server.URL+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			abandon(t, server, r, entered)
			eventually(t, "the hang is not counted", func() bool {
				counts, _ := rec.Counts("availability")
				return counts == sli.Counts{Valid: 1}
			})
			close(release)
			server.Close() // waits for the handler's return
			if counts, _ := rec.Counts("availability"); counts != (sli.Counts{Valid: 1}) {
				t.Errorf("got %v at the return, want the same bad event", counts)
			}
		})
	}
}

// TestHangsThatAreNotJudged lets a stream and a preflight hang.
func TestHangsThatAreNotJudged(t *testing.T) {
	for name, c := range map[string]struct {
		method  string
		enter   func(http.ResponseWriter)
		atOnce  uint64 // preflights
		finally row
	}{
		"a long poll": {"GET", func(w http.ResponseWriter) { middleware.SetStream(w) }, 0, row{"200", "", "good"}},
		"a preflight": {"OPTIONS", func(http.ResponseWriter) {}, 1, row{"499", "canceled", "ignored"}},
	} {
		t.Run(name, func(t *testing.T) {
			entered, release := make(chan struct{}), make(chan struct{})
			hasty := availability
			hasty.Patience = time.Millisecond
			in, rec := newInstrument(t, nil, hasty)
			server := newServer(t, "HTTP/1.1", in.Handler(muxOf("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c.enter(w)
				close(entered)
				<-r.Context().Done()
				<-release
			}))))
			r, err := http.NewRequest(c.method, server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", "https://shop.example")
			r.Header.Set("Access-Control-Request-Method", "PUT")
			abandon(t, server, r, entered)
			for range 3 { // walks
				time.Sleep(110 * time.Millisecond)
				if counts, _ := rec.Counts("availability"); counts != (sli.Counts{}) {
					t.Fatalf("got %v in flight, want nothing", counts)
				}
			}
			close(release)
			server.Close()
			got := row{}
			got.status, got.errorType = onlySeries(t, in)
			counts, _ := rec.Counts("availability")
			if got.verdict = verdict(counts); got != c.finally {
				t.Errorf("got %v, want %v", got, c.finally)
			}
			if got := rec.Report().Indicators[0].Ignored[sli.ReasonPreflight]; got != c.atOnce {
				t.Errorf("got %d preflights, want %d", got, c.atOnce)
			}
		})
	}
}

// TestHangCountsForItsGroup judges a request before and after its group is
// set.
func TestHangCountsForItsGroup(t *testing.T) {
	for name, c := range map[string]struct{ early, set, want string }{
		"before it is set": {"", "", "other"},
		"after SetGroup":   {"", "gold", "gold"},
		"by the option":    {"acme", "", "acme"},
	} {
		t.Run(name, func(t *testing.T) {
			entered, release := make(chan struct{}), make(chan struct{})
			grouped := availability
			grouped.Patience, grouped.Groups = time.Millisecond, sli.Groups{Values: []string{"acme", "gold"}}
			in, rec := newInstrument(t, &middleware.Options{Group: func(*http.Request) string { return c.early }}, grouped)
			server := newServer(t, "HTTP/1.1", in.Handler(muxOf("/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c.set != "" {
					middleware.SetGroup(w, c.set)
				}
				close(entered)
				<-release
				middleware.SetGroup(w, "gold")
			}))))
			r, err := http.NewRequest("GET", server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			abandon(t, server, r, entered)
			bad := func() (group string) {
				for _, g := range rec.Report().Indicators[0].Groups {
					if g.Counts.Bad() > 0 {
						group += g.Name
					}
				}
				return group
			}
			eventually(t, "the hang is not counted", func() bool { return bad() != "" })
			close(release)
			server.Close()
			if got := bad(); got != c.want {
				t.Errorf("got a bad event of %q, want of %q", got, c.want)
			}
		})
	}
}
