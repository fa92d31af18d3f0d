package routers_test

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"
	echo4 "github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

var errOutOfStock = errors.New("out of stock")

// A service has GET /users/{id}, GET /files/a/b, which the rest of a path
// matches, GET /api/items/{id} in a router below, and three routes that fail:
// /fails by the router's own way, which may answer when the handler has
// returned, /panics, and /hangs until the test ends.
type service struct {
	handler           func(in *middleware.Instrument, hang func()) http.Handler
	user, files, item string // routes
	fails             int    // status of /fails
	notAllowed, hangs string // routes of 405, and of a request in flight
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

func fails(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, errOutOfStock.Error(), http.StatusServiceUnavailable)
}

func panics(http.ResponseWriter, *http.Request) { panic("boom") }

func hangs(hang func()) http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) { hang() }
}

// chiRoute sets the route of chi. Use it in a Group or by With, since chi has
// not found the route when the middlewares of a whole router run.
func chiRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		middleware.SetRoute(w, chi.RouteContext(r.Context()).RoutePattern())
		next.ServeHTTP(w, r)
	})
}

func serveChi(in *middleware.Instrument, hang func()) http.Handler {
	router := chi.NewRouter()
	router.Group(func(r chi.Router) {
		r.Use(chiRoute)
		r.Get("/users/{id}", ok)
		r.Get("/files/*", ok)
		r.Get("/fails", fails)
		r.Get("/panics", panics)
		r.Get("/hangs", hangs(hang))
	})
	items := chi.NewRouter()
	items.With(chiRoute).Get("/items/{id}", ok)
	router.Mount("/api", items)
	return in.Handler(router)
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
	router.Get("/users/{id}", ok)
	router.Get("/files/*", ok)
	router.Get("/fails", fails)
	router.Get("/panics", panics)
	router.Get("/hangs", hangs(hang))
	router.Route("/api", func(r chi.Router) { r.Get("/items/{id}", ok) })
	return in.Handler(router)
}

func gorillaRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if template, err := mux.CurrentRoute(r).GetPathTemplate(); err == nil {
			middleware.SetRoute(w, template)
		}
		next.ServeHTTP(w, r)
	})
}

func serveGorilla(in *middleware.Instrument, hang func()) http.Handler {
	router := mux.NewRouter()
	router.Use(gorillaRoute)
	router.HandleFunc("/users/{id}", ok).Methods("GET")
	router.HandleFunc("/files/{path:.*}", ok).Methods("GET")
	router.HandleFunc("/fails", fails)
	router.HandleFunc("/panics", panics)
	router.HandleFunc("/hangs", hangs(hang))
	router.PathPrefix("/api").Subrouter().HandleFunc("/items/{id:[0-9]+}", ok)
	return in.Handler(router)
}

func serveHTTPRouter(in *middleware.Instrument, hang func()) http.Handler {
	router := httprouter.New()
	handle := func(pattern string, handler http.HandlerFunc) {
		router.HandlerFunc("GET", pattern, func(w http.ResponseWriter, r *http.Request) {
			middleware.SetRoute(w, pattern)
			handler(w, r)
		})
	}
	handle("/users/:id", ok)
	handle("/files/*path", ok)
	handle("/api/items/:id", ok)
	handle("/fails", fails)
	handle("/panics", panics)
	handle("/hangs", hangs(hang))
	return in.Handler(router)
}

func serveGin(in *middleware.Instrument, hang func()) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.Use(func(c *gin.Context) { middleware.SetRoute(c.Writer, c.FullPath()) })
	engine.Use(gin.RecoveryWithWriter(io.Discard))
	engine.GET("/users/:id", gin.WrapF(ok))
	engine.GET("/files/*path", gin.WrapF(ok))
	engine.Group("/api").GET("/items/:id", gin.WrapF(ok))
	engine.GET("/fails", func(c *gin.Context) { _ = c.AbortWithError(503, errOutOfStock) })
	engine.GET("/panics", gin.WrapF(panics))
	engine.GET("/hangs", gin.WrapF(hangs(hang)))
	return in.Handler(engine)
}

func echo4Routes(e *echo4.Echo, hang func()) {
	e.Logger.SetOutput(io.Discard)
	e.GET("/users/:id", echo4.WrapHandler(http.HandlerFunc(ok)))
	e.GET("/files/*", echo4.WrapHandler(http.HandlerFunc(ok)))
	e.Group("/api").GET("/items/:id", echo4.WrapHandler(http.HandlerFunc(ok)))
	e.GET("/fails", func(echo4.Context) error { return errOutOfStock })
	e.GET("/panics", echo4.WrapHandler(http.HandlerFunc(panics)))
	e.GET("/hangs", echo4.WrapHandler(hangs(hang)))
}

func echo4Route(next echo4.HandlerFunc) echo4.HandlerFunc {
	return func(c echo4.Context) error {
		middleware.SetRoute(c.Response(), c.Path())
		return next(c)
	}
}

func serveEcho4(in *middleware.Instrument, hang func()) http.Handler {
	e := echo4.New()
	e.Use(echo4Route)
	echo4Routes(e, hang)
	return in.Handler(e)
}

// echo4Answers sends the answer to a handler's error before the middlewares
// around it return. echo would send it after them.
func echo4Answers(next echo4.HandlerFunc) echo4.HandlerFunc {
	return func(c echo4.Context) error {
		if err := next(c); err != nil {
			c.Error(err)
		}
		return nil
	}
}

func serveEcho4Inside(in *middleware.Instrument, hang func()) http.Handler {
	e := echo4.New()
	e.Use(echo4.WrapMiddleware(in.Handler), echo4Route, echo4Answers)
	echo4Routes(e, hang)
	return e
}

func serveEcho5(in *middleware.Instrument, hang func()) http.Handler {
	e := echo5.New()
	e.Use(func(next echo5.HandlerFunc) echo5.HandlerFunc {
		return func(c *echo5.Context) error {
			middleware.SetRoute(c.Response(), c.Path())
			return next(c)
		}
	})
	e.GET("/users/:id", echo5.WrapHandler(http.HandlerFunc(ok)))
	e.GET("/files/*", echo5.WrapHandler(http.HandlerFunc(ok)))
	e.Group("/api").GET("/items/:id", echo5.WrapHandler(http.HandlerFunc(ok)))
	e.GET("/fails", func(*echo5.Context) error { return errOutOfStock })
	e.GET("/panics", echo5.WrapHandler(http.HandlerFunc(panics)))
	e.GET("/hangs", echo5.WrapHandler(hangs(hang)))
	return in.Handler(e)
}

var services = map[string]service{
	"chi":            {serveChi, "/users/{id}", "/files/*", "/api/items/{id}", 503, "unmatched", "/hangs"},
	"chi, Use":       {serveChiAtReturn, "/users/{id}", "/files/*", "/api/items/{id}", 503, "unmatched", ""},
	"gorilla/mux":    {serveGorilla, "/users/{id}", "/files/{path:.*}", "/api/items/{id:[0-9]+}", 503, "unmatched", "/hangs"},
	"httprouter":     {serveHTTPRouter, "/users/:id", "/files/*path", "/api/items/:id", 503, "unmatched", "/hangs"},
	"gin":            {serveGin, "/users/:id", "/files/*path", "/api/items/:id", 503, "unmatched", "/hangs"},
	"echo 4":         {serveEcho4, "/users/:id", "/files/*", "/api/items/:id", 500, "/users/:id", "/hangs"},
	"echo 4, inside": {serveEcho4Inside, "/users/:id", "/files/*", "/api/items/:id", 500, "/users/:id", "/hangs"},
	"echo 5":         {serveEcho5, "/users/:id", "/files/*", "/api/items/:id", 500, "/users/:id", "/hangs"},
}

// TestRouters makes each kind of request to each service.
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
			{"a failure", "GET /fails", "/fails", s.fails, sli.Counts{Valid: 1}},
			{"a panic", "GET /panics", "/panics", 500, sli.Counts{Valid: 1}},
			{"404", "GET /no/such/page", "unmatched", 404, sli.Counts{Good: 1, Valid: 1}},
			{"405", "PUT /users/7", s.notAllowed, 405, sli.Counts{Good: 1, Valid: 1}},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				in, rec, done := instrument(t)
				server := start(t, s.handler(in, nil))
				method, path := c.request[:3], c.request[4:]
				r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				// net/http answers no panic.
				if resp, err := server.Client().Do(r); err == nil {
					_ = resp.Body.Close()
					if resp.StatusCode != c.status {
						t.Errorf("the client got %d, want %d", resp.StatusCode, c.status)
					}
				}
				event := <-done
				if want := method + " " + c.route; event.Operation != want || event.Status != c.status {
					t.Errorf("got %v, want %s %d", event, want, c.status)
				}
				if got, _ := rec.Counts("availability"); got != c.verdict {
					t.Errorf("got %v, want %v", got, c.verdict)
				}
				if got := rec.Report().Unrouted; got != 0 {
					t.Errorf("got %d requests without a route", got)
				}
			})
		}
	}
}

// TestHangs lets a client leave a handler that hangs. The request counts for
// its route at once, if the route was set before the handler.
func TestHangs(t *testing.T) {
	for name, s := range services {
		if s.hangs == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			rec, err := sli.NewRecorder(sli.Indicator{
				Service: "users", Name: "availability", Requests: []string{"GET " + s.hangs},
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
			r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/hangs", nil)
			if err != nil {
				t.Fatal(err)
			}
			if resp, err := server.Client().Do(r); err == nil {
				_ = resp.Body.Close()
				t.Errorf("got %s, want no answer", resp.Status)
			}
			var got sli.Counts
			for deadline := time.Now().Add(10 * time.Second); got.Valid == 0 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
				got, _ = rec.Counts("availability")
			}
			if got != (sli.Counts{Valid: 1}) {
				t.Errorf("got %v while the handler hangs, want a bad event", got)
			}
		})
	}
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
	echo4Routes(e, nil)
	server := start(t, e)
	resp, err := server.Client().Get(server.URL + "/fails")
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
