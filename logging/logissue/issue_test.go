package logissue_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging/logissue"
)

// TestTextAndJSON checks that the printed values read as text, and that their
// JSON reads back.
func TestTextAndJSON(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	occurrence := logissue.Occurrence{Message: "load order", Error: "order 7: EOF", RequestID: "abc-123"}
	issue := logissue.Issue{
		Fingerprint: "f00", Type: "*pkg.Error", Title: "order <v>: EOF", Count: 3,
		FirstSeen: now, LastSeen: now.Add(time.Hour), Resolved: true, Latest: occurrence,
	}
	for value, want := range map[fmt.Stringer]string{
		&occurrence:                            "load order: order 7: EOF (request abc-123)",
		&logissue.Occurrence{Error: "EOF"}:     "EOF",
		&issue:                                 "3 × order <v>: EOF, resolved",
		&logissue.Change{Issue: issue}:         "new: 3 × order <v>: EOF, resolved",
		&logissue.Change{Regressed: true}:      "regressed: 0 × ",
		&logissue.Summary{Total: 1, Other: 1}:  "errors: 1, issues: 0, errors of replaced issues: 1",
		&logissue.Summary{Total: 1, Missed: 2}: "errors: 1, issues: 0, missed changes: 2",
		&logissue.Summary{Total: 3, Issues: []logissue.Issue{issue}}: "errors: 3, issues: 1\n" +
			"3 × order <v>: EOF, resolved",
	} {
		if got := value.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	roundTrip(t, occurrence)
	roundTrip(t, issue)
	roundTrip(t, logissue.Change{Issue: issue, Regressed: true})
	roundTrip(t, logissue.Summary{Issues: []logissue.Issue{issue, {}}, Total: 5, Other: 1, New: 4, Regressed: 3, Missed: 2})
}

func roundTrip[T any](t *testing.T, value T) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := json.Unmarshal(text, &back); err != nil {
		t.Errorf("%s: %v", text, err)
	}
	if diff := cmp.Diff(value, back); diff != "" {
		t.Errorf("%s reads back as (-want +got):\n%s", text, diff)
	}
	if err := json.Unmarshal([]byte(`{"nothing":1}`), &back); err == nil {
		t.Errorf("%T accepts an unknown field", back)
	}
}
