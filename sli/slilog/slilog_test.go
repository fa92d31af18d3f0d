package slilog_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

var (
	availability = sli.Indicator{
		Name: "users-availability", Service: "users", Kind: sli.KindAvailability, Requests: []string{"GET /users/{userid}"},
		Collection: sli.Collection{Where: "server", How: sli.SourceLog, Field: "the status field"},
		Good:       sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
	latency = sli.Indicator{
		Name: "users-latency", Service: "users", Kind: sli.KindLatency, Requests: []string{"GET /users/{userid}"},
		Collection: sli.Collection{Where: "server", How: sli.SourceLog, Field: "the response-time field"},
		Valid:      sli.Condition{Status: []string{"!5xx"}},
		Good:       sli.Condition{Within: 100 * time.Millisecond},
	}
)

func newEvents(t testing.TB, fields *slilog.Fields, indicators ...sli.Indicator) (*sli.Recorder, *slilog.Events) {
	t.Helper()
	if indicators == nil {
		indicators = []sli.Indicator{availability, latency}
	}
	r, err := sli.NewRecorder(indicators...)
	if err != nil {
		t.Fatal(err)
	}
	e, err := slilog.New(r, fields)
	if err != nil {
		t.Fatal(err)
	}
	return r, e
}

func checkCounts(t *testing.T, r *sli.Recorder, want map[string]sli.Counts) {
	t.Helper()
	for name, w := range want {
		if got, ok := r.Counts(name); !ok || got != w {
			t.Errorf("%s: got %v, want %v", name, got, w)
		}
	}
}

func TestObserve(t *testing.T) {
	r, e := newEvents(t, nil)
	h, err := logging.New("users", io.Discard, &logging.Options{Observers: []logging.Observer{e}, Exclude: []logging.Exclusion{{Name: "all"}}})
	if err != nil {
		t.Fatal(err)
	}
	l := slog.New(h)
	call := func(l *slog.Logger, status int, took any) {
		l.Info("Request processed", "method", "GET", slog.Group("http", "route", "/users/{userid}"), "response_code", status, "execution_time_ms", took)
	}
	call(l, 200, 100*time.Millisecond)
	call(l, 200, 101)
	call(l, 404, 12.5)
	call(l, 503, "7")
	call(l, 499, 5) // the client went away
	l.With("response_code", 200).Info("Request processed", field.Endpoint("GET /users/{userid}"), field.ExecutionTime(time.Millisecond))
	l.Info("Request processed", "method", "GET", "endpoint", "/orders", "response_code", 200, "execution_time_ms", 1) // another operation
	l.Info("started")
	l.Info("half", "response_code", 200)
	l.Info("half", "execution_time_ms", 1)
	l.Info("no status", "response_code", 7, "execution_time_ms", 1)
	l.Info("no time", "response_code", 200, "execution_time_ms", "soon")
	checkCounts(t, r, map[string]sli.Counts{
		"users-availability": {Good: 4, Valid: 5},
		"users-latency":      {Good: 3, Valid: 4},
	})
	if got, want := e.Result(), (slilog.Result{Lines: 12, Events: 7, Others: 1, Unreadable: 4}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestReadJSON(t *testing.T) {
	r, e := newEvents(t, nil)
	res, err := e.ReadJSON(strings.NewReader(`{"timestamp":"2024-11-16T12:34:56.789Z","level":"INFO","response_code":200,"execution_time_ms":90,"additional_info":{"endpoint":"/users/{userid}","method":"GET"}}
{"level":"INFO","response_code":200,"execution_time_ms":150.5,"additional_info":{"http":{"route":"/users/{userid}"},"method":"GET"}}

{"level":"INFO","response_code":"500","execution_time_ms":"1","additional_info":{"http.route":"/users/{userid}","method":"GET"}}
{"level":"INFO","message":"started"}
not JSON
[1,2]
null
{"response_code":{},"execution_time_ms":1}
{"response_code":200,"execution_time_ms":90,"additional_info":{"endpoint":"/users/{userid}","method":"GET"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := (slilog.Result{Lines: 9, Events: 4, Others: 1, Unreadable: 4}); res != want {
		t.Errorf("got %+v, want %+v", res, want)
	}
	checkCounts(t, r, map[string]sli.Counts{"users-availability": {Good: 3, Valid: 4}, "users-latency": {Good: 2, Valid: 3}})
}

func TestReadJSONOfAnotherShape(t *testing.T) {
	r, e := newEvents(t, &slilog.Fields{Status: "status", Duration: "request_time", Unit: time.Second, Method: "request_method", Path: "uri",
		Routes: []string{"GET /users/{userid}", "POST /users"}})
	res, err := e.ReadJSON(strings.NewReader(`{"status":"200","request_time":"0.099","request_method":"GET","uri":"/users/17?x=1"}
{"status":200,"request_time":"250ms","request_method":"GET","uri":"/users/18"}
{"status":200,"request_time":0.01,"request_method":"GET","uri":"/elsewhere"}
{"status":200,"request_time":0.01,"request_method":"DELETE","uri":"/users/18"}
{"status":200,"request_time":-1,"request_method":"GET","uri":"/users/18"}
{"status":200,"request_time":1e300,"request_method":"GET","uri":"/users/18"}`))
	if want := (slilog.Result{Lines: 6, Events: 4, Unreadable: 2}); err != nil || res != want {
		t.Errorf("got %+v, %v; want %+v", res, err, want)
	}
	checkCounts(t, r, map[string]sli.Counts{"users-latency": {Good: 1, Valid: 2}})
}

const combined = `127.0.0.1 - bob [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 "https://a.example/" "Mozilla/5.0 (X11; \"x\")" 0.050 "0.049"
127.0.0.1 - - [16/Nov/2024:12:34:57 +0900] "GET /users/18?q=a HTTP/1.1" 503 0 "-" "curl/8" 0.010
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/18 HTTP/2.0" 200 5 "-" "curl/8" 0.100
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0" 499 0 "-" "curl/8" 3.000
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "\x16\x03\x01" 400 0 "-" "-" 0.000
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0" 200 5 "-" "curl/8"
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0
garbage
`

func TestReadCombined(t *testing.T) {
	r, e := newEvents(t, &slilog.Fields{Routes: []string{"GET /users/{userid}"}})
	res, err := e.ReadCombined(iotest.HalfReader(strings.NewReader(combined)))
	if want := (slilog.Result{Lines: 8, Events: 5, Unreadable: 3}); err != nil || res != want {
		t.Errorf("got %+v, %v; want %+v", res, err, want)
	}
	checkCounts(t, r, map[string]sli.Counts{"users-availability": {Good: 2, Valid: 3}, "users-latency": {Good: 2, Valid: 2}})
}

func TestReadCombinedWithoutDuration(t *testing.T) {
	r, e := newEvents(t, &slilog.Fields{Duration: "-", Routes: []string{"GET /users/{userid}"}}, availability)
	res, err := e.ReadCombined(strings.NewReader(combined))
	if want := (slilog.Result{Lines: 8, Events: 6, Unreadable: 2}); err != nil || res != want {
		t.Errorf("got %+v, %v; want %+v", res, err, want)
	}
	checkCounts(t, r, map[string]sli.Counts{"users-availability": {Good: 3, Valid: 4}})
	_, e = newEvents(t, &slilog.Fields{Duration: "execution_time_ms"})
	if _, err := e.ReadCombined(strings.NewReader(combined)); err == nil {
		t.Error("ReadCombined takes the name of a field for a place")
	}
}

func TestReaderErrorsAndLongLines(t *testing.T) {
	_, e := newEvents(t, nil)
	broken := errors.New("broken")
	res, err := e.ReadJSON(io.MultiReader(strings.NewReader("{}\n"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || res.Lines != 1 {
		t.Errorf("got %+v, %v", res, err)
	}
	res, err = e.ReadJSON(strings.NewReader(`{"a":"` + strings.Repeat("x", 3<<20) + "\"}\n{}\n"))
	if want := (slilog.Result{Lines: 2, Others: 1, Unreadable: 1}); err != nil || res != want {
		t.Errorf("got %+v, %v; want %+v", res, err, want)
	}
}

func TestNewReportsEveryMistake(t *testing.T) {
	r, err := sli.NewRecorder(availability, latency)
	if err != nil {
		t.Fatal(err)
	}
	_, err = slilog.New(r, &slilog.Fields{Unit: -1, Duration: "-", Routes: []string{"GET /a", "x y z", "GET /a"}})
	for _, want := range []string{"Unit: -1ns", `Routes[1]: "x y z"`, "Routes[2]", `indicators[1]: "users-latency" bounds the duration`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	if _, err := slilog.New(nil, nil); err == nil {
		t.Error("New takes no recorder")
	}
	if _, err := slilog.NewHandler(nil, nil); err == nil {
		t.Error("NewHandler takes no recorder")
	}
}

func FuzzReadCombined(f *testing.F) {
	for line := range strings.Lines(combined) {
		f.Add(line)
	}
	r, e := newEvents(f, &slilog.Fields{Routes: []string{"GET /users/{userid}"}})
	f.Fuzz(func(t *testing.T, s string) {
		before, _ := r.Counts("users-availability")
		res, err := e.ReadCombined(strings.NewReader(s))
		after, _ := r.Counts("users-availability")
		if err != nil || res.Lines != res.Events+res.Others+res.Unreadable || after.Valid-before.Valid > res.Events {
			t.Errorf("%q: %+v, %v, %d counted", s, res, err, after.Valid-before.Valid)
		}
	})
}

func ExampleNewHandler() {
	recorder, err := sli.NewRecorder(availability)
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := slilog.NewHandler(recorder, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(handler).InfoContext(context.Background(), "done", "method", "GET", "endpoint", "/users/{userid}", field.ResponseCode(200), field.ExecutionTime(time.Millisecond))
	counts, _ := recorder.Counts("users-availability")
	fmt.Println(counts.Good, counts.Valid)
	// Output: 1 1
}

func ExampleNew() {
	recorder, err := sli.NewRecorder(availability, latency)
	if err != nil {
		fmt.Println(err)
		return
	}
	events, err := slilog.New(recorder, &slilog.Fields{Routes: []string{"GET /users/{userid}"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := events.ReadCombined(strings.NewReader(`10.0.0.1 - - [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 "-" "curl/8" 0.050`))
	counts, _ := recorder.Counts("users-latency")
	fmt.Println(result.Events, err, counts.Good, counts.Valid)
	// Output: 1 <nil> 1 1
}
