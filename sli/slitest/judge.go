package slitest

import (
	"testing"

	"github.com/sligo-go/sligo/sli"
)

// Case is an event and the verdict that a test expects.
type Case struct {
	// Name describes the event in failures, like "the client's own mistake".
	Name string
	// Event is the event to judge.
	Event sli.Event
	// Want is the expected verdict. The zero Verdict is VerdictIgnored.
	Want sli.Verdict
}

// Judge checks the indicator's verdict on the event of each case. It reports
// an error for each verdict that differs, and stops the test if the indicator
// is not valid.
func Judge(t testing.TB, indicator sli.Indicator, cases ...Case) {
	t.Helper()
	judge, err := indicator.Compile()
	if err != nil {
		t.Fatalf("indicator %q:\n%v", indicator.Name, err)
	}
	for _, c := range cases {
		if got := judge(c.Event); got != c.Want {
			t.Errorf("%s: %s: %v: got %s, want %s", indicator.Name, c.Name, c.Event, got, c.Want)
		}
	}
}
