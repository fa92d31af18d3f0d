package slitest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slitest"
)

func ExampleJudge() {
	var t testing.TB = printing{} // in a test, its *testing.T
	slitest.Judge(t, availability,
		slitest.Case{Name: "answered", Event: sli.Event{Operation: "GET /users/{userid}", Status: 200}, Want: sli.VerdictGood},
		slitest.Case{Name: "mistake", Event: sli.Event{Operation: "GET /users/{userid}", Status: 400}, Want: sli.VerdictBad},
	)
	// Output:
	// availability: mistake: GET /users/{userid} 400 in 0s: got ignored, want bad
}

func ExampleNew() {
	var t testing.TB = printing{} // in a test, its *testing.T
	rec := slitest.New(t, latency)
	rec.Record(
		sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: 100 * time.Millisecond},
		sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: 101 * time.Millisecond},
	)
	rec.Want("latency", sli.Counts{Good: 2, Valid: 2})
	// Output:
	// latency: got 1/2 (50.00%), want 2/2 (100.00%)
	// 	good     GET /users/{userid} 200 in 100ms
	// 	bad      GET /users/{userid} 200 in 101ms
}

// printing is a testing.TB for examples, which have none: it prints failures.
type printing struct{ testing.TB }

func (printing) Helper() {}
func (printing) Errorf(format string, a ...any) {
	fmt.Println(strings.TrimSpace(fmt.Sprintf(format, a...)))
}
