package fielderr_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/internal/fielderr"
)

func TestListMovesPathsBelowTheirParent(t *testing.T) {
	var inner fielderr.List
	inner.Addf("within", "%v is negative", -1)
	inner.Add("", errors.New("has no name"))
	inner.Add("status", fmt.Errorf("wrapped: %w", io.EOF))
	inner.Add("status", nil)

	var outer fielderr.List
	outer.Add(fielderr.Index("indicators", 2), inner.Err())
	outer.Add("objectives", errors.Join(&fielderr.Error{Path: "[0].window", Err: io.EOF}))

	var got []string
	for _, err := range outer.Err().(interface{ Unwrap() []error }).Unwrap() {
		got = append(got, err.Error())
	}
	want := []string{
		"indicators[2].within: -1 is negative",
		"indicators[2]: has no name",
		"indicators[2].status: wrapped: EOF",
		"objectives[0].window: EOF",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(outer.Err(), io.EOF) {
		t.Error("the cause is not found below the joined errors")
	}
}

func TestEmptyListIsNoError(t *testing.T) {
	var l fielderr.List
	l.Add("path", nil)
	if err := l.Err(); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}
