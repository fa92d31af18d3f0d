package sli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

func TestFieldErrorsMovePathsBelowTheirParent(t *testing.T) {
	var inner sli.FieldErrors
	inner.Addf("Within", "%v is negative", -1)
	inner.Add("", errors.New("has no name"))
	inner.Add("Status", fmt.Errorf("wrapped: %w", io.EOF))
	inner.Add("Status", nil)

	var outer sli.FieldErrors
	outer.Add("indicators[2]", inner.Err())
	outer.Add("objectives", errors.Join(&sli.FieldError{Path: "[0].Window", Err: io.EOF}))

	var got []string
	for _, m := range sli.Mistakes(outer.Err()) {
		got = append(got, m.Error())
	}
	want := []string{
		"indicators[2].Within: -1 is negative",
		"indicators[2]: has no name",
		"indicators[2].Status: wrapped: EOF",
		"objectives[0].Window: EOF",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(outer.Err(), io.EOF) {
		t.Error("errors.Is does not find the cause in the joined errors")
	}
}

func TestMistakes(t *testing.T) {
	field := &sli.FieldError{Path: "Name", Err: io.EOF}
	wrapped := fmt.Errorf("of a user: %w", field)
	got := sli.Mistakes(errors.Join(errors.Join(field, nil), errors.Join(io.EOF, wrapped)))
	if len(got) != 3 || got[0] != field || got[1].Path != "" || !errors.Is(got[1], io.EOF) || got[2].Path != "" || got[2].Error() != wrapped.Error() {
		t.Errorf("got %v", got)
	}
	if got := sli.Mistakes(nil); got != nil {
		t.Errorf("of nil: got %v", got)
	}
}

func TestFieldErrorsWithoutMistakes(t *testing.T) {
	var l sli.FieldErrors
	l.Add("path", nil)
	if err := l.Err(); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

// TestFieldErrorJSON checks that a service can send the mistakes in a
// definition to its client.
func TestFieldErrorJSON(t *testing.T) {
	mistake := &sli.FieldError{Path: "Good.Within", Err: errors.New("required")}
	text, err := json.Marshal([]*sli.FieldError{mistake})
	if want := `[{"path":"Good.Within","err":"required"}]`; err != nil || string(text) != want {
		t.Fatalf("got %s, %v, want %s", text, err, want)
	}
	var back []*sli.FieldError
	if err := json.Unmarshal(text, &back); err != nil || back[0].Path != mistake.Path || back[0].Error() != mistake.Error() {
		t.Errorf("read back %v, %v, want %v", back, err, mistake)
	}
	if err := json.Unmarshal([]byte(`[{"path":"a","error":"b"}]`), &back); err == nil {
		t.Error("an unknown field is no error")
	}
}
