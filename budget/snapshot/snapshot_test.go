package snapshot_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/snapshot"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

const day = 24 * time.Hour

// A process saves its counts, and the next one continues them.
func ExampleLoad() {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "slo.snapshot")
	objective := slo.Objective{
		Indicator: sli.Indicator{Service: "users", Name: "availability", Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}},
		Target:    slo.MustParseTarget("99.5%"), Window: slo.MustParseWindow("30d"),
	}
	for range 2 {
		tracker, err := budget.NewTracker(30 * 24 * time.Hour)
		if err != nil {
			fmt.Println(err)
			return
		}
		parts := []snapshot.Part{{Objective: objective, Trackers: []*budget.Tracker{tracker}}}
		report, err := snapshot.Load(path, parts)
		fmt.Println(len(report.Restored), "restored, previously", parts[0].Step, err)

		tracker.Add(sli.Counts{Good: 998, Valid: 1000})
		parts[0].Step = "healthy"
		if err := snapshot.Save(path, parts); err != nil {
			fmt.Println(err)
		}
		fmt.Println(tracker.Counts(time.Hour))
	}
	// Output:
	// 0 restored, previously  <nil>
	// 998/1000 (99.80%)
	// 1 restored, previously healthy <nil>
	// 1996/2000 (99.80%)
}

func newTracker(t testing.TB) *budget.Tracker {
	t.Helper()
	tracker, err := budget.NewTracker(30 * day)
	if err != nil {
		t.Fatal(err)
	}
	return tracker
}

// partOf returns the part of a new process, with two Trackers.
func partOf(t testing.TB, o slo.Objective) snapshot.Part {
	t.Helper()
	return snapshot.Part{Objective: o, Trackers: []*budget.Tracker{newTracker(t), newTracker(t)}}
}

func objective(name string) slo.Objective {
	return slo.Objective{
		Indicator: sli.Indicator{Service: "users", Name: name, Requests: []string{"GET /users/{userid}"}, Good: sli.Condition{Within: time.Second}},
		Target:    slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow("30d"),
	}
}

// saved returns a file with the parts of two objectives, which have counted 8
// and 80 events.
func saved(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	parts := []snapshot.Part{partOf(t, objective("latency")), partOf(t, objective("availability"))}
	parts[0].Step, parts[0].Since = "caution", time.Now()
	for i, n := range []uint64{8, 80} {
		parts[i].Trackers[0].Add(sli.Counts{Good: n - 1, Valid: n})
		parts[i].Trackers[1].Add(sli.Counts{Good: n - 2, Valid: n})
	}
	if err := snapshot.Save(path, parts); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLoadRestoresUnchangedDefinitions changes one thing of an objective.
func TestLoadRestoresUnchangedDefinitions(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*slo.Objective)
		want   string
	}{
		{"nothing", func(*slo.Objective) {}, "restored"},
		{"target", func(o *slo.Objective) { o.Target = slo.MustParseTarget("99%") }, "restored"},
		{"window", func(o *slo.Objective) { o.Window = slo.MustParseWindow("month") }, "restored"},
		{"journey and owner", func(o *slo.Objective) { o.Indicator.Journey, o.Owner = "browse", "users-team" }, "restored"},
		{"criterion", func(o *slo.Objective) { o.Indicator.Good.Within = 2 * time.Second }, "changed"},
		{"requests", func(o *slo.Objective) { o.Indicator.Requests = nil }, "changed"},
		{"patience", func(o *slo.Objective) { o.Indicator.Patience = time.Second }, "changed"},
		{"slices", func(o *slo.Objective) { o.Slices.Length = time.Minute }, "changed"},
		{"another indicator of the same ID", func(o *slo.Objective) { o.Name, o.Indicator.Name = "latency", "fast" }, "changed"},
		{"name", func(o *slo.Objective) { o.Name = "latency-contract" }, "missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := saved(t)
				since := time.Now()
				time.Sleep(time.Hour)
				o := objective("latency")
				tt.change(&o)
				part := partOf(t, o)
				parts := []snapshot.Part{part}
				report, err := snapshot.Load(path, parts)
				if err != nil {
					t.Fatal(err)
				}
				id := []string{o.ID()}
				want := map[string]snapshot.Report{"restored": {Restored: id}, "changed": {Changed: id}, "missing": {Missing: id}}[tt.want]
				want.At = since
				if diff := cmp.Diff(want, report); diff != "" {
					t.Error(diff)
				}
				first, second := part.Trackers[0].Counts(day), part.Trackers[1].Counts(day)
				if tt.want != "restored" {
					if first.Valid+second.Valid != 0 || parts[0].Step != "" || !parts[0].Since.IsZero() {
						t.Errorf("got %v, %v, %q", first, second, parts[0].Step)
					}
					return
				}
				if first.Good != 7 || second.Good != 6 || parts[0].Step != "caution" || !parts[0].Since.Equal(since) {
					t.Errorf("got %v, %v, %q since %v", first, second, parts[0].Step, parts[0].Since)
				}
				if got := part.Trackers[0].Covered(day); got != 0 {
					t.Errorf("covers %v, want 0s, since nobody counted in the last hour", got)
				}
			})
		})
	}
}

func TestReport(t *testing.T) {
	at := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	for want, report := range map[string]snapshot.Report{
		"no snapshot": {},
		"1 of 1 objectives continue the snapshot of 2026-03-15T12:00:00Z": {At: at, Restored: []string{"a"}},
		"2 of 5 objectives continue the snapshot of 2026-03-15T12:00:00Z; changed: c, d; new: e": {
			At: at, Restored: []string{"a", "b"}, Changed: []string{"c", "d"}, Missing: []string{"e"},
		},
	} {
		if got := report.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestLoadWithAnotherNumberOfTrackers(t *testing.T) {
	part := snapshot.Part{Objective: objective("latency"), Trackers: []*budget.Tracker{newTracker(t)}}
	report, err := snapshot.Load(saved(t), []snapshot.Part{part})
	if err != nil || len(report.Changed) != 1 || part.Trackers[0].Counts(day).Valid != 0 {
		t.Errorf("got %v, %v", report, err)
	}
}

func TestLoadIntoAUsedTracker(t *testing.T) {
	path, part := saved(t), partOf(t, objective("latency"))
	part.Trackers[0].Add(sli.Counts{Valid: 1})
	_, err := snapshot.Load(path, []snapshot.Part{part})
	if want := "snapshot: users/latency: budget: the Tracker has counted already: restore it first"; err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file is gone: %v", err)
	}
}

// withChecksum returns a file with a text of JSON.
func withChecksum(text string) []byte {
	return fmt.Appendf(nil, "sligo-snapshot 1 %x\n%s", sha256.Sum256([]byte(text)), text)
}

// TestDamagedFileIsSetAside checks that a damaged file restores nothing, and
// that the next process finds none.
func TestDamagedFileIsSetAside(t *testing.T) {
	good, err := os.ReadFile(saved(t))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"empty": nil, "another file": []byte("# objectives\n"), "more": append(good[:len(good):len(good)], ' '),
		"version 2": append([]byte("sligo-snapshot 2"), good[len("sligo-snapshot 1"):]...),
		"no JSON":   withChecksum("{"), "no Tracker": withChecksum(`{"objectives":[{"id":"users/latency","trackers":["AQ=="]}]}`),
	}
	for i := range good {
		if i%7 == 0 {
			files[fmt.Sprintf("%d bytes", i)] = good[:i]
			flipped := append([]byte(nil), good...)
			flipped[i] ^= 4
			files[fmt.Sprintf("byte %d", i)] = flipped
		}
	}
	for name, data := range files {
		path := filepath.Join(t.TempDir(), "slo.snapshot")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		checkSetAside(t, name, path, data)
	}
}

func checkSetAside(t *testing.T, name, path string, data []byte) {
	t.Helper()
	part := partOf(t, objective("latency"))
	report, err := snapshot.Load(path, []snapshot.Part{part})
	if err == nil || !strings.HasPrefix(err.Error(), "snapshot: "+path+": ") || !strings.HasSuffix(err.Error(), "; it is now "+path+".bad") {
		t.Errorf("%s: got error %v", name, err)
	}
	if got := part.Trackers[0].Counts(day); got.Valid != 0 || !report.At.IsZero() {
		t.Errorf("%s: got %v, %v", name, got, report)
	}
	if bad, err := os.ReadFile(path + ".bad"); err != nil || string(bad) != string(data) {
		t.Errorf("%s: set aside %d bytes, %v, want %d", name, len(bad), err, len(data))
	}
	if report, err := snapshot.Load(path, []snapshot.Part{part}); err != nil || !report.At.IsZero() {
		t.Errorf("%s: the next process got %v, %v", name, report, err)
	}
}

func TestFileOfTheFutureIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(day)
		if err := snapshot.Save(path, []snapshot.Part{partOf(t, objective("latency"))}); err != nil {
			t.Fatal(err)
		}
	})
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) { checkSetAside(t, "future", path, data) })
}

func TestLoadLeavesAFileThatItCannotRead(t *testing.T) {
	path := t.TempDir() // a folder
	_, err := snapshot.Load(path, nil)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got error %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

// FuzzLoad checks that any content with a valid checksum is refused or restored
// as a whole.
func FuzzLoad(f *testing.F) {
	data, err := os.ReadFile(saved(f))
	if err != nil {
		f.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "\n")
	f.Add(text)
	f.Add(`{"objectives":[{"id":"users/latency","definition":"","trackers":[]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "slo.snapshot")
		if err := os.WriteFile(path, withChecksum(text), 0o600); err != nil {
			t.Fatal(err)
		}
		part := partOf(t, objective("latency"))
		report, err := snapshot.Load(path, []snapshot.Part{part})
		if n := len(report.Restored) + len(report.Changed) + len(report.Missing); (n == 1) != (err == nil) {
			t.Errorf("got %d objectives and error %v", n, err)
		}
		if got := part.Trackers[0].Counts(30 * day); len(report.Restored) == 0 && got != (sli.Counts{}) {
			t.Errorf("got %v from %v, %v", got, report, err)
		}
	})
}

func TestMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	with, without := partOf(t, objective("a")), partOf(t, objective("b"))
	with.Memory = []byte(`{"periods":[1,2]}`)
	if err := snapshot.Save(path, []snapshot.Part{with, without}); err != nil {
		t.Fatal(err)
	}
	parts := []snapshot.Part{partOf(t, objective("a")), partOf(t, objective("b"))}
	parts[1].Memory = []byte(`"mine"`)
	if _, err := snapshot.Load(path, parts); err != nil {
		t.Fatal(err)
	}
	if got := string(parts[0].Memory); got != `{"periods":[1,2]}` {
		t.Errorf("got %s", got)
	}
	if got := string(parts[1].Memory); got != `"mine"` {
		t.Errorf("a file without a memory replaces it by %s", got)
	}
}
