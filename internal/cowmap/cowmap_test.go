package cowmap_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/internal/cowmap"
)

func TestEditPublishesACopy(t *testing.T) {
	var m cowmap.Map[string, int]
	if got := m.Load(); got != nil {
		t.Errorf("the zero map has %v", got)
	}
	m.Edit(func(next map[string]int) { next["a"] = 1 })
	before := m.Load()
	m.Edit(func(next map[string]int) { next["b"] = 2; delete(next, "a") })
	if diff := cmp.Diff(map[string]int{"a": 1}, before); diff != "" {
		t.Errorf("an edit changed the map that a reader holds:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"b": 2}, m.Load()); diff != "" {
		t.Error(diff)
	}
}

func TestTryEditGivesWay(t *testing.T) {
	var m cowmap.Map[string, int]
	m.Edit(func(map[string]int) {
		if m.TryEdit(func(next map[string]int) { next["a"] = 1 }) {
			t.Error("an edit began during another")
		}
	})
	if !m.TryEdit(func(next map[string]int) { next["a"] = 1 }) || m.Load()["a"] != 1 {
		t.Error("an edit did not happen although none was running")
	}
}

// TestLoadOrAddMakesOneValue lets many goroutines ask for the same keys.
func TestLoadOrAddMakesOneValue(t *testing.T) {
	var m cowmap.Map[int, *int]
	var made [50]int
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range made {
				if got := m.LoadOrAdd(i, func() *int { made[i]++; return &i }); *got != i || m.Load()[i] != got {
					t.Errorf("key %d: got %d", i, *got)
				}
			}
		})
	}
	wg.Wait()
	for i, n := range made {
		if n != 1 {
			t.Errorf("key %d: made %d values, want 1", i, n)
		}
	}
	if got := testing.AllocsPerRun(100, func() { m.LoadOrAdd(7, func() *int { return nil }) }); got != 0 {
		t.Errorf("got %v allocations for a key that is known, want 0", got)
	}
}

func TestConcurrentEditsLoseNothing(t *testing.T) {
	var m cowmap.Map[int, bool]
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 50 {
				m.Edit(func(next map[int]bool) { next[g*50+i] = true })
				if !m.Load()[g*50+i] {
					t.Error("a key that was added is missing")
				}
			}
		})
	}
	wg.Wait()
	if got := len(m.Load()); got != 400 {
		t.Errorf("got %d keys, want 400", got)
	}
}
