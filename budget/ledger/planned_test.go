package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/slo"
)

// A page announces the next seven days.
func ExampleLedger_Planned() {
	now := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	downtime := ledger.Ledger{Entries: []ledger.Entry{
		{Kind: ledger.KindDrill, Name: "failover", Start: now.Add(10 * 24 * time.Hour)},
		{Kind: ledger.KindMaintenance, Name: "users database", Start: now.Add(48 * time.Hour), End: now.Add(54 * time.Hour)},
		{Kind: ledger.KindOutage, Name: "slow search", Start: now.Add(-time.Hour)},
		{Kind: ledger.KindDeployment, Name: "users 2.30.0", Start: now.Add(-time.Minute), End: now.Add(9 * time.Minute)},
	}}
	for _, e := range downtime.Planned(now, 7*24*time.Hour) {
		fmt.Println(e.Announcement(now))
	}
	// Output:
	// deployment "users 2.30.0" is in progress until 2026-03-12 15:09 UTC, for another 9 minutes
	// maintenance "users database" starts in 2 days, at 2026-03-14 15:00 UTC, for 6 hours
}

// A chart marks the entries of its window.
func ExampleLedger_Between() {
	now := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	downtime := ledger.Ledger{Entries: []ledger.Entry{
		{Kind: ledger.KindDeployment, Name: "users 2.30.0", Start: now.Add(-time.Hour), End: now.Add(-50 * time.Minute)},
		{Kind: ledger.KindOutage, Name: "failover", Start: now.Add(-40 * 24 * time.Hour), End: now.Add(-39 * 24 * time.Hour)},
	}}
	start, _ := slo.MustParseWindow("30d").Bounds(now)
	for _, e := range downtime.Between(start, now) {
		fmt.Println(e)
	}
	// Output:
	// deployment "users 2.30.0" from 2026-03-12T14:00:00Z for 10 minutes
}

func ExampleEntry_Announcement() {
	now := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	e := ledger.Entry{Kind: ledger.KindDrill, Name: "failover", Start: now.Add(90 * time.Minute), Degree: slo.MustParseShare("50%")}
	fmt.Println(e.Announcement(now))
	// Output:
	// drill "failover" starts in 1.5 hours, at 2026-03-12 16:30 UTC, 50% down
}

func TestAnnouncement(t *testing.T) {
	start := time.Date(2026, 3, 14, 15, 0, 0, 0, time.FixedZone("", 9*60*60))
	end := start.Add(6 * time.Hour)
	maintenance := ledger.Entry{Kind: ledger.KindMaintenance, Name: "users database", Start: start, End: end}
	drill := ledger.Entry{Kind: ledger.KindDrill, Name: "failover", Start: start}
	for _, tt := range []struct {
		entry ledger.Entry
		now   time.Time
		want  string
	}{
		{maintenance, start.Add(-1), `maintenance "users database" starts in 1 nanosecond, at 2026-03-14 06:00 UTC, for 6 hours`},
		{maintenance, start, `maintenance "users database" is in progress until 2026-03-14 12:00 UTC, for another 6 hours`},
		{maintenance, end.Add(-2 * time.Hour), `maintenance "users database" is in progress until 2026-03-14 12:00 UTC, for another 2 hours`},
		{maintenance, end, `maintenance "users database" ended at 2026-03-14 12:00 UTC`},
		{drill, start.Add(-48 * time.Hour), `drill "failover" starts in 2 days, at 2026-03-14 06:00 UTC`},
		{drill, start, `drill "failover" has been in progress since 2026-03-14 06:00 UTC, without an end yet`},
		{drill, end, `drill "failover" has been in progress since 2026-03-14 06:00 UTC, without an end yet`},
	} {
		if got := tt.entry.Announcement(tt.now); got != tt.want {
			t.Errorf("at %v: got  %s\nwant %s", tt.now, got, tt.want)
		}
	}
}

// TestBetweenAgreesWithBruteForce looks at each second of random entries.
func TestBetweenAgreesWithBruteForce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	now := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	for range 50 {
		books := randomLedger(random, now)
		start := now.Add(time.Duration(random.IntN(6000)-5000) * time.Second)
		seconds := random.IntN(2000)
		var want []ledger.Entry
		for _, e := range books.Entries {
			goesOn := func(second int) bool {
				at := start.Add(time.Duration(second) * time.Second)
				return !at.Before(e.Start) && (e.End.IsZero() || at.Before(e.End))
			}
			if slices.ContainsFunc(secondsUntil(seconds), goesOn) {
				want = append(want, e)
			}
		}
		before := slices.Clone(books.Entries)
		got := books.Between(start, start.Add(time.Duration(seconds)*time.Second))
		isSorted := slices.IsSortedFunc(got, func(a, b ledger.Entry) int { return a.Start.Compare(b.Start) })
		if !isSorted || !sameEntries(got, want) {
			t.Fatalf("from %v for %ds: got %v, want %v", start, seconds, got, want)
		}
		planned := books.Planned(start, time.Duration(seconds)*time.Second)
		want = slices.DeleteFunc(want, func(e ledger.Entry) bool { return e.Kind == ledger.KindOutage })
		if !sameEntries(planned, want) {
			t.Fatalf("planned from %v for %ds: got %v, want %v", start, seconds, planned, want)
		}
		if !sameEntries(books.Entries, before) {
			t.Fatal("the ledger changed")
		}
	}
}

func secondsUntil(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// sameEntries compares entries in any order.
func sameEntries(a, b []ledger.Entry) bool {
	texts := func(entries []ledger.Entry) []string {
		var all []string
		for _, e := range entries {
			all = append(all, e.String())
		}
		slices.Sort(all)
		return all
	}
	return cmp.Equal(texts(a), texts(b))
}

func TestBetweenSortsEqualStarts(t *testing.T) {
	at := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	sorted := []ledger.Entry{
		{Kind: ledger.KindDeployment, Name: "b", Start: at, End: at.Add(1)}, {Kind: ledger.KindDrill, Name: "a", Start: at, End: at.Add(1)},
		{Kind: ledger.KindDrill, Name: "b", Start: at, End: at.Add(1)}, {Kind: ledger.KindDeployment, Name: "a", Start: at, End: at.Add(2)},
		{Kind: ledger.KindDeployment, Name: "a", Start: at},
	}
	for range 20 {
		books := ledger.Ledger{Entries: slices.Clone(sorted)}
		rand.Shuffle(len(sorted), func(i, j int) { books.Entries[i], books.Entries[j] = books.Entries[j], books.Entries[i] })
		got := books.Between(at, at.Add(time.Hour))
		for i, e := range got {
			if e.String() != sorted[i].String() {
				t.Fatalf("got %v, want %v", got, sorted)
			}
		}
	}
}

func TestExcludes(t *testing.T) {
	at := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	books := ledger.Ledger{
		Entries: []ledger.Entry{
			{Kind: ledger.KindMaintenance, Name: "a", Start: at, End: at.Add(time.Hour)},
			{Kind: ledger.KindDeployment, Name: "b", Start: at.Add(2 * time.Hour)},
			{Kind: ledger.KindOutage, Name: "c", Start: at.Add(3 * time.Hour)},
			{Kind: ledger.KindDrill, Name: "d", Start: at.Add(4 * time.Hour)},
		},
		Exclude: []ledger.Kind{ledger.KindMaintenance, ledger.KindDrill, ledger.KindOutage},
	}
	tests := []struct {
		after time.Duration
		want  bool
	}{{-1, false}, {0, true}, {time.Hour - 1, true}, {time.Hour, false}, {2 * time.Hour, false}, {3 * time.Hour, false}, {1000 * time.Hour, true}}
	for _, test := range tests {
		if got := books.Excludes(at.Add(test.after)); got != test.want {
			t.Errorf("after %v: got %v", test.after, got)
		}
	}
	var names []string
	for _, e := range books.Excluded(at, at.Add(5*time.Hour)) {
		names = append(names, e.Name)
	}
	if diff := cmp.Diff([]string{"a", "d"}, names); diff != "" {
		t.Errorf("excluded (-want +got):\n%s", diff)
	}
}

// TestPlannedNothingAhead has an entry that ends, one that begins and one that
// follows at the moment asked about.
func TestPlannedNothingAhead(t *testing.T) {
	now := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	l := ledger.Ledger{Entries: []ledger.Entry{
		{Kind: ledger.KindDrill, Name: "ended", Start: now.Add(-time.Hour), End: now},
		{Kind: ledger.KindDrill, Name: "in progress", Start: now.Add(-time.Hour), End: now.Add(1)},
		{Kind: ledger.KindDrill, Name: "begins", Start: now},
		{Kind: ledger.KindDrill, Name: "next", Start: now.Add(1)},
	}}
	for _, ahead := range []time.Duration{0, -time.Hour} {
		var names []string
		for _, e := range l.Planned(now, ahead) {
			names = append(names, e.Name)
		}
		if diff := cmp.Diff([]string{"in progress", "begins"}, names); diff != "" {
			t.Errorf("%v ahead (-want +got):\n%s", ahead, diff)
		}
	}
}
