package tally_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/sligo-go/sligo/logging/internal/tally"
	"github.com/sligo-go/sligo/telemetry"
)

func TestLoss(t *testing.T) {
	for _, tt := range []struct {
		name  string
		count func(*tally.Tally)
		cause error
		want  *telemetry.LossError
	}{
		{"nothing accepted", func(*tally.Tally) {}, context.Canceled, nil},
		{"all done", func(y *tally.Tally) { y.Accept(2); y.Settle(2, 0, nil) }, nil, nil},
		{"still queued", func(y *tally.Tally) { y.Accept(2); y.Settle(1, 0, nil) }, context.Canceled,
			&telemetry.LossError{Name: "a", Items: "lines", Counts: telemetry.Counts{Done: 1, Queued: 1}, Err: context.Canceled}},
		{"dropped", func(y *tally.Tally) { y.Accept(2); y.Drop(1); y.Settle(1, 0, nil) }, nil,
			&telemetry.LossError{Name: "a", Items: "lines", Counts: telemetry.Counts{Done: 1, Dropped: 1}}},
		{"failed", func(y *tally.Tally) { y.Accept(2); y.Settle(0, 2, io.EOF) }, nil,
			&telemetry.LossError{Name: "a", Items: "lines", Counts: telemetry.Counts{Failed: 2}, Err: io.EOF}},
		{"a cause before the last error", func(y *tally.Tally) { y.Accept(1); y.Settle(0, 1, io.EOF) }, context.Canceled,
			&telemetry.LossError{Name: "a", Items: "lines", Counts: telemetry.Counts{Failed: 1}, Err: context.Canceled}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var y tally.Tally
			tt.count(&y)
			err := y.Loss("a", "lines", tt.cause)
			if tt.want == nil {
				if err != nil {
					t.Errorf("got %v, want nil", err)
				}
				return
			}
			var got *telemetry.LossError
			if !errors.As(err, &got) || *got != *tt.want {
				t.Errorf("got %#v, want %#v", err, tt.want)
			}
		})
	}
}

func TestCountsAddUpWhileTheyChange(t *testing.T) {
	var y tally.Tally
	const workers, each = 3, 3000
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for i := range each {
				y.Accept(1)
				if i%3 == 0 {
					y.Drop(1)
				} else {
					y.Settle(uint64(i%3-1), uint64(2-i%3), nil)
				}
			}
		})
	}
	stop := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				// An item settled before its acceptance would make Queued wrap around.
				if c := y.Counts(); c.Queued > workers*each {
					t.Errorf("%d items are queued, want at most %d: %v", c.Queued, workers*each, c)
					return
				}
			}
		}
	})
	working.Wait()
	close(stop)
	watching.Wait()
	want := telemetry.Counts{Done: workers * each / 3, Dropped: workers * each / 3, Failed: workers * each / 3}
	if got := y.Counts(); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
