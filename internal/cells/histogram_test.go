package cells_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/internal/cells"
)

var bounds = []int64{0, 5, 10, 100, math.MaxInt64 - 1}

// TestHistogramCountsEachValueOnce compares two histograms of one set with
// counts made from the sorted values.
func TestHistogramCountsEachValueOnce(t *testing.T) {
	var layout cells.Layout
	first, second := layout.Histogram(bounds), layout.Histogram([]int64{50})
	set := layout.New()
	values := []int64{math.MinInt64, -1, 0, 1, 5, 6, 10, 11, 100, 101, math.MaxInt64 - 1, math.MaxInt64}
	for range 1000 {
		values = append(values, rand.Int64N(200))
	}
	for _, v := range values {
		first.Observe(set, cells.Shard(), v)
		second.Observe(set, cells.Shard(), -v)
	}
	for i, v := range values {
		values[i] = max(v, 0)
	}
	slices.Sort(values)
	upTo := func(bound int64) uint64 {
		n, _ := slices.BinarySearch(values, bound+1)
		return uint64(n)
	}
	want := cells.Snapshot{Count: uint64(len(values))}
	below := uint64(0)
	for _, b := range bounds {
		want.Buckets = append(want.Buckets, upTo(b)-below)
		below = upTo(b)
	}
	want.Buckets = append(want.Buckets, want.Count-below)
	for _, v := range values {
		want.Sum += uint64(v)
	}
	if diff := cmp.Diff(want, first.Snapshot(set, nil)); diff != "" {
		t.Errorf("first histogram (-want +got):\n%s", diff)
	}
	// The second histogram got the negative of each value: only -1 turned
	// positive, since math.MinInt64 is its own negative.
	want = cells.Snapshot{Buckets: []uint64{want.Count, 0}, Count: want.Count, Sum: 1}
	if diff := cmp.Diff(want, second.Snapshot(set, nil)); diff != "" {
		t.Errorf("second histogram (-want +got):\n%s", diff)
	}
}

// TestSnapshotNeverTears reads a histogram while goroutines observe one value.
// The counts of observations begun and ended bound those in a snapshot.
func TestSnapshotNeverTears(t *testing.T) {
	const goroutines, each, value = 4, 50_000, 3
	var layout cells.Layout
	layout.Histogram(bounds) // the cells in front belong to another histogram
	h := layout.Histogram(bounds)
	set := layout.New()
	var begun, ended atomic.Uint64
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for range each {
				begun.Add(1)
				h.Observe(set, cells.Shard(), value)
				ended.Add(1)
			}
		})
	}
	var buf []uint64
	var last cells.Snapshot
	for last.Count < goroutines*each {
		least := ended.Load()
		s := h.Snapshot(set, buf)
		most := begun.Load()
		buf = s.Buckets
		if s.Buckets[1] != s.Count || slices.Max(s.Buckets) != s.Count {
			t.Fatalf("buckets %v disagree with the count %d", s.Buckets, s.Count)
		}
		if s.Count < least || s.Count > most || s.Sum < value*least || s.Sum > value*most {
			t.Fatalf("got count %d and sum %d, want %d to %d values", s.Count, s.Sum, least, most)
		}
		if s.Count < last.Count || s.Sum < last.Sum {
			t.Fatalf("count %d and sum %d fell from %d and %d", s.Count, s.Sum, last.Count, last.Sum)
		}
		last = s
	}
	wg.Wait()
	if got := h.Snapshot(set, nil).Sum; got != goroutines*each*value {
		t.Errorf("got sum %d, want %d", got, goroutines*each*value)
	}
}

func TestSnapshotUsesTheBuffer(t *testing.T) {
	var layout cells.Layout
	h := layout.Histogram(bounds)
	set := layout.New()
	h.Observe(set, cells.Shard(), 7)
	dirty := []uint64{9, 9, 9, 9, 9, 9, 9}
	got := h.Snapshot(set, dirty)
	if diff := cmp.Diff([]uint64{0, 0, 1, 0, 0, 0}, got.Buckets); diff != "" {
		t.Errorf("buckets (-want +got):\n%s", diff)
	}
	if &got.Buckets[0] != &dirty[0] {
		t.Error("a buffer that suffices was not used")
	}
	if diff := cmp.Diff(got, h.Snapshot(set, make([]uint64, 2))); diff != "" {
		t.Errorf("with a short buffer (-want +got):\n%s", diff)
	}
}

func TestHistogramDoesNotAllocate(t *testing.T) {
	var layout cells.Layout
	h := layout.Histogram(bounds)
	set, buf := layout.New(), make([]uint64, len(h.Bounds())+1)
	if got := testing.AllocsPerRun(1000, func() { h.Observe(set, cells.Shard(), 7) }); got != 0 {
		t.Errorf("Observe: got %v allocations, want 0", got)
	}
	if got := testing.AllocsPerRun(1000, func() { h.Snapshot(set, buf) }); got != 0 {
		t.Errorf("Snapshot: got %v allocations, want 0", got)
	}
}

func BenchmarkHistogram(b *testing.B) {
	var layout cells.Layout
	h := layout.Histogram([]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})
	set := layout.New()
	b.Run("observe/serial", func(b *testing.B) {
		for b.Loop() {
			h.Observe(set, cells.Shard(), 7)
		}
	})
	b.Run("observe/parallel", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				h.Observe(set, cells.Shard(), 7)
			}
		})
	})
	b.Run("snapshot", func(b *testing.B) {
		b.ReportAllocs()
		var buf []uint64
		for b.Loop() {
			buf = h.Snapshot(set, buf).Buckets
		}
	})
}
