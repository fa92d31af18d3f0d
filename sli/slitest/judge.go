package slitest

import (
	"fmt"
	"strings"
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

// Judge checks the indicator's verdict on the event of each case. It reports an
// error for each verdict that differs, and stops the test if the indicator is
// not valid.
func Judge(t testing.TB, indicator sli.Indicator, cases ...Case) {
	t.Helper()
	judge, err := indicator.Compile()
	if err != nil {
		t.Fatalf("indicator %q:\n%v", indicator.Name, err)
	}
	for _, c := range cases {
		if got := judge(c.Event); got != c.Want {
			t.Errorf("%s: %s: %s: got %s, want %s", indicator.Name, c.Name, describe(c.Event), got, c.Want)
		}
	}
}

// describe writes an event on one line.
func describe(e sli.Event) string {
	parts := []string{e.Operation}
	if e.Operation == "" {
		parts[0] = "(no operation)"
	}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprint(e.Status))
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	parts = append(parts, "in "+e.Duration.String())
	if e.Items != 0 {
		parts = append(parts, fmt.Sprintf("with %d items", e.Items))
	}
	if e.Canceled {
		parts = append(parts, "canceled")
	}
	if e.Err != nil {
		parts = append(parts, fmt.Sprintf("failed: %v", e.Err))
	}
	return strings.Join(parts, " ")
}
