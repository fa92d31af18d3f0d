package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

// shop is a folder with exports whose outcome is known, and the job's files.
type shop struct {
	dir      string
	random   *rand.Rand
	days     int
	truth    sli.Counts
	canceled uint64
	results  map[string]string // of the exports, by file name
	logs     bytes.Buffer      // of all runs
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{dir: t.TempDir(), random: rand.New(rand.NewPCG(1, 2)), results: map[string]string{}}
	if err := os.Mkdir(filepath.Join(s.dir, "exports"), 0o755); err != nil {
		t.Fatal(err)
	}
	return s
}

// export writes the export of the next day.
func (s *shop) export(t *testing.T, rows int) {
	t.Helper()
	s.days++
	name := fmt.Sprintf("2026-11-%02d.csv", s.days)
	var export, result strings.Builder
	for order := range rows {
		due := s.random.IntN(10_000)
		s.truth.Valid++
		switch s.random.IntN(10) {
		case 0:
			s.truth.Valid--
			s.canceled++
			fmt.Fprintf(&export, "%d,canceled,%d,0\n", order, due)
		case 1:
			fmt.Fprintf(&export, "%d,delivered,%d,%d\n", order, due, due+1)
		case 2:
			fmt.Fprintf(&export, "%d,delivered,-%d,-%d\n", order, due+1, due+1)
		case 3:
			fmt.Fprintf(&export, "%d;delivered;%d\n", order, due)
		default:
			s.truth.Good++
			fmt.Fprintf(&export, "%d,delivered,%d,%d\n", order, due, due)
			fmt.Fprintf(&result, "%d,%d\n", order, due)
		}
	}
	s.results[name] = result.String()
	writeFile(t, filepath.Join(s.dir, "exports", name), export.String())
}

// run runs the job and returns its exit status.
func (s *shop) run(ctx context.Context, args ...string) int {
	args = append([]string{"-exports", filepath.Join(s.dir, "exports"), "-results", s.path("results"), "-state", s.path("state")}, args...)
	return run(ctx, args, &s.logs)
}

func (s *shop) path(name ...string) string {
	return filepath.Join(append([]string{s.dir}, name...)...)
}

// success returns the time of the last success in the state.
func (s *shop) success(t *testing.T) time.Time {
	t.Helper()
	saved, err := (&store{path: s.path("state")}).load()
	if err != nil {
		t.Fatal(err)
	}
	return saved.Success
}

// check compares the totals and the results with the truth.
func (s *shop) check(t *testing.T) {
	t.Helper()
	s.checkTotals(t)
	got := map[string]string{}
	for _, name := range names(t, s.path("results")) {
		got[name] = readFile(t, s.path("results", name))
	}
	if diff := cmp.Diff(s.results, got); diff != "" {
		t.Fatalf("the results differ (-want +got):\n%s", diff)
	}
}

func (s *shop) checkTotals(t *testing.T) {
	t.Helper()
	saved, err := (&store{path: s.path("state")}).load()
	if err != nil {
		t.Fatal(err)
	}
	orders := saved.Totals.Indicators[0]
	if orders.Counts != s.truth || orders.Ignored[sli.ReasonNotValid] != s.canceled {
		t.Fatalf("the totals are %v, want %v and %d ignored", orders, s.truth, s.canceled)
	}
}

func TestRunsContinueTheTotals(t *testing.T) {
	s := newShop(t)
	for day := range 3 {
		s.export(t, 100+day)
		s.export(t, 0)
		if status := s.run(t.Context(), "-chunk", "7"); status != 0 {
			t.Fatalf("the exit status is %d\n%s", status, &s.logs)
		}
		s.check(t)
	}
	before := s.success(t)
	if status := s.run(t.Context()); status != 0 { // without a new export
		t.Fatalf("the exit status is %d\n%s", status, &s.logs)
	}
	s.check(t)
	if after := s.success(t); before.IsZero() || !after.Equal(before) {
		t.Errorf("a run without a new export moved the last success from %v to %v", before, after)
	}
}

// TestInterruptedRuns ends each run after a chunk. Between the runs it makes
// the files as a crash would have left them.
func TestInterruptedRuns(t *testing.T) {
	s := newShop(t)
	s.export(t, 50)
	s.export(t, 9)
	ended, end := context.WithCancel(t.Context())
	end()
	part := s.path("results", "2026-11-01.csv.part")
	began := time.Now()
	for runs := 0; s.run(ended, "-chunk", "10") != 0; runs++ {
		if runs > 10 {
			t.Fatalf("no run succeeds\n%s", &s.logs)
		}
		if !s.success(t).IsZero() {
			t.Error("an interrupted run is a success")
		}
		if text, err := os.ReadFile(part); err == nil {
			// Settled, but the state was not saved.
			writeFile(t, part, string(text)+"2000,1\n")
		}
		writeFile(t, s.path("state.new"), "half a sta")
	}
	s.check(t)

	// The state was saved, but the last result has not got its name.
	success := s.success(t)
	if success.Before(began) {
		t.Errorf("the last success is %v, before %v", success, began)
	}
	last := s.path("results", "2026-11-02.csv")
	if err := os.Rename(last, last+".part"); err != nil {
		t.Fatal(err)
	}
	if status := s.run(t.Context()); status != 0 {
		t.Fatalf("the exit status is %d\n%s", status, &s.logs)
	}
	s.check(t)
	if got := s.success(t); !got.Equal(success) {
		t.Errorf("the results are as old as before, and the last success moved from %v to %v", success, got)
	}
}

func TestDamagedStateIsSetAside(t *testing.T) {
	s := newShop(t)
	s.export(t, 20)
	if status := s.run(t.Context()); status != 0 {
		t.Fatalf("the exit status is %d\n%s", status, &s.logs)
	}
	damaged := readFile(t, s.path("state"))[:100]
	writeFile(t, s.path("state"), damaged)
	s.truth, s.canceled = sli.Counts{}, 0 // the work does not begin again
	s.export(t, 20)
	if status := s.run(t.Context()); status != 0 {
		t.Fatalf("the exit status is %d\n%s", status, &s.logs)
	}
	s.check(t)
	aside, err := filepath.Glob(s.path("state.bad-*"))
	if err != nil || len(aside) != 1 || readFile(t, aside[0]) != damaged {
		t.Errorf("the damaged state is not in one of %q, %v", aside, err)
	}
	if line := `"WARN","application":"settlement","message":"Damaged state set aside: the totals begin again at zero"`; !strings.Contains(s.logs.String(), line) {
		t.Errorf("no warning in the log:\n%s", &s.logs)
	}
}

func TestRunsThatFail(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(t *testing.T, s *shop)
		args    []string
		status  int
		want    string
	}{
		"another run": {prepare: func(t *testing.T, s *shop) {
			other, err := openStore(s.path("state"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = other.close() })
		}, status: 1, want: "another run holds the lock"},
		"no exports": {prepare: func(t *testing.T, s *shop) {
			if err := os.RemoveAll(s.path("exports")); err != nil {
				t.Fatal(err)
			}
		}, status: 1, want: "no such file"},
		"newer version": {prepare: func(t *testing.T, s *shop) {
			const newer = "sligo-batch-state 2"
			writeFile(t, s.path("state"), newer+" "+checksum(newer, "{}")+"\n{}\n")
		}, status: 1, want: "unknown version"},
		"shorter export": {prepare: func(t *testing.T, s *shop) {
			s.export(t, 3)
			ended, end := context.WithCancel(t.Context())
			end()
			s.run(ended, "-chunk", "2")
			writeFile(t, s.path("exports", "2026-11-01.csv"), "1,delivered,1,1\n")
		}, status: 1, want: "the export has 16 bytes"},
		"wrong flag": {args: []string{"-chunk", "0"}, status: 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			if test.prepare != nil {
				test.prepare(t, s)
			}
			if status := s.run(t.Context(), test.args...); status != test.status {
				t.Errorf("the exit status is %d, want %d", status, test.status)
			}
			if !strings.Contains(s.logs.String(), test.want) {
				t.Errorf("no %q in the log:\n%s", test.want, &s.logs)
			}
		})
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}
