package slilog_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli/slilog"
)

// TestResultAsTextAndJSON checks that a printed result reads back.
func TestResultAsTextAndJSON(t *testing.T) {
	result := slilog.Result{Lines: 9, Events: 5, Others: 3, Unreadable: 1}
	if got, want := result.String(), "lines: 9, events: 5, other: 3, unreadable: 1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	text, err := json.Marshal(result)
	if want := `{"lines":9,"events":5,"others":3,"unreadable":1}`; err != nil || string(text) != want {
		t.Errorf("got %s, %v, want %s", text, err, want)
	}
	var back slilog.Result
	if err := json.Unmarshal(text, &back); err != nil || !cmp.Equal(back, result) {
		t.Errorf("read back %v, %v, want %v", back, err, result)
	}
	if err := json.Unmarshal([]byte(`{"line":9}`), &back); err == nil || !cmp.Equal(back, result) {
		t.Errorf("an unknown field gives %v and no error", back)
	}
}
