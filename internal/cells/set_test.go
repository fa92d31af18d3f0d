package cells_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sligo-go/sligo/internal/cells"
)

func TestSumCountsEveryAdd(t *testing.T) {
	const goroutines, adds, n = 8, 10_000, 37
	set := cells.New(n)
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for i := range adds {
				set.Add(cells.Shard(), i%n, uint64(i%n))
			}
		})
	}
	wg.Wait()
	for i := range n {
		perGoroutine := uint64((adds + n - 1 - i) / n * i)
		if got, want := set.Sum(i), goroutines*perGoroutine; got != want {
			t.Errorf("cell %d: got %d, want %d", i, got, want)
		}
	}
}

func TestSumNeverFalls(t *testing.T) {
	set := cells.New(1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 100_000 {
			set.Add(cells.Shard(), 0, 1)
		}
	}()
	var last uint64
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		sum := set.Sum(0)
		if sum < last {
			t.Fatalf("sum fell from %d to %d", last, sum)
		}
		last = sum
	}
	if last != 100_000 {
		t.Errorf("got %d, want 100000", last)
	}
}

func TestAddSubtracts(t *testing.T) {
	set := cells.New(2)
	set.Add(cells.Shard(), 1, 3)
	set.Add(cells.Shard(), 1, ^uint64(0))
	if got := set.Sum(1); got != 2 {
		t.Errorf("got %d, want 2", got)
	}
	if got := set.Sum(0); got != 0 {
		t.Errorf("the cell beside it: got %d, want 0", got)
	}
}

func TestAddDoesNotAllocate(t *testing.T) {
	set := cells.New(1)
	if got := testing.AllocsPerRun(1000, func() { set.Add(cells.Shard(), 0, 1) }); got != 0 {
		t.Errorf("got %v allocations, want 0", got)
	}
}

func BenchmarkAdd(b *testing.B) {
	set := cells.New(4)
	var one atomic.Uint64 // the baseline
	b.Run("atomic/parallel", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				one.Add(1)
			}
		})
	})
	b.Run("serial", func(b *testing.B) {
		for b.Loop() {
			set.Add(cells.Shard(), 0, 1)
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				set.Add(cells.Shard(), 0, 1)
			}
		})
	})
}
