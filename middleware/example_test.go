package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
	"github.com/sligo-go/sligo/tracing"
)

// The users service of an online shop should not answer with a server error.
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
	for ind, counts := range rec.All() {
		fmt.Println(ind.Name, counts)
	}
	printDurations(reg, 0.12) // the latency bound is a bucket of the histogram
	// Output:
	// availability 2/2 (100.00%)
	// latency 2/2 (100.00%)
	// GET /users/{userid} 200: 2 of 2 requests within 0.12 s
	// GET unmatched 404: 1 of 1 requests within 0.12 s
}

// printDurations prints each series of the duration and its bucket at a
// bound.
func printDurations(reg prometheus.Gatherer, bound float64) {
	families, err := reg.Gather()
	if err != nil {
		fmt.Println(err)
	}
	for _, f := range families {
		if f.GetName() != "http_server_request_duration_seconds" {
			continue
		}
		for _, m := range f.GetMetric() {
			l, h := labels(m), m.GetHistogram()
			for _, b := range h.GetBucket() {
				if b.GetUpperBound() == bound {
					fmt.Printf("%s %s %s: %d of %d requests within %v s\n", l["http_request_method"], l["http_route"],
						l["http_response_status_code"], b.GetCumulativeCount(), h.GetSampleCount(), bound)
				}
			}
		}
	}
}

// newExample returns an instrument that prints each event.
func newExample(opts middleware.Options) (*sli.Recorder, *middleware.Instrument) {
	rec, err := sli.NewRecorder(exampleAvailability)
	if err != nil {
		panic(err)
	}
	opts.Done = func(r middleware.Record) { fmt.Println(r.Event.Operation, r.Event.Status, r.Event.Err) }
	in, err := middleware.New(rec, &opts)
	if err != nil {
		panic(err)
	}
	return rec, in
}

// A panic counts as bad, whether Recover answers it or net/http gets it.
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

// Done gets a record of each request, from which all signals were made.
func ExampleOptions_done() {
	in, err := middleware.New(nil, &middleware.Options{Done: func(r middleware.Record) {
		fmt.Println(r.Method, r.Route, r.Status, r.ResponseBytes)
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", user)
	for _, url := range []string{"/users/Lora", "/favicon.ico"} {
		in.Handler(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", url, nil))
	}
	// Output:
	// GET /users/{userid} 200 5
	// GET unmatched 404 19
}

// A router that does not set the request's Pattern names the route itself.
func ExampleSetRoute() {
	rec, in := newExample(middleware.Options{})
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

// If a middleware passes on a copy of the request, the instrument cannot see
// the pattern that the mux sets. ReportRoute around the mux reports it.
func ExampleReportRoute() {
	rec, in := newExample(middleware.Options{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", user)
	authenticated := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(r.Context())) // a copy
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

// A GraphQL response is 200 even if the query failed.
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

// A tenant's class is known only when its request is authenticated.
func ExampleSetGroup() {
	byClass := exampleAvailability
	byClass.Groups = sli.Groups{Values: []string{"paid", "free"}}
	rec, err := sli.NewRecorder(byClass)
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("userid") == "Lora" {
			middleware.SetGroup(w, "paid")
		}
		user(w, r)
	})
	for _, url := range []string{"/users/Lora", "/users/Max"} {
		in.Handler(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", url, nil))
	}
	for _, group := range rec.Report().Indicators[0].Groups {
		fmt.Println(group.Name, group.Counts)
	}
	// Output:
	// free 0/0 (no data)
	// other 1/1 (100.00%)
	// paid 1/1 (100.00%)
}

// A long poll waits for news. Its client disconnects when it has waited long
// enough, which is no failure.
func ExampleSetStream() {
	_, in := newExample(middleware.Options{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("userid") == "Lora" {
			middleware.SetStream(w)
		}
		<-r.Context().Done()
	})
	for _, url := range []string{"/users/Lora", "/users/Max"} {
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // the client disconnects
		in.Handler(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", url, nil))
	}
	// Output:
	// GET /users/{userid} 200 <nil>
	// GET /users/{userid} 499 <nil>
}

// The outcome of a gRPC-Web call is in its body, so nobody but the handler
// knows it.
func ExampleSetCode() {
	in, err := middleware.New(nil, &middleware.Options{Done: func(r middleware.Record) {
		e := r.Event
		fmt.Printf("%s %d %q, ignored: %q\n", e.Operation, e.Status, e.Code, e.Ignore)
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /shop.Users/{method}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/grpc-web+proto")
		_, _ = io.WriteString(w, "\x80\x00\x00\x00\x10grpc-status: 13\r\n")
		if r.PathValue("method") == "Get" {
			middleware.SetCode(w, "Internal")
		}
	})
	for _, url := range []string{"/shop.Users/Get", "/shop.Users/List"} {
		in.Handler(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", url, nil))
	}
	// Output:
	// POST /shop.Users/{method} 500 "Internal", ignored: ""
	// POST /shop.Users/{method} 200 "", ignored: "unjudged"
}

// Do counts a job, a query or a message like a request. The indicator has to
// name the operation.
func ExampleInstrument_Do() {
	rec, err := sli.NewRecorder(sli.Indicator{Service: "shop", Name: "import", Requests: []string{"import prices"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	err = in.Do(ctx, "import prices", func(context.Context) error { return nil })
	fmt.Println(err)
	err = in.Do(ctx, "import prices", func(context.Context) error { return io.ErrUnexpectedEOF })
	fmt.Println(err)
	for _, counts := range rec.All() {
		fmt.Println(counts)
	}
	// Output:
	// <nil>
	// unexpected EOF
	// 1/2 (50.00%)
}

// A consumer of messages joins the trace of the producer by the message's
// headers, and names its result.
func ExampleInstrument_Begin() {
	in, err := middleware.New(nil, &middleware.Options{
		RequestID: &middleware.IDOptions{},
		Done:      func(r middleware.Record) { fmt.Println(r.Event.Operation, r.RequestID, r.ErrorType) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	headers := propagation.MapCarrier{"x-request-id": "abc-123"}
	call := in.Begin(context.Background(), middleware.CallInfo{
		Operation: "process orders", Kind: trace.SpanKindConsumer, Carrier: headers,
	})
	err = process(call.Context())
	call.End(middleware.Result{Err: err, ErrorType: "out_of_stock"})
	// Output: process orders abc-123 out_of_stock
}

func process(context.Context) error { return errors.New("out of stock") }

// A protocol with metrics of its own has a family.
func ExampleInstrument_NewFamily() {
	in, err := middleware.New(nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	family, err := in.NewFamily(middleware.FamilyOptions{
		Name: "messaging_process_duration_seconds", Help: "Duration of processing operations.",
		Labels: []string{"messaging_destination_name"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(in, family)
	in.Begin(context.Background(), middleware.CallInfo{
		Operation: "process orders", Kind: trace.SpanKindConsumer, Family: family, Labels: []string{"orders"},
	}).EndError(nil)
	fmt.Println(testutil.CollectAndCount(family))
	// Output: 1
}

// A package that instruments a protocol needs the instrument only: its family
// is collected with it.
func ExampleInstrument_SharedFamily() {
	in, err := middleware.New(nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	family, err := in.SharedFamily(middleware.FamilyOptions{
		Name: "rpc_server_call_duration_seconds", Help: "Duration of calls.", Labels: []string{"rpc_method"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	in.Begin(context.Background(), middleware.CallInfo{
		Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Family: family,
		Caller: "192.0.2.1:4711", Allowed: 300 * time.Millisecond,
	}).End(middleware.Result{Code: "OK"})
	fmt.Println(testutil.CollectAndCount(in, "rpc_server_call_duration_seconds"))
	// Output: 1
}

// Each message of a batch is an event.
func ExampleInstrument_Count() {
	rec, err := sli.NewRecorder(sli.Indicator{
		Service: "orders", Name: "freshness", Requests: []string{"process order"},
		Good: sli.Condition{Within: time.Second},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, took := range []time.Duration{20 * time.Millisecond, 3 * time.Second} {
		in.Count(middleware.CallInfo{Operation: "process order", Kind: trace.SpanKindConsumer}, took, middleware.Result{})
	}
	for indicator, counts := range rec.All() {
		fmt.Println(indicator.Name, counts)
	}
	// Output: freshness 1/2 (50.00%)
}

// All signals of a request come from one instrument. The line has the user that
// the handler found, and the same trace as the span.
func ExampleNew_signals() {
	var out bytes.Buffer
	spans := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	handler, err := logging.New("users", &out, &logging.Options{Trace: tracing.IDs})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(nil, &middleware.Options{
		Spans:     &middleware.SpanOptions{TracerProvider: provider},
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(handler)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		logging.SetUser(r.Context(), "12345")
		fmt.Fprintln(w, "Lora")
	})
	r := httptest.NewRequest("GET", "/users/12345?token=secret", nil)
	r.Header.Set("X-Request-Id", "abc-123")
	in.Handler(mux).ServeHTTP(httptest.NewRecorder(), r)

	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		fmt.Println(err)
		return
	}
	span := spans.Ended()[0]
	fmt.Println(line["message"], line["request_id"], line["user_id"], line["response_code"])
	fmt.Println(span.Name(), line["trace_id"] == span.SpanContext().TraceID().String())
	// Output:
	// Request served abc-123 12345 200
	// GET /users/{userid} true
}
