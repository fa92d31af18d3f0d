package slitest_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slitest"
)

var availability = sli.Indicator{
	Service: "users", Name: "availability", Kind: sli.KindAvailability,
	Requests: []string{"GET /users/{userid}"},
	Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	Valid:    sli.Condition{Status: []string{"!400"}},
}

var latency = sli.Indicator{
	Service: "users", Name: "latency", Kind: sli.KindLatency,
	Requests: []string{"GET /users/{userid}"},
	Valid:    sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	Good:     sli.Condition{Within: 100 * time.Millisecond},
}

// users answers after the time that the id says, 500 for "broken", and panics for "panic".
func users() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		switch id := r.PathValue("userid"); id {
		case "broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "panic":
			_, _ = w.Write([]byte("half"))
			panic("no such user")
		default:
			took, _ := time.ParseDuration(id)
			time.Sleep(took)
			_, _ = w.Write([]byte(id))
		}
	})
	return mux
}

func get(path string) *http.Request { return httptest.NewRequest("GET", path, nil) }

func TestRequestsAreCountedWithExactDurations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := slitest.New(t, availability, latency)
		responses := rec.Serve(users(),
			get("/users/100ms"), get("/users/100.000001ms"), get("/users/broken"), get("/users/panic"), get("/elsewhere"))
		rec.Want("availability", sli.Counts{Good: 2, Valid: 4})
		rec.Want("latency", sli.Counts{Good: 1, Valid: 2})
		var got []int
		for _, resp := range responses {
			got = append(got, resp.StatusCode)
		}
		if diff := cmp.Diff([]int{200, 200, 500, 200, 404}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEventsAreCounted(t *testing.T) {
	rec := slitest.New(t, availability)
	rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 200}, sli.Event{Operation: "GET /users/{userid}", Status: 500})
	rec.Want("availability", sli.Counts{Good: 1, Valid: 2})
	if got, want := rec.Counts("availability"), (sli.Counts{Good: 1, Valid: 2}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// log is a testing.TB that keeps what a failing assertion says.
type log struct {
	testing.TB
	lines []string
}

func (l *log) Helper()                        {}
func (l *log) Errorf(format string, a ...any) { l.lines = append(l.lines, fmt.Sprintf(format, a...)) }
func (l *log) Fatalf(format string, a ...any) {
	l.Errorf(format, a...)
	panic(l)
}

// failures returns what assertions report to the log that they are given.
func failures(t *testing.T, assert func(testing.TB)) []string {
	l := &log{TB: t}
	func() {
		defer func() {
			if v := recover(); v != nil && v != any(l) {
				panic(v)
			}
		}()
		assert(l)
	}()
	return l.lines
}

func TestFailuresExplainThemselves(t *testing.T) {
	tests := []struct {
		name   string
		assert func(testing.TB)
		want   []string
	}{
		{"verdicts that differ", func(t testing.TB) {
			slitest.Judge(t, availability,
				slitest.Case{Name: "answered", Event: sli.Event{Operation: "GET /users/{userid}", Status: 200}, Want: sli.VerdictGood},
				slitest.Case{Name: "a client's own mistake", Event: sli.Event{Operation: "GET /users/{userid}", Status: 400, Duration: time.Second}, Want: sli.VerdictBad},
				slitest.Case{Name: "a job", Event: sli.Event{Items: 3, Code: "OK", Canceled: true, Err: errors.New("disk full")}, Want: sli.VerdictGood},
			)
		}, []string{
			"availability: a client's own mistake: GET /users/{userid} 400 in 1s: got ignored, want bad",
			"availability: a job: (no operation) OK in 0s with 3 items canceled failed: disk full: got ignored, want good",
		}},
		{"an indicator that is not valid", func(t testing.TB) {
			slitest.Judge(t, sli.Indicator{Name: "latency"}, slitest.Case{Want: sli.VerdictGood})
		}, []string{"indicator \"latency\":\nService: is required"}},
		{"counts that differ", func(t testing.TB) {
			rec := slitest.New(t, latency, availability)
			rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 200}, sli.Event{Operation: "GET /users/{userid}", Status: 503})
			rec.Want("availability", sli.Counts{Good: 2, Valid: 2})
		}, []string{
			"availability: got 1/2 (50.00%), want 2/2 (100.00%), of these events:" +
				"\n\tgood     GET /users/{userid} 200 in 0s" +
				"\n\tbad      GET /users/{userid} 503 in 0s",
		}},
		{"an indicator that does not exist", func(t testing.TB) { slitest.New(t, availability).Want("latency", sli.Counts{}) },
			[]string{`there is no indicator "latency"`}},
		{"a recorder of indicators that are not valid", func(t testing.TB) { slitest.New(t, availability, availability) },
			[]string{"indicators:\nindicators[1].Name: \"availability\" is also the name of indicators[0]"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, failures(t, test.assert)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHandlerWrapsForAServerOfTheTestsOwn(t *testing.T) {
	rec := slitest.New(t, availability)
	server := httptest.NewServer(rec.Handler(users()))
	resp, err := http.Get(server.URL + "/users/1ms")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	server.Close() // returns when the handler has
	rec.Want("availability", sli.Counts{Good: 1, Valid: 1})
}

func ExampleJudge() {
	var t testing.TB = printing{} // in a test, its *testing.T
	slitest.Judge(t, availability,
		slitest.Case{Name: "answered", Event: sli.Event{Operation: "GET /users/{userid}", Status: 200}, Want: sli.VerdictGood},
		slitest.Case{Name: "a client's own mistake", Event: sli.Event{Operation: "GET /users/{userid}", Status: 400}, Want: sli.VerdictBad},
	)
	// Output:
	// availability: a client's own mistake: GET /users/{userid} 400 in 0s: got ignored, want bad
}

func ExampleNew() {
	var t testing.TB = printing{} // in a test, its *testing.T
	rec := slitest.New(t, availability)
	rec.Serve(users(), get("/users/1ms"), get("/users/broken"), get("/users/panic"))
	fmt.Println(rec.Counts("availability"))
	// Output: 1/3 (33.3333%)
}

// printing is a testing.TB for examples, which have none.
type printing struct{ testing.TB }

func (printing) Helper() {}
func (printing) Errorf(format string, a ...any) {
	fmt.Println(strings.TrimSpace(fmt.Sprintf(format, a...)))
}
