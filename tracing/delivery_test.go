package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
)

func TestFateOfBatches(t *testing.T) {
	partial := func(n int) func(context.Context, int) error {
		return func(context.Context, int) error {
			return &tracing.ExportError{Err: errors.New("some are bad"), Rejected: n}
		}
	}
	atMost := func(limit int) func(context.Context, int) error {
		return func(_ context.Context, n int) error {
			if n > limit {
				return &tracing.ExportError{Err: errors.New("too large"), TooLarge: true}
			}
			return nil
		}
	}
	tests := []struct {
		name         string
		answer       func(context.Context, int) error
		done, failed uint64
		batches      []int
	}{
		{"accepted", nil, 10, 0, []int{4, 4, 2}},
		{"rejected", rejected, 0, 10, nil},
		{"refused until the timeout", refused, 0, 10, nil},
		{"partly rejected", partial(3), 2, 8, nil}, // of 4, 4 and 2
		{"more rejected than sent", partial(100), 0, 10, nil},
		{"too large, halved", atMost(1), 10, 0, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{"too large, even alone", atMost(0), 0, 10, nil},
		{"a panic", func(context.Context, int) error { panic("exporter") }, 0, 10, nil},
		{"too large, in a wrapped error", func(ctx context.Context, n int) error {
			if err := atMost(2)(ctx, n); err != nil {
				return fmt.Errorf("export: %w", err)
			}
			return nil
		}, 10, 0, []int{2, 2, 2, 2, 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{export: test.answer}
				tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Size: 4}})
				for range 10 {
					span(tr, "a")
				}
				time.Sleep(time.Hour)
				want := tracing.Stats{Exporter: "a", Counts: telemetry.Counts{Done: test.done, Failed: test.failed}}
				if diff := cmp.Diff([]tracing.Stats{want}, tr.Stats()); diff != "" {
					t.Errorf("stats (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.batches, f.accepted()); diff != "" {
					t.Errorf("batches (-want +got):\n%s", diff)
				}
				err := tr.Shutdown(t.Context())
				checkLoss(t, err, want)
				if !f.shutdown {
					t.Error("the exporter was not shut down")
				}
			})
		})
	}
}

// checkLoss checks the error of a shutdown that had time to try everything.
func checkLoss(t *testing.T, err error, s tracing.Stats) {
	t.Helper()
	var loss *telemetry.LossError
	if !errors.As(err, &loss) {
		if s.Counts.Lost() > 0 || err != nil {
			t.Errorf("Shutdown: got %v, want a LossError for %v", err, s.Counts)
		}
		return
	}
	cause := loss.Err
	loss.Err = nil
	want := &telemetry.LossError{Name: s.Exporter, Items: "spans", Counts: s.Counts}
	if diff := cmp.Diff(want, loss); diff != "" || s.Counts.Lost() == 0 || cause == nil {
		t.Errorf("Shutdown: cause %v (-want +got):\n%s", cause, diff)
	}
}

// TestPauses checks that pauses grow, do not exceed five seconds, and vary.
func TestPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Time
		f := &fake{export: func(context.Context, int) error {
			tries = append(tries, time.Now())
			return &tracing.ExportError{Err: errDown, Retry: true}
		}}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Timeout: 10 * time.Minute}})
		span(tr, "a")
		time.Sleep(8 * time.Minute)
		synctest.Wait()
		if len(tries) < 60 {
			t.Fatalf("%d tries in 8 minutes", len(tries))
		}
		different := make(map[time.Duration]bool)
		for i := range tries[1:] {
			d := tries[i+1].Sub(tries[i])
			longest := min(500*time.Millisecond<<min(i, 10), 5*time.Second)
			if d < longest/2 || d > longest {
				t.Errorf("pause %d is %v, want %v to %v", i, d, longest/2, longest)
			}
			different[d] = true
		}
		if len(different) < len(tries)/2 {
			t.Errorf("%d pauses in %d tries", len(different), len(tries))
		}
		f.answer(nil)
		_ = tr.Shutdown(t.Context())
	})
}

func TestRetryAfterIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Time
		f := &fake{export: func(context.Context, int) error {
			if tries = append(tries, time.Now()); len(tries) == 1 {
				return &tracing.ExportError{Err: errDown, Retry: true, After: 20 * time.Second}
			}
			return nil
		}}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
		span(tr, "a")
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(tries) != 2 || tries[1].Sub(tries[0]) != 20*time.Second {
			t.Errorf("tries at %v", tries)
		}
		if err := tr.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestShutdownTriesAtOnce lets a receiver recover during a long pause and then
// ends the service.
func TestShutdownTriesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: refused}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
		span(tr, "a")
		time.Sleep(time.Minute)
		synctest.Wait()
		tries := 0
		f.answer(func(context.Context, int) error {
			if tries++; tries <= 2 {
				return &tracing.ExportError{Err: errDown, Retry: true}
			}
			return nil
		})
		// Two first pauses take at most a second.
		ctx, cancel := context.WithTimeout(t.Context(), 1001*time.Millisecond)
		defer cancel()
		if err := tr.Shutdown(ctx); err != nil || tries != 3 {
			t.Errorf("%v after %d tries", err, tries)
		}
	})
}
