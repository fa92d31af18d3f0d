package budget_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func newTracker(t testing.TB, longest time.Duration) *budget.Tracker {
	t.Helper()
	tracker, err := budget.NewTracker(longest)
	if err != nil {
		t.Fatal(err)
	}
	return tracker
}

func ExampleNewTracker() {
	tracker, err := budget.NewTracker(30 * 24 * time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	tracker.Add(sli.Counts{Good: 996, Valid: 1000})

	target := slo.MustParseTarget("99.5%")
	fmt.Println(tracker.Budget(target, slo.MustParseWindow("30d")))
	burn, _ := budget.BurnRate(target, tracker.Counts(time.Hour))
	fmt.Println("burn rate of the last hour:", burn)

	_, err = budget.NewTracker(91 * 24 * time.Hour)
	fmt.Println(err)
	// Output:
	// 20% left: 4 of 5 bad events spent, 99.5% over 30d, known for 0s of 30d
	// burn rate of the last hour: 0.8
	// longest: invalid window 2184h: want more than 0 and at most 2160h
}

func TestNewTrackerRefuses(t *testing.T) {
	for longest, ok := range map[time.Duration]bool{-1: false, 0: false, 1: true, 90 * day: true, 90*day + 1: false} {
		if _, err := budget.NewTracker(longest); (err == nil) != ok {
			t.Errorf("longest %d ns: got error %v, want valid %t", longest, err, ok)
		}
	}
}

func TestZeroTrackerCountsNothing(t *testing.T) {
	var tracker budget.Tracker
	tracker.Add(sli.Counts{Good: 1, Valid: 2})
	if got := tracker.Counts(time.Hour); got != (sli.Counts{}) {
		t.Errorf("got %v, want no events", got)
	}
	if got := tracker.Expected(24 * time.Hour); got != 0 {
		t.Errorf("got %d expected events, want 0", got)
	}
}

func TestTrackerForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker := newTracker(t, 30*day)
		tracker.Add(sli.Counts{Good: 1, Valid: 3})
		for _, tt := range []struct {
			after   time.Duration // since the previous step
			length  time.Duration
			valid   uint64
			covered time.Duration
		}{
			{0, time.Minute, 3, 0},
			{0, 0, 0, 0},
			{time.Minute, time.Minute, 3, time.Minute},
			{10 * time.Second, time.Minute, 0, time.Minute},
			{0, 5 * time.Minute, 3, 70 * time.Second},
			{8 * time.Hour, time.Hour, 0, time.Hour}, // idle for hours
			{0, 12 * time.Hour, 3, 8*time.Hour + 70*time.Second},
			{3 * day, 3 * day, 0, 3 * day},
			{0, 30 * day, 3, 3*day + 8*time.Hour + 70*time.Second},
			{27 * day, 30 * day, 0, 30 * day},
			{0, 90 * day, 0, 30 * day}, // beyond its longest window
			{0, -time.Hour, 0, 0},
		} {
			time.Sleep(tt.after)
			if got := tracker.Counts(tt.length); got.Valid != tt.valid || got.Good != tt.valid/3 {
				t.Errorf("last %v: got %v, want %d", tt.length, got, tt.valid)
			}
			if got := tracker.Covered(tt.length); got != tt.covered {
				t.Errorf("last %v: covers %v, want %v", tt.length, got, tt.covered)
			}
		}
	})
}

func TestTrackerExpected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker := newTracker(t, 30*day)
		expect := func(length time.Duration, want uint64) {
			t.Helper()
			if got := tracker.Expected(length); got != want {
				t.Errorf("in %v after %v: got %d, want %d", length, tracker.Covered(90*day), got, want)
			}
		}
		tracker.Add(sli.Counts{Good: 90, Valid: 100})
		expect(time.Hour, 0)
		expect(0, 0)
		time.Sleep(time.Hour)
		expect(time.Hour, 100)
		expect(30*day, 0) // an hour does not tell about the night
		time.Sleep(23*time.Hour - 1)
		expect(30*day, 0)
		time.Sleep(time.Nanosecond)
		expect(30*day, 3000)
		expect(60*day, 6000) // beyond its longest window
		tracker.Add(sli.Counts{Valid: math.MaxUint64})
		expect(day, math.MaxUint64)
		expect(30*day, math.MaxUint64)
	})
}

// resolution returns the documented resolution of a Tracker.
func resolution(length time.Duration) time.Duration {
	switch {
	case length <= time.Hour:
		return 10 * time.Second
	case length <= 12*time.Hour:
		return 2 * time.Minute
	case length <= 3*day:
		return 15 * time.Minute
	}
	return time.Hour
}

// history holds every addition.
type history []addition

type addition struct {
	at     time.Time
	counts sli.Counts
}

// counts adds up the additions since the beginning of the window's first cell.
func (h history) counts(start, now time.Time, length, longest time.Duration) sli.Counts {
	length = min(length, longest)
	from := max(now.Sub(start)-length, 0).Truncate(resolution(length))
	var sum sli.Counts
	for _, add := range h {
		if add.at.Sub(start) >= from {
			sum = sum.Add(add.counts)
		}
	}
	return sum
}

// followHistory feeds a Tracker and a history with the same events at random
// times, microseconds to weeks apart.
func followHistory(t *testing.T, longest time.Duration, seed uint64) {
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(seed, 0))
		anyDuration := func() time.Duration { // up to 26 days
			return time.Duration(random.Uint64() >> (13 + random.UintN(34)))
		}
		tracker, start := newTracker(t, longest), time.Now()
		var all history
		for range 200 {
			time.Sleep(anyDuration())
			counts := sli.Counts{Valid: random.Uint64N(1000)}
			counts.Good = random.Uint64N(counts.Valid + 1)
			tracker.Add(counts)
			all = append(all, addition{time.Now(), counts})
			time.Sleep(anyDuration() / 4)
			for _, length := range []time.Duration{
				time.Hour, 12 * time.Hour, 3 * day, longest, anyDuration() + 1, anyDuration() + 1, 4*anyDuration() + 1,
			} {
				if got, want := tracker.Counts(length), all.counts(start, time.Now(), length, longest); got != want {
					t.Fatalf("last %v of a tracker of %v at %v: got %v, want %v",
						length, longest, time.Since(start), got, want)
				}
			}
		}
	})
}

func TestTrackerAgreesWithHistory(t *testing.T) {
	for _, longest := range []time.Duration{time.Second, time.Hour, 100 * time.Minute, 30 * day, 90 * day} {
		t.Run(longest.String(), func(t *testing.T) { followHistory(t, longest, 1) })
	}
}

func FuzzTracker(f *testing.F) {
	f.Add(uint64(30*day), uint64(1))
	f.Add(uint64(12*time.Hour+1), uint64(2))
	f.Add(uint64(1), uint64(3))
	f.Fuzz(func(t *testing.T, longest, seed uint64) {
		followHistory(t, time.Duration(longest%uint64(90*day)+1), seed)
	})
}

func TestTrackerCountsConcurrentAdds(t *testing.T) {
	const adders, each = 8, 1000
	tracker := newTracker(t, day)
	var adding sync.WaitGroup
	for range adders {
		adding.Go(func() {
			for range each {
				tracker.Add(sli.Counts{Good: 1, Valid: 2})
				tracker.Counts(time.Minute)
			}
		})
	}
	adding.Wait()
	if got, want := tracker.Counts(day), (sli.Counts{Good: adders * each, Valid: 2 * adders * each}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestTrackerMemory compares with the documented memory.
func TestTrackerMemory(t *testing.T) {
	for longest, limit := range map[time.Duration]uint64{30 * day: 42_500, 90 * day: 78_000} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		const trackers = 10
		for range trackers {
			runtime.KeepAlive(newTracker(t, longest))
		}
		runtime.ReadMemStats(&after)
		// The runtime rounds allocations up to size classes, by up to an eighth.
		if got := (after.TotalAlloc - before.TotalAlloc) / trackers; got > limit*9/8 || got < limit/2 {
			t.Errorf("%v: got %d bytes, want about %d", longest, got, limit)
		}
	}
}

func TestTrackerDoesNotAllocate(t *testing.T) {
	tracker := newTracker(t, 30*day)
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
	dst := make([]budget.Alarm, 0, 3)
	if allocs := testing.AllocsPerRun(100, func() {
		tracker.Add(sli.Counts{Good: 1, Valid: 2})
		dst = alerts.Evaluate(dst[:0], tracker.Counts, 0)
	}); allocs != 0 {
		t.Errorf("got %v allocations, want 0", allocs)
	}
}

func BenchmarkTrackerAdd(b *testing.B) {
	tracker := newTracker(b, 30*day)
	b.Run("alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			tracker.Add(sli.Counts{Good: 1, Valid: 1})
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				tracker.Add(sli.Counts{Good: 1, Valid: 1})
			}
		})
	})
}
