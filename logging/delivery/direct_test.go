package delivery_test

import (
	"io"
	"log/slog"
	"testing"

	"github.com/sligo-go/sligo/logging/delivery"
)

func TestDirectDoesNotAllocate(t *testing.T) {
	d := delivery.NewDirect(io.Discard, nil)
	line := []byte("x\n")
	if got := testing.AllocsPerRun(100, func() { _ = d.WriteLine(slog.LevelInfo, line) }); got != 0 {
		t.Errorf("%v allocations per line, want 0", got)
	}
}
