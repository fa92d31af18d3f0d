package logsli_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/logging/logsli"
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

func newObserver(t *testing.T, options *slilog.Options) (*sli.Recorder, *logsli.Observer) {
	t.Helper()
	recorder, err := sli.NewRecorder(availability, latency)
	if err != nil {
		t.Fatal(err)
	}
	observer, err := logsli.New(recorder, options)
	if err != nil {
		t.Fatal(err)
	}
	return recorder, observer
}

// logLines logs seven events, one line that is not an event, and four lines
// with a missing or invalid field.
func logLines(h slog.Handler) {
	l := slog.New(h)
	call := func(status int, took any) {
		l.Info("Request processed", "method", "GET", slog.Group("http", "route", "/users/{userid}"), "response_code", status, "execution_time_ms", took)
	}
	call(200, 100*time.Millisecond)
	call(200, 101)
	call(404, 12.5)
	call(503, "7")
	call(499, 5) // the client disconnected
	l.With("response_code", 200).Info("Request processed", field.Endpoint("GET /users/{userid}"), field.ExecutionTime(time.Millisecond))
	l.Info("another operation", "method", "GET", "endpoint", "/orders", "response_code", 200, "execution_time_ms", 1)
	l.Info("started")
	l.Info("no duration", "response_code", 200)
	l.Info("no status", "execution_time_ms", 1)
	l.Info("invalid status", "response_code", 7, "execution_time_ms", 1)
	l.Info("invalid duration", "response_code", 200, "execution_time_ms", "soon")
}

func checkLines(t *testing.T, recorder *sli.Recorder, observer *logsli.Observer) {
	t.Helper()
	got := map[string]sli.Counts{}
	for ind, counts := range recorder.All() {
		got[ind.Name] = counts
	}
	want := map[string]sli.Counts{"availability": {Good: 4, Valid: 5}, "latency": {Good: 3, Valid: 4}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, tally := range recorder.Report().Indicators {
		if n := tally.Ignored[sli.ReasonClientLeft]; n != 1 {
			t.Errorf("%s: got %d clients that left, want 1", tally.Name, n)
		}
	}
	if got, want := observer.Result(), (slilog.Result{Lines: 12, Events: 7, Others: 1, Unreadable: 4}); !cmp.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestObserverSeesLinesThatAreExcluded(t *testing.T) {
	recorder, observer := newObserver(t, nil)
	h, err := logging.New("users", io.Discard, &logging.Options{
		Observers: []logging.Observer{observer}, Exclude: []logging.Exclusion{{Name: "all"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	logLines(h)
	checkLines(t, recorder, observer)
}

func TestHandler(t *testing.T) {
	recorder, observer := newObserver(t, nil)
	logLines(observer.Handler())
	checkLines(t, recorder, observer)
}

func TestFieldsOfAnotherSchema(t *testing.T) {
	recorder, observer := newObserver(t, &slilog.Options{
		Status: "status", Duration: "took", Unit: time.Second, Path: "uri", Routes: []string{"GET /users/{userid}"},
	})
	l := slog.New(observer.Handler())
	l.Info("done", "method", "GET", "uri", "/users/17?x=1", "status", 200, "took", 0.1)
	l.Info("done", "method", "GET", "uri", "/users/18", "status", 200, "took", 101*time.Millisecond)
	l.Info("done", "method", "GET", "uri", "/elsewhere", "status", 200, "took", 0)
	if got, _ := recorder.Counts("latency"); got != (sli.Counts{Good: 1, Valid: 2}) {
		t.Errorf("got %v, want 1 of 2", got)
	}
	if got, want := observer.Result(), (slilog.Result{Lines: 3, Events: 3}); !cmp.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestNewReportsMistakes(t *testing.T) {
	_, err := logsli.New(nil, &slilog.Options{Unit: -1})
	for _, want := range []string{"recorder: required", "Unit: invalid unit -1ns"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
