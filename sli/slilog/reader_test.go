package slilog_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

var (
	availability = sli.Indicator{
		Name: "availability", Service: "users", Kind: sli.KindAvailability, Requests: []string{"GET /users/{userid}"},
		Collection: sli.Collection{Where: "server", How: sli.SourceLog, Field: "the status field"},
		Good:       sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
	latency = sli.Indicator{
		Name: "latency", Service: "users", Kind: sli.KindLatency, Requests: []string{"GET /users/{userid}"},
		Collection: sli.Collection{Where: "server", How: sli.SourceLog, Field: "the response-time field"},
		Valid:      sli.Condition{Status: []string{"!5xx"}},
		Good:       sli.Condition{Within: 100 * time.Millisecond},
	}
)

// newReader returns a reader and its recorder, by default for both indicators.
func newReader(t testing.TB, options *slilog.Options, indicators ...sli.Indicator) (*sli.Recorder, *slilog.Reader) {
	t.Helper()
	if indicators == nil {
		indicators = []sli.Indicator{availability, latency}
	}
	recorder, err := sli.NewRecorder(indicators...)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := slilog.New(recorder, options)
	if err != nil {
		t.Fatal(err)
	}
	return recorder, reader
}

// checkResult compares the numbers of lines, and checks that the first
// unreadable lines are shown.
func checkResult(t *testing.T, got slilog.Result, err error, want slilog.Result) {
	t.Helper()
	numbers := slilog.Result{Lines: got.Lines, Events: got.Events, Others: got.Others, Unreadable: got.Unreadable}
	if diff := cmp.Diff(want, numbers); diff != "" || err != nil {
		t.Errorf("got %v, %v%s", got, err, diff)
	}
	if samples := len(got.Samples); samples != int(min(3, got.Unreadable)) {
		t.Errorf("got %d samples of %d unreadable lines", samples, got.Unreadable)
	}
}

func checkCounts(t *testing.T, recorder *sli.Recorder, want map[string]sli.Counts) {
	t.Helper()
	for name, w := range want {
		if got, ok := recorder.Counts(name); !ok || got != w {
			t.Errorf("%s: got %v, want %v", name, got, w)
		}
	}
}

func TestNewReportsEveryMistake(t *testing.T) {
	recorder, err := sli.NewRecorder(availability, latency)
	if err != nil {
		t.Fatal(err)
	}
	_, err = slilog.New(recorder, &slilog.Options{Unit: -1, Duration: "-", Routes: []string{"GET /a", "x y z", "GET /a"}})
	if err == nil {
		t.Fatal("got no error")
	}
	got := strings.Split(err.Error(), "\n")
	want := []string{
		"Unit: invalid unit -1ns: want a positive duration",
		`Duration: "-" leaves out the duration that indicator "latency" needs`,
		`Routes[1]: invalid pattern "x y z": `,
		`Routes[2]: invalid pattern "GET /a": `,
	}
	for i, prefix := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], prefix) {
			t.Fatalf("got %q, want lines that begin with %q", got, want)
		}
	}
	if _, err := slilog.New(nil, nil); err == nil || err.Error() != "recorder: required" {
		t.Errorf("without a recorder: got %v", err)
	}
}

func TestReaderReturnsTheErrorOfItsInput(t *testing.T) {
	_, reader := newReader(t, nil)
	broken := errors.New("broken")
	result, err := reader.ReadJSON(io.MultiReader(strings.NewReader("{}\n"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || result.Lines != 1 {
		t.Errorf("got %+v, %v, want one line and the error", result, err)
	}
}

func TestLongLineIsUnreadable(t *testing.T) {
	_, reader := newReader(t, nil)
	result, err := reader.ReadJSON(strings.NewReader(`{"a":"` + strings.Repeat("x", 3<<20) + "\"}\n{}\n"))
	checkResult(t, result, err, slilog.Result{Lines: 2, Others: 1, Unreadable: 1})
}

// TestEvent reads a format of the test's own.
func TestEvent(t *testing.T) {
	_, reader := newReader(t, &slilog.Options{Operation: "op"})
	line := map[string]string{"op": "GET /users/{userid}", "response_code": "499", "execution_time_ms": "1.5"}
	field := func(name string) (string, bool) { text, ok := line[name]; return text, ok }
	e, ok, err := reader.Event(field)
	want := sli.Event{Operation: "GET /users/{userid}", Status: 499, Duration: 1500 * time.Microsecond, Canceled: true}
	if diff := cmp.Diff(want, e); diff != "" || !ok || err != nil {
		t.Errorf("got %t, %v%s", ok, err, diff)
	}
	for name, want := range map[string]string{
		"response_code":     `slilog: invalid status "x": want a number from 100 to 999, or 0 without an answer`,
		"execution_time_ms": `slilog: invalid duration "x": want a number, or a text such as "150ms"`,
	} {
		before := line[name]
		line[name] = "x"
		if e, ok, err := reader.Event(field); ok || e != (sli.Event{}) || err == nil || err.Error() != want {
			t.Errorf("%s: got %+v, %t, %v, want %s", name, e, ok, err, want)
		}
		line[name] = before
	}
	delete(line, "response_code")
	if _, ok, err := reader.Event(field); ok || err == nil {
		t.Errorf("without a status: got %t, %v, want an error", ok, err)
	}
	clear(line)
	if _, ok, err := reader.Event(field); ok || err != nil {
		t.Errorf("without any field: got %t, %v, want no event", ok, err)
	}
}

// TestOperationsOfRoutes checks that a line's operation is the one that package
// middleware reports.
func TestOperationsOfRoutes(t *testing.T) {
	_, reader := newReader(t, &slilog.Options{Routes: []string{"GET /users/{userid}", "/files/{path...}", "shop.example/orders/"}})
	for line, want := range map[string]string{
		"GET /users/17":                   "GET /users/{userid}",
		"HEAD /users/17":                  "HEAD /users/{userid}",
		"POST /users/17":                  "unmatched",
		"PUT /files/a/b":                  "PUT /files/{path...}",
		" /files/a/b":                     "/files/{path...}",
		"GET http://shop.example/orders/": "GET /orders/",
	} {
		method, path, _ := strings.Cut(line, " ")
		fields := map[string]string{"response_code": "200", "execution_time_ms": "1", "method": method, "route": path}
		e, ok, err := reader.Event(func(name string) (string, bool) { text, ok := fields[name]; return text, ok })
		if e.Operation != want || !ok || err != nil {
			t.Errorf("%s: got %q, %t, %v, want %q", line, e.Operation, ok, err, want)
		}
	}
}

func TestGroupsAndReasons(t *testing.T) {
	ind := availability
	ind.Valid.Status = []string{"!400"}
	ind.Groups.Values = []string{"paid"}
	recorder, reader := newReader(t, &slilog.Options{Group: "tenant"}, ind)
	const lines = `{"method":"GET","route":"/users/{userid}","response_code":200,"execution_time_ms":1,"tenant":"paid"}
{"method":"GET","route":"/users/{userid}","response_code":499,"execution_time_ms":5000,"tenant":"paid"}
{"method":"GET","route":"/users/{userid}","response_code":400,"execution_time_ms":1}
`
	if _, err := reader.ReadJSON(strings.NewReader(lines)); err != nil {
		t.Fatal(err)
	}
	const want = `users/availability: 1/1 (100.00%), ignored: 1 client_left, 1 not_valid
	other: 0/0 (no data), ignored: 1 not_valid
	paid: 1/1 (100.00%), ignored: 1 client_left
0 unmatched events, 0 unrouted requests`
	if diff := cmp.Diff(want, recorder.Report().String()); diff != "" {
		t.Error(diff)
	}
}
