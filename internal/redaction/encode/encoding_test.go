package encode_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"
)

// TestManyNewNames bounds the time for a value with thousands of names that the
// encoding has not met before.
func TestManyNewNames(t *testing.T) {
	c := newEncoding()
	members := map[string]int{}
	for i := range 8000 {
		members[fmt.Sprint("k", i)] = i
	}
	start := time.Now()
	e := c.NewEncoder()
	e.Attr(slog.Any("v", members), 0)
	if took := time.Since(start); took > 250*time.Millisecond {
		t.Errorf("%d new names take %v", len(members), took)
	}
}
