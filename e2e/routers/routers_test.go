package routers

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	echo4 "github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

var errOutOfStock = errors.New("out of stock")

// A service has users and files, whose names are the rest of a path, and items
// in a router below. The user "fails" fails by the router's own way, which may
// answer when the handler has returned. The user "panics" panics, and "hangs"
// hangs until the test ends.
type service struct {
	handler           func(in *middleware.Instrument, hang func()) http.Handler
	user, files, item string // routes
	fails             int    // status of a failure
	noItem            string // route of 404 in the router below
	notAllowed        string // route of 405
	late              bool   // the route is set when the handler returns
}

// answer returns the handler of a service.
func answer(hang func()) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch path.Base(r.URL.Path) {
		case "fails":
			http.Error(w, errOutOfStock.Error(), http.StatusServiceUnavailable)
		case "panics":
			panic("boom")
		case "hangs":
			hang()
		default:
			_, _ = io.WriteString(w, "ok")
		}
	}
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

// standard returns the constructor of a service from the constructor that the
// documentation shows.
func standard(serve func(*middleware.Instrument, http.HandlerFunc) http.Handler) func(*middleware.Instrument, func()) http.Handler {
	return func(in *middleware.Instrument, hang func()) http.Handler { return serve(in, answer(hang)) }
}

func serveGin(in *middleware.Instrument, hang func()) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultErrorWriter = io.Discard
	return Gin(in, func(c *gin.Context) {
		if c.Param("id") == "fails" {
			_ = c.AbortWithError(503, errOutOfStock)
			return
		}
		answer(hang)(c.Writer, c.Request)
	})
}

func handleEcho4(hang func()) echo4.HandlerFunc {
	return func(c echo4.Context) error {
		if c.Param("id") == "fails" {
			return errOutOfStock
		}
		answer(hang)(c.Response(), c.Request())
		return nil
	}
}

func serveEcho4(in *middleware.Instrument, hang func()) http.Handler {
	return Echo4(in, handleEcho4(hang))
}

func serveEcho4Inside(in *middleware.Instrument, hang func()) http.Handler {
	return Echo4Inside(in, handleEcho4(hang))
}

func serveEcho5(in *middleware.Instrument, hang func()) http.Handler {
	return Echo5(in, func(c *echo5.Context) error {
		if c.Param("id") == "fails" {
			return errOutOfStock
		}
		answer(hang)(c.Response(), c.Request())
		return nil
	})
}

// chiRouteAtReturn may be used by a whole router, but learns the route only
// when the handler returns.
func chiRouteAtReturn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { middleware.SetRoute(w, chi.RouteContext(r.Context()).RoutePattern()) }()
		next.ServeHTTP(w, r)
	})
}

func serveChiAtReturn(in *middleware.Instrument, hang func()) http.Handler {
	router := chi.NewRouter()
	router.Use(chiRouteAtReturn)
	router.Get("/users/{id}", answer(hang))
	router.Get("/files/*", ok)
	router.Route("/api", func(r chi.Router) { r.Get("/items/{id}", ok) })
	return in.Handler(router)
}

var services = map[string]service{
	"net/http":       {standard(NetHTTP), "/users/{id}", "/files/{path...}", "/api/items/{id}", 503, "/api/", "unmatched", false},
	"chi":            {standard(Chi), "/users/{id}", "/files/*", "/api/items/{id}", 503, "unmatched", "unmatched", false},
	"chi, Use":       {serveChiAtReturn, "/users/{id}", "/files/*", "/api/items/{id}", 503, "/api/*", "unmatched", true},
	"gorilla/mux":    {standard(Gorilla), "/users/{id}", "/files/{path:.*}", "/api/items/{id:[0-9]+}", 503, "unmatched", "unmatched", false},
	"httprouter":     {standard(HTTPRouter), "/users/:id", "/files/*path", "/api/items/:id", 503, "unmatched", "unmatched", false},
	"gin":            {serveGin, "/users/:id", "/files/*path", "/api/items/:id", 503, "unmatched", "unmatched", false},
	"echo 4":         {serveEcho4, "/users/:id", "/files/*", "/api/items/:id", 500, "unmatched", "/users/:id", false},
	"echo 4, inside": {serveEcho4Inside, "/users/:id", "/files/*", "/api/items/:id", 500, "unmatched", "/users/:id", false},
	"echo 5":         {serveEcho5, "/users/:id", "/files/*", "/api/items/:id", 500, "unmatched", "/users/:id", false},
}

// TestRouters makes each kind of request to each service. The span, the line
// of the access log, the metric and the event have the same route, and the
// span, the line and the response the same request ID.
func TestRouters(t *testing.T) {
	for name, s := range services {
		for _, c := range []struct {
			name, request, route string
			status               int
			verdict              sli.Counts
		}{
			{"a wildcard", "GET /users/7", s.user, 200, sli.Counts{Good: 1, Valid: 1}},
			{"the rest of the path", "GET /files/a/b", s.files, 200, sli.Counts{Good: 1, Valid: 1}},
			{"a router below", "GET /api/items/7", s.item, 200, sli.Counts{Good: 1, Valid: 1}},
			{"a failure", "GET /users/fails", s.user, s.fails, sli.Counts{Valid: 1}},
			{"a panic", "GET /users/panics", s.user, 500, sli.Counts{Valid: 1}},
			{"404", "GET /no/such/page", "unmatched", 404, sli.Counts{Good: 1, Valid: 1}},
			{"404 below", "GET /api/nothing", s.noItem, 404, sli.Counts{Good: 1, Valid: 1}},
			{"405", "PUT /users/7", s.notAllowed, 405, sli.Counts{Good: 1, Valid: 1}},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				o := observe(t)
				server := start(t, s.handler(o.in, nil))
				status, id := o.request(t, server, c.request)
				if status != c.status && status != 0 { // net/http answers no panic
					t.Errorf("the client got %d, want %d", status, c.status)
				}
				event := <-o.events
				server.Close() // waits for the handler's goroutine
				method, _, _ := strings.Cut(c.request, " ")
				if want := method + " " + c.route; event.Operation != want || event.Status != c.status {
					t.Errorf("got %v, want %s %d", event, want, c.status)
				}
				if got, _ := o.rec.Counts("availability"); got != c.verdict {
					t.Errorf("got %v, want %v", got, c.verdict)
				}
				if got := o.rec.Report().Unrouted; got != 0 {
					t.Errorf("got %d requests without a route", got)
				}
				o.agree(t, method, c.route, id)
			})
		}
	}
}

// TestHangs lets a client leave a handler that hangs. The request counts for
// its route at once, if the route was set before the handler.
func TestHangs(t *testing.T) {
	for name, s := range services {
		if s.late {
			continue
		}
		t.Run(name, func(t *testing.T) {
			rec, err := sli.NewRecorder(sli.Indicator{
				Service: "users", Name: "availability", Requests: []string{"GET " + s.user},
				Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}, Patience: time.Millisecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			in, err := middleware.New(rec, nil)
			if err != nil {
				t.Fatal(err)
			}
			entered, release := make(chan struct{}), make(chan struct{})
			server := start(t, s.handler(in, func() { close(entered); <-release }))
			defer close(release)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-entered
				cancel()
			}()
			r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/users/hangs", nil)
			if err != nil {
				t.Fatal(err)
			}
			if resp, err := server.Client().Do(r); err == nil {
				_ = resp.Body.Close()
				t.Errorf("got %s, want no answer", resp.Status)
			}
			if got := firstCount(rec); got != (sli.Counts{Valid: 1}) {
				t.Errorf("got %v while the handler hangs, want a bad event", got)
			}
		})
	}
}

// firstCount returns the counts of availability once there is a valid event,
// and gives up after ten seconds. The recorder looks at requests in flight when
// it is read.
func firstCount(rec *sli.Recorder) (got sli.Counts) {
	for deadline := time.Now().Add(10 * time.Second); got.Valid == 0 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		got, _ = rec.Counts("availability")
	}
	return got
}

// TestMuxBelowAnotherRouter strips two prefixes in front of one ServeMux.
func TestMuxBelowAnotherRouter(t *testing.T) {
	users := http.NewServeMux()
	users.HandleFunc("GET /users/{id}", ok)
	byChi, byGorilla := chi.NewRouter(), mux.NewRouter()
	byChi.Group(func(r chi.Router) {
		r.Use(chiRoute)
		r.Handle("/v1/*", http.StripPrefix("/v1", middleware.ReportRoute(users)))
		r.Handle("/v2/*", http.StripPrefix("/v2", middleware.ReportRoute(users)))
	})
	byGorilla.Use(gorillaRoute)
	byGorilla.PathPrefix("/v1/").Handler(http.StripPrefix("/v1", middleware.ReportRoute(users)))
	byGorilla.PathPrefix("/v2/").Handler(http.StripPrefix("/v2", middleware.ReportRoute(users)))
	for name, router := range map[string]http.Handler{"chi": byChi, "gorilla/mux": byGorilla} {
		in, _, done := instrument(t)
		server := start(t, in.Handler(router))
		for _, version := range []string{"/v1", "/v2"} {
			resp, err := server.Client().Get(server.URL + version + "/users/7")
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if got, want := (<-done).Operation, "GET "+version+"/users/{id}"; got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	}
}

// TestEchoAnswersAfterTheMiddleware shows why the instrument belongs outside
// echo, or needs a middleware that answers errors: here the client gets 500,
// and only a warning tells that it was counted as 200.
func TestEchoAnswersAfterTheMiddleware(t *testing.T) {
	var log strings.Builder
	rec, err := sli.NewRecorder(availability)
	if err != nil {
		t.Fatal(err)
	}
	in, err := middleware.New(rec, &middleware.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	e := echo4.New()
	e.Use(echo4.WrapMiddleware(in.Handler))
	e.GET("/users/:id", handleEcho4(nil))
	server := start(t, e)
	resp, err := server.Client().Get(server.URL + "/users/fails")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	server.Close() // waits for echo
	if !strings.Contains(log.String(), "began after its handler had returned") {
		t.Errorf("got no warning:\n%s", log.String())
	}
	if got, _ := rec.Counts("availability"); resp.StatusCode != 500 || got != (sli.Counts{Good: 1, Valid: 1}) {
		t.Errorf("the client got %d, the recorder %v; if echo now answers in time, the documentation can be shorter", resp.StatusCode, got)
	}
}

var availability = sli.Indicator{
	Service: "users", Name: "availability", Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
}

// instrument returns an instrument that sends its events on a channel.
func instrument(t *testing.T) (*middleware.Instrument, *sli.Recorder, chan sli.Event) {
	t.Helper()
	rec, err := sli.NewRecorder(availability)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan sli.Event, 10)
	in, err := middleware.New(rec, &middleware.Options{Done: func(r middleware.Record) { done <- r.Event }})
	if err != nil {
		t.Fatal(err)
	}
	return in, rec, done
}

// start starts a server that speaks HTTP/1 and HTTP/2 without TLS, and does not
// log panics.
func start(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	return server
}
