package middleware_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
)

// The users service of an online shop should answer, and not with a server error.
var exampleAvailability = sli.Indicator{
	Service:  "users",
	Name:     "availability",
	Requests: []string{"GET /users/{userid}"},
	Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
}

// user answers with a user's profile.
func user(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintln(w, r.PathValue("userid")) }

func ExampleNew() {
	fast := sli.Indicator{
		Service: "users", Name: "latency", Kind: sli.KindLatency,
		Requests: []string{"GET /users/{userid}"},
		Good:     sli.Condition{Within: 120 * time.Millisecond},
		Valid:    sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
	rec, err := sli.NewRecorder(exampleAvailability, fast)
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, &middleware.Options{OmitBodySizes: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(sliprom.NewCollector(rec), in)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", user)
	handler := in.Handler(mux)
	for _, url := range []string{"/users/Lora", "/users/Max", "/favicon.ico"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", url, nil))
	}
	// The bound of the latency is a bucket of the histogram too.
	printSeries(reg, "sli_", "http_server_active", "_count", `le="0.12"`)
	// Output:
	// http_server_active_requests{http_request_method="GET",url_scheme="http"} 0
	// http_server_request_duration_seconds_bucket{error_type="",http_request_method="GET",http_response_status_code="200",http_route="/users/{userid}",url_scheme="http",le="0.12"} 2
	// http_server_request_duration_seconds_count{error_type="",http_request_method="GET",http_response_status_code="200",http_route="/users/{userid}",url_scheme="http"} 2
	// http_server_request_duration_seconds_bucket{error_type="",http_request_method="GET",http_response_status_code="404",http_route="unmatched",url_scheme="http",le="0.12"} 1
	// http_server_request_duration_seconds_count{error_type="",http_request_method="GET",http_response_status_code="404",http_route="unmatched",url_scheme="http"} 1
	// sli_good_events_total{service="users",sli="availability"} 2
	// sli_good_events_total{service="users",sli="latency"} 2
	// sli_valid_events_total{service="users",sli="availability"} 2
	// sli_valid_events_total{service="users",sli="latency"} 2
}

// printSeries prints the lines of a scrape that have one of the texts in them.
func printSeries(reg *prometheus.Registry, texts ...string) {
	answer := httptest.NewRecorder()
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(answer.Body.String()) {
		for _, text := range texts {
			if !strings.HasPrefix(line, "#") && strings.Contains(line, text) {
				fmt.Print(line)
			}
		}
	}
}

// newExample returns an instrument that prints each event.
func newExample(config middleware.Options) (*sli.Recorder, *middleware.Instrument) {
	rec, err := sli.NewRecorder(exampleAvailability)
	if err != nil {
		panic(err)
	}
	config.Done = func(_ *http.Request, e sli.Event) { fmt.Println(e.Operation, e.Status, e.Err) }
	in, err := middleware.New(rec, &config)
	if err != nil {
		panic(err)
	}
	return rec, in
}

// A panic counts as bad, whether it is answered, as here, or goes on to net/http.
func ExampleInstrument_Handler() {
	rec, in := newExample(middleware.Options{Recover: true})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("userid") == "Max" {
			panic("no such table")
		}
		user(w, r)
	})
	server := httptest.NewUnstartedServer(in.Handler(mux))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	defer server.Close()
	for _, path := range []string{"/users/Lora", "/users/Max"} {
		resp, err := http.Get(server.URL + path)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		fmt.Printf("%s: %s", resp.Status, body)
	}
	counts, _ := rec.Counts("availability")
	fmt.Println(counts)
	// Output:
	// GET /users/{userid} 200 <nil>
	// 200 OK: Lora
	// GET /users/{userid} 500 panic: no such table
	// 500 Internal Server Error: Internal Server Error
	// 1/2 (50.00%)
}

// A router that does not set the request's Pattern is told of by a middleware of its own.
func ExampleSetRoute() {
	rec, in := newExample(middleware.Options{})
	// A handler that picks its routes by itself.
	router := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, ok := strings.CutPrefix(r.URL.Path, "/users/"); ok {
			middleware.SetRoute(w, "/users/{userid}")
			_, _ = fmt.Fprintln(w, id)
		}
	})
	in.Handler(router).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/users/Lora", nil))
	counts, _ := rec.Counts("availability")
	fmt.Println(counts)
	// Output:
	// GET /users/{userid} 200 <nil>
	// 1/1 (100.00%)
}

// A middleware that passes on a copy of the request, as WithContext makes, hides the pattern that
// the mux finds, unless the mux is wrapped.
func ExampleReportRoute() {
	rec, in := newExample(middleware.Options{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", user)
	authenticated := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(r.Context()))
		})
	}
	for _, handler := range []http.Handler{mux, middleware.ReportRoute(mux)} {
		in.Handler(authenticated(handler)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/users/Lora", nil))
	}
	counts, _ := rec.Counts("availability")
	fmt.Println(counts)
	// Output:
	// GET unmatched 200 <nil>
	// GET /users/{userid} 200 <nil>
	// 1/1 (100.00%)
}

// GraphQL answers 200 to a query that failed.
func ExampleSetError() {
	rec, in := newExample(middleware.Options{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"errors":[{"message":"no such field"}]}`)
		middleware.SetError(w, errors.New("no such field"))
	})
	in.Handler(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/users/Lora", nil))
	counts, _ := rec.Counts("availability")
	fmt.Println(counts)
	// Output:
	// GET /users/{userid} 200 no such field
	// 0/1 (0.00%)
}
