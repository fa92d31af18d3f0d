package slitest_test

import (
	"errors"
	"fmt"
	"testing"
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

func TestEventsAreCounted(t *testing.T) {
	rec := slitest.New(t, availability)
	rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 200}, sli.Event{Operation: "GET /users/{userid}", Status: 500})
	rec.Want("availability", sli.Counts{Good: 1, Valid: 2})
	if got, want := rec.Counts("availability"), (sli.Counts{Good: 1, Valid: 2}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSLIIsTheRecorderUnderTest(t *testing.T) {
	rec := slitest.New(t, availability)
	rec.SLI().Record(sli.Event{Operation: "GET /users/{userid}", Status: 200})
	rec.Want("availability", sli.Counts{Good: 1, Valid: 1})
}

func TestObserveDoesNotCount(t *testing.T) {
	rec := slitest.New(t, availability)
	rec.Observe(sli.Event{Operation: "GET /users/{userid}", Status: 200})
	rec.Want("availability", sli.Counts{})
}

// failing is a testing.TB that keeps the messages of failures. Fatalf ends the
// assertion by a panic.
type failing struct {
	testing.TB
	messages []string
}

func (f *failing) Helper() {}
func (f *failing) Errorf(format string, a ...any) {
	f.messages = append(f.messages, fmt.Sprintf(format, a...))
}

func (f *failing) Fatalf(format string, a ...any) {
	f.Errorf(format, a...)
	panic(f)
}

// failures returns the messages of an assertion that fails.
func failures(t *testing.T, assert func(testing.TB)) []string {
	f := &failing{TB: t}
	func() {
		defer func() {
			if v := recover(); v != nil && v != any(f) {
				panic(v)
			}
		}()
		assert(f)
	}()
	return f.messages
}

func TestFailuresExplainThemselves(t *testing.T) {
	tests := []struct {
		name   string
		assert func(testing.TB)
		want   []string
	}{
		{"verdicts differ", func(t testing.TB) {
			slitest.Judge(t, availability,
				slitest.Case{Name: "answered", Event: sli.Event{Operation: "GET /users/{userid}", Status: 200}, Want: sli.VerdictGood},
				slitest.Case{Name: "the client's own mistake", Event: sli.Event{Operation: "GET /users/{userid}", Status: 400, Duration: time.Second}, Want: sli.VerdictBad},
				slitest.Case{Name: "a job", Event: sli.Event{Items: 3, Code: "OK", Canceled: true, Err: errors.New("disk full")}, Want: sli.VerdictGood},
			)
		}, []string{
			"availability: the client's own mistake: GET /users/{userid} 400 in 1s: got ignored, want bad",
			"availability: a job: (no operation) OK in 0s, 3 items, canceled, failed: disk full: got ignored, want good",
		}},
		{"invalid indicator", func(t testing.TB) {
			slitest.Judge(t, sli.Indicator{Name: "latency"}, slitest.Case{Want: sli.VerdictGood})
		}, []string{"indicator \"latency\":\nService: required"}},
		{"counts differ", func(t testing.TB) {
			rec := slitest.New(t, latency, availability)
			rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 200}, sli.Event{Operation: "GET /users/{userid}", Status: 503})
			rec.Want("availability", sli.Counts{Good: 2, Valid: 2})
		}, []string{
			"availability: got 1/2 (50.00%), want 2/2 (100.00%)" +
				"\n\tgood     GET /users/{userid} 200 in 0s" +
				"\n\tbad      GET /users/{userid} 503 in 0s",
		}},
		{"counts differ, events observed", func(t testing.TB) {
			rec := slitest.New(t, availability)
			e := sli.Event{Operation: "GET /users/{userid}", Status: 503}
			rec.SLI().Record(e)
			rec.Observe(e)
			rec.Want("availability", sli.Counts{})
		}, []string{"availability: got 0/1 (0.00%), want 0/0 (no data)\n\tbad      GET /users/{userid} 503 in 0s"}},
		{"counts differ, nothing observed", func(t testing.TB) {
			slitest.New(t, availability).Want("availability", sli.Counts{Good: 1, Valid: 1})
		}, []string{"availability: got 0/0 (no data), want 1/1 (100.00%), without any event recorded or observed"}},
		{"unknown indicator", func(t testing.TB) { slitest.New(t, availability).Want("latency", sli.Counts{}) },
			[]string{`unknown indicator "latency"`}},
		{"invalid indicators", func(t testing.TB) { slitest.New(t, availability, availability) },
			[]string{"indicators:\nindicators[1].Name: duplicate name \"availability\" of indicators[0]"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, failures(t, test.assert)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
