package main

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

var example = state{
	Totals:   sli.Report{Service: "settlement", Indicators: []sli.Tally{{Name: "orders", Counts: sli.Counts{Good: 1<<64 - 2, Valid: 1<<64 - 1}}}},
	Success:  time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC),
	Position: position{Export: "2026-11-26.csv", Read: 120, Written: 29},
}

func TestStateSurvives(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.close() }()
	if _, err := s.load(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a new state: %v", err)
	}
	for _, st := range []state{{}, example} {
		if err := s.save(st); err != nil {
			t.Fatal(err)
		}
		got, err := s.load()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(st, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestEveryDamageIsFound cuts a state at each byte and flips each bit of it.
func TestEveryDamageIsFound(t *testing.T) {
	text, err := encode(example)
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(text) {
		if _, err := decode(text[:i]); !errors.Is(err, errDamaged) {
			t.Errorf("cut at %d: %v", i, err)
		}
		for bit := range 8 {
			flipped := []byte(text)
			flipped[i] ^= 1 << bit
			if _, err := decode(string(flipped)); !errors.Is(err, errDamaged) {
				t.Errorf("bit %d of byte %d: %v", bit, i, err)
			}
		}
	}
	for name, body := range map[string]string{"unknown field": `{"positions":{}}`, "another type": `[]`} {
		if _, err := decode(header + " " + checksum(header, body) + "\n" + body + "\n"); !errors.Is(err, errDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
