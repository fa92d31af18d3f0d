package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// TestFile checks that slo.yaml and objectives.go state the same promises.
func TestFile(t *testing.T) {
	f, err := slofile.Load("slo.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	options := cmp.Options{
		cmp.AllowUnexported(slo.Target{}, slo.Share{}),
		cmp.Comparer(func(a, b sli.Condition) bool { return a.String() == b.String() }),
	}
	if diff := cmp.Diff(objectives, f.Objectives, options); diff != "" {
		t.Errorf("(-objectives.go +slo.yaml): %s", diff)
	}
}

// TestFileHasItsUsualForm checks that Format leaves slo.yaml as it is.
func TestFileHasItsUsualForm(t *testing.T) {
	text, err := os.ReadFile("slo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	formatted, err := slofile.Format("slo.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), string(formatted)); diff != "" {
		t.Error(diff)
	}
}
