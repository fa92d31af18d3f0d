package budget_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// A process ends, and the next one continues its counts.
func ExampleTracker_Restore() {
	before, err := budget.NewTracker(30 * 24 * time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	before.Add(sli.Counts{Good: 996, Valid: 1000})
	data := before.Snapshot() // kept in a file

	tracker, err := budget.NewTracker(30 * 24 * time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := tracker.Restore(data); err != nil {
		fmt.Println(err)
		return
	}
	tracker.Add(sli.Counts{Good: 1000, Valid: 1000})
	fmt.Println(tracker.Counts(time.Hour))
	fmt.Println(tracker.Restore(data))
	// Output:
	// 1996/2000 (99.80%)
	// budget: the Tracker has counted already: restore it first
}

// lifetimes follows a service through many processes.
type lifetimes struct {
	t       *testing.T
	random  *rand.Rand
	start   time.Time
	tracker *budget.Tracker
	all     history        // counted before the last snapshot of a process
	gaps    [][2]time.Time // in which nobody counted
}

// restart ends the process some time after a snapshot, and starts the next one.
func (l *lifetimes) restart(longest time.Duration) {
	data, at := l.tracker.Snapshot(), time.Now()
	time.Sleep(time.Duration(l.random.Int64N(int64(time.Minute))))
	l.tracker.Add(sli.Counts{Valid: 1_000_000}) // lost with the process
	time.Sleep(time.Duration(l.random.Uint64() >> (13 + l.random.UintN(34))))
	l.tracker = newTracker(l.t, longest)
	if err := l.tracker.Restore(data); err != nil {
		l.t.Fatal(err)
	}
	l.gaps = append(l.gaps, [2]time.Time{at, time.Now()})
}

func (l *lifetimes) count() {
	counts := sli.Counts{Valid: l.random.Uint64N(1000)}
	counts.Good = l.random.Uint64N(counts.Valid + 1)
	l.tracker.Add(counts)
	l.all = append(l.all, addition{time.Now(), counts})
	time.Sleep(time.Duration(l.random.Uint64() >> (13 + l.random.UintN(34))))
}

// known returns how much of the last part of time somebody counted.
func (l *lifetimes) known(length time.Duration) time.Duration {
	now := time.Now()
	from := now.Add(-min(length, now.Sub(l.start)))
	known := now.Sub(from)
	for _, gap := range l.gaps {
		if begin := max(gap[0].Sub(from), 0); gap[1].After(from) {
			known -= gap[1].Sub(from) - begin
		}
	}
	return known
}

// TestRestoredTrackerAgreesWithHistory compares a Tracker that is restored many
// times with all events that were counted, and with the times between.
func TestRestoredTrackerAgreesWithHistory(t *testing.T) {
	for _, longest := range []time.Duration{time.Second, time.Hour, 100 * time.Minute, 30 * day, 90 * day} {
		t.Run(longest.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &lifetimes{t: t, random: rand.New(rand.NewPCG(1, 0)), start: time.Now(), tracker: newTracker(t, longest)}
				for i := range 300 {
					l.count()
					if i%3 == 0 {
						l.restart(longest)
					}
					for _, length := range []time.Duration{time.Minute, time.Hour, 12 * time.Hour, 3 * day, longest} {
						l.compare(length, longest)
					}
				}
			})
		})
	}
}

func (l *lifetimes) compare(length, longest time.Duration) {
	l.t.Helper()
	if got, want := l.tracker.Counts(length), l.all.counts(l.start, time.Now(), length, longest); got != want {
		l.t.Fatalf("last %v: got %v, want %v", length, got, want)
	}
	length = min(length, longest)
	got, most := l.tracker.Covered(length), l.known(length)
	least := most - resolution(length) - time.Duration(len(l.gaps))*time.Millisecond
	if got > most || got < least {
		l.t.Fatalf("last %v: covers %v, want %v to %v", length, got, least, most)
	}
}

// TestRestoreWithAnotherLongestWindow changes the longest window with each
// restart, as the months do. Events of a shorter window's time stay exact to a
// cell.
func TestRestoreWithAnotherLongestWindow(t *testing.T) {
	for _, lengths := range [][]time.Duration{
		{31 * day, 34 * day}, {time.Hour, 30 * day}, {2 * time.Hour, 90 * day, 20 * time.Minute}, {30 * day, time.Second, 3 * day},
	} {
		t.Run(fmt.Sprint(lengths), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &lifetimes{t: t, random: rand.New(rand.NewPCG(2, 0)), start: time.Now(), tracker: newTracker(t, lengths[0])}
				kept := lengths[0] // the time since which no shorter window forgot events
				for i := range 200 {
					longest := lengths[i/4%len(lengths)]
					if i%4 == 0 {
						before := time.Now()
						l.restart(longest)
						kept = min(kept, longest) + time.Since(before)
					}
					before := time.Now()
					l.count()
					kept = min(kept+time.Since(before), longest)
					for _, length := range []time.Duration{time.Minute, time.Hour, 12 * time.Hour, 3 * day, longest} {
						l.bound(min(length, longest), kept)
					}
				}
			})
		})
	}
}

// TestRestoreBeforeTheEndOfACell counts an event in a cell of two minutes that
// ends after the present cell of 15 minutes.
func TestRestoreBeforeTheEndOfACell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, tracker := newTracker(t, 2*time.Hour), newTracker(t, 30*day)
		time.Sleep(14*time.Minute + 30*time.Second)
		before.Add(sli.Counts{Good: 7, Valid: 8})
		if err := tracker.Restore(before.Snapshot()); err != nil {
			t.Fatal(err)
		}
		for _, length := range []time.Duration{time.Hour, 12 * time.Hour, 3 * day, 30 * day} {
			if got, want := tracker.Counts(length), (sli.Counts{Good: 7, Valid: 8}); got != want {
				t.Errorf("last %v: got %v, want %v", length, got, want)
			}
		}
	})
}

// bound compares a window, of which the Tracker knows only the last part.
func (l *lifetimes) bound(length, kept time.Duration) {
	l.t.Helper()
	now := time.Now()
	var least sli.Counts
	for _, a := range l.all {
		if now.Sub(a.at) <= min(length, kept) {
			least = least.Add(a.counts)
		}
	}
	const fine = 2 * time.Minute // in two cells of 15 minutes
	got, most := l.tracker.Counts(length), l.all.counts(l.start, now, length+fine, length+fine)
	if got.Valid < least.Valid || got.Bad() < least.Bad() || got.Valid > most.Valid || got.Bad() > most.Bad() {
		l.t.Fatalf("last %v, of which %v are kept: got %v, want %v to %v", length, kept, got, least, most)
	}
	if got, most := l.tracker.Covered(length), l.known(min(length, kept)); got > most {
		l.t.Fatalf("last %v, of which %v are kept: covers %v, want at most %v", length, kept, got, most)
	}
}

// TestKnownAfterThirtyRuns has a process that runs for six minutes a day.
func TestKnownAfterThirtyRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker := newTracker(t, 30*day)
		for range 29 {
			time.Sleep(6 * time.Minute)
			tracker.Add(sli.Counts{Good: 1000, Valid: 1000})
			data := tracker.Snapshot()
			time.Sleep(day - 6*time.Minute)
			tracker = newTracker(t, 30*day)
			if err := tracker.Restore(data); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(6 * time.Minute)
		b := tracker.Budget(slo.MustParseTarget("99.5%"), slo.MustParseWindow("30d"))
		if got, want := b.String(), "100% left: 0 of 145 bad events spent, 99.5% over 30d, known for 3h of 30d"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if got, want := (budget.Policy{}).Decide(b.State(time.Now(), "")).Release, budget.ReleaseReviewed; got != want {
			t.Errorf("releases are %v, want %v", got, want)
		}
		var known time.Duration
		for _, c := range tracker.AppendCells(nil, 30*day) {
			known += c.Known
		}
		if known != 3*time.Hour {
			t.Errorf("the cells are known for %v, want 3h", known)
		}
	})
}

// snapshotAt returns a snapshot of a time after the beginning of the year 2000,
// at which each bubble begins.
func snapshotAt(t *testing.T, after time.Duration) (data []byte) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tracker := newTracker(t, 30*day)
		tracker.Add(sli.Counts{Good: 7, Valid: 8})
		time.Sleep(after)
		data = tracker.Snapshot()
	})
	return data
}

func TestRestoreAfterTheClockWasSetBack(t *testing.T) {
	for after, want := range map[time.Duration]string{
		time.Minute:     "",
		time.Minute + 1: "budget: the snapshot is of 2000-01-01T00:01:00Z, and now is 2000-01-01T00:00:00Z: want one of the past",
	} {
		data := snapshotAt(t, after)
		synctest.Test(t, func(t *testing.T) {
			tracker := newTracker(t, 30*day)
			got := ""
			if err := tracker.Restore(data); err != nil {
				got = strings.ReplaceAll(err.Error(), time.Now().Format("-07:00"), "Z")
			}
			if got != want {
				t.Errorf("%v ahead: got error %q, want %q", after, got, want)
			}
			if got, want := tracker.Counts(time.Hour).Valid, map[bool]uint64{true: 8}[want == ""]; got != want {
				t.Errorf("%v ahead: got %d events, want %d", after, got, want)
			}
		})
	}
}

func TestRestoreRefuses(t *testing.T) {
	data := snapshotAt(t, 0)
	const none = "budget: the data is not a snapshot of a Tracker"
	refuse := func(name string, tracker *budget.Tracker, data []byte, want string) {
		t.Helper()
		if err := tracker.Restore(data); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", name, err, want)
		}
	}
	for n := range data {
		refuse(fmt.Sprintf("%d bytes", n), newTracker(t, day), data[:n], none)
	}
	refuse("more bytes", newTracker(t, day), append(data[:len(data):len(data)], 0), none)
	refuse("another version", newTracker(t, day), append([]byte{2}, data[1:]...), "budget: unknown version 2 of a snapshot: want 1")
	refuse("the zero Tracker", new(budget.Tracker), data, "budget: the Tracker is not from NewTracker")
	refuse("a snapshot of the zero Tracker", newTracker(t, day), new(budget.Tracker).Snapshot(), none)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(80 * 365 * day)
		refuse("80 years later", newTracker(t, day), data, "budget: the snapshot of "+time.Unix(946684800, 0).Format(time.RFC3339)+" is too old")
	})
}

func TestSnapshotSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker := newTracker(t, 30*day)
		for range 31 * day / (10 * time.Second) {
			tracker.Add(sli.Counts{Valid: math.MaxUint64})
			time.Sleep(10 * time.Second)
		}
		if got := len(tracker.Snapshot()); got > 50_000 {
			t.Errorf("got %d bytes, want at most 50000", got)
		}
	})
}

// FuzzRestore checks that data is refused or restored as a whole: a snapshot of
// the result restores the same counts.
func FuzzRestore(f *testing.F) {
	tracker := newTracker(f, 30*day)
	tracker.Add(sli.Counts{Good: 7, Valid: 8})
	f.Add(tracker.Snapshot())
	restored := newTracker(f, 2*time.Hour)
	if err := restored.Restore(tracker.Snapshot()); err != nil {
		f.Fatal(err)
	}
	f.Add(restored.Snapshot())
	f.Fuzz(func(t *testing.T, data []byte) {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(40 * 365 * day)
			first, second := newTracker(t, 30*day), newTracker(t, 30*day)
			if err := first.Restore(data); err != nil {
				if first.Counts(30*day) != (sli.Counts{}) || first.Covered(30*day) != 0 {
					t.Errorf("%v, and %v", err, first.Counts(30*day))
				}
				return
			}
			if err := second.Restore(first.Snapshot()); err != nil {
				t.Fatal(err)
			}
			for _, length := range []time.Duration{time.Hour, 12 * time.Hour, 3 * day, 30 * day} {
				if first.Counts(length) != second.Counts(length) || first.Covered(length) != second.Covered(length) {
					t.Errorf("last %v: %v known for %v, then %v known for %v", length,
						first.Counts(length), first.Covered(length), second.Counts(length), second.Covered(length))
				}
			}
		})
	})
}
