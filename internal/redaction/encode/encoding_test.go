package encode_test

import (
	"fmt"
	"log/slog"
	"runtime"
	"testing"
)

// TestManyNewNames encodes values with names that the encoding has not met
// before. Four times as many must not take much more than four times the
// memory: a copy of all names for each one would take sixteen times.
func TestManyNewNames(t *testing.T) {
	few, many := bytesOfNames(2000), bytesOfNames(8000)
	if many > 8*few {
		t.Errorf("2000 names allocate %d bytes, and 8000 allocate %d", few, many)
	}
}

func bytesOfNames(n int) uint64 {
	c := newEncoding()
	members := map[string]int{}
	for i := range n {
		members[fmt.Sprint("k", i)] = i
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	e := c.NewEncoder()
	e.Attr(slog.Any("v", members), 0)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
