package tracing_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
)

// fake is an exporter whose answers the test gives.
type fake struct {
	mu       sync.Mutex
	export   func(ctx context.Context, n int) error // nil takes everything
	batches  []int                                  // of those that were taken
	shutdown bool
}

func (f *fake) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	f.mu.Lock()
	export := f.export
	f.mu.Unlock()
	var err error
	if export != nil {
		err = export(ctx, len(spans))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		f.batches = append(f.batches, len(spans))
	}
	return err
}

func (f *fake) answer(export func(context.Context, int) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.export = export
}

// taken returns the sizes of the batches that were taken.
func (f *fake) taken() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.batches)
}

func (f *fake) Shutdown(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shutdown = true
	return nil
}

func (f *fake) exporter(name string) tracing.Exporter {
	return tracing.Exporter{Name: name, New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) { return f, nil }}
}

var (
	errDown  = errors.New("connection refused")
	refused  = func(context.Context, int) error { return &tracing.ExportError{Err: errDown, Retry: true} }
	rejected = func(context.Context, int) error { return errors.New("bad request") }
	hanging  = func(ctx context.Context, _ int) error { <-ctx.Done(); return ctx.Err() }
	deaf     = func(context.Context, int) error { time.Sleep(time.Hour); return nil }
)

// begin starts tracing with exporters in a bubble.
func begin(t *testing.T, config *tracing.Options) *tracing.Provider {
	t.Helper()
	if config.LookupEnv == nil {
		config.LookupEnv = environment()
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	tr, err := tracing.Start(t.Context(), "users", config)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// balance fails the test unless every ended span is accounted for.
func balance(t *testing.T, tr *tracing.Provider) {
	t.Helper()
	for _, s := range tr.Stats() {
		if s.Ended != s.Exported+s.Failed+s.Dropped+s.Queued {
			t.Errorf("%+v does not add up", s)
		}
	}
}

// traffic ends spans at a rate per second for a time.
func traffic(t *testing.T, tr *tracing.Provider, rate int, d time.Duration) {
	t.Helper()
	for range int(d.Seconds() * float64(rate)) {
		span(tr, "GET /users/{userid}")
		time.Sleep(time.Second / time.Duration(rate))
		balance(t, tr)
	}
}

func TestOutages(t *testing.T) {
	tests := []struct {
		name    string
		outage  time.Duration
		answer  func(context.Context, int) error
		batch   tracing.Batch
		lost    bool
		maxLost uint64
	}{
		{"10 s, refused", 10 * time.Second, refused, tracing.Batch{}, false, 0},
		{"60 s, refused", 60 * time.Second, refused, tracing.Batch{}, false, 0},
		{"10 s, hanging", 10 * time.Second, func(ctx context.Context, n int) error {
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			return &tracing.ExportError{Err: hanging(ctx, n), Retry: true}
		}, tracing.Batch{}, false, 0},
		{"60 s with a short patience", 60 * time.Second, refused, tracing.Batch{Timeout: 10 * time.Second}, true, 6 * 512},
		{"60 s with a short queue", 60 * time.Second, refused, tracing.Batch{Queue: 1000}, true, 6500 - 1000}, // the next try may be 5 s late
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{}
				tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: test.batch})
				traffic(t, tr, 100, 7*time.Second)
				f.answer(test.answer)
				traffic(t, tr, 100, test.outage)
				f.answer(nil)
				traffic(t, tr, 100, 20*time.Second)
				err := tr.Shutdown(t.Context())
				s := tr.Stats()[0]
				if (err != nil) != test.lost || (s.Lost() > 0) != test.lost || s.Lost() > test.maxLost || s.Queued != 0 {
					t.Errorf("%+v, error %v", s, err)
				}
				balance(t, tr)
			})
		})
	}
}

func TestFullQueueDropsAndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: hanging}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Queue: 100, Size: 10}})
		for range 10 {
			span(tr, "a")
		}
		synctest.Wait() // the first batch is on its way
		for range 1000 {
			span(tr, "a")
		}
		if s := tr.Stats()[0]; s.Dropped != 900 || s.Queued != 110 || s.Ended != 1010 {
			t.Errorf("%+v", s)
		}
		if err := tr.Shutdown(t.Context()); err == nil || !strings.Contains(err.Error(), "tracing: a: 1010 of 1010 spans not delivered") {
			t.Errorf("Shutdown: %v", err)
		}
		balance(t, tr)
	})
}

// TestSlowReceiverGetsWholeBatches has exports take longer than the delay.
func TestSlowReceiverGetsWholeBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: func(context.Context, int) error { time.Sleep(7 * time.Second); return nil }}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
		traffic(t, tr, 200, 2*time.Minute)
		if err := tr.Shutdown(t.Context()); err == nil {
			// 200 spans/s for 7 s are more than a batch, so that what is left takes longer than the shutdown.
			t.Error("Shutdown: nil")
		}
		time.Sleep(time.Minute) // until the exporter, which does not look at its context, has returned
		batches := f.taken()
		for i, n := range batches[:len(batches)-1] {
			if n != 512 {
				t.Errorf("batch %d of %d has %d spans", i, len(batches), n)
			}
		}
	})
}

// TestBurst checks that whole batches do not wait for the delay.
func TestBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: func(context.Context, int) error { time.Sleep(100 * time.Millisecond); return nil }}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
		for range 2000 {
			span(tr, "a")
		}
		time.Sleep(time.Second)
		if s := tr.Stats()[0]; s.Exported != 3*512 || s.Queued != 2000-3*512 {
			t.Errorf("after a second %+v", s)
		}
		_ = tr.Shutdown(t.Context())
	})
}

// TestSpansAfterTheShutdown ends a span that began before.
func TestSpansAfterTheShutdown(t *testing.T) {
	f := &fake{}
	tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
	_, late := tr.TracerProvider().Tracer("t").Start(t.Context(), "late")
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	late.End()
	span(tr, "later")
	if got, want := tr.Stats()[0], (tracing.Stats{Exporter: "a", Ended: 2, Dropped: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestShutdownIsBounded(t *testing.T) {
	tests := []struct {
		name    string
		answer  func(context.Context, int) error
		timeout time.Duration // of the context, 0 for none
		want    time.Duration
		lost    uint64
	}{
		{"accepting", nil, 0, 0, 0},
		{"refusing", refused, 0, 5 * time.Second, 3000},
		{"hanging", hanging, 0, 5 * time.Second, 3000},
		{"hanging, with a deadline", hanging, 2 * time.Second, 2 * time.Second, 3000},
		{"refusing for good", rejected, 0, 0, 3000},
		{"deaf to its context", deaf, 0, 5*time.Second + 250*time.Millisecond, 3000},
		{"slow", func(context.Context, int) error { time.Sleep(2 * time.Second); return nil }, 0, 5*time.Second + 250*time.Millisecond, 3000 - 2*512},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{export: test.answer}
				tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
				for range 3000 {
					span(tr, "a")
				}
				ctx, began := context.Background(), time.Now()
				if test.timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.timeout)
					defer cancel()
				}
				err := tr.Shutdown(ctx)
				if took := time.Since(began); took > test.want || took < test.want-time.Second {
					t.Errorf("took %v, want %v", took, test.want)
				}
				if s := tr.Stats()[0]; s.Lost() != test.lost || s.Queued != 0 || (err != nil) != (test.lost > 0) {
					t.Errorf("%+v, error %v", s, err)
				}
				balance(t, tr)
				if again := tr.Shutdown(ctx); again != err { //nolint:errorlint // the same error
					t.Errorf("the second Shutdown returned %v", again)
				}
				want := tr.Stats()[0]
				time.Sleep(2 * time.Hour) // the deaf one returns; then the bubble must have no goroutine left
				if got := tr.Stats()[0]; got != want {
					t.Errorf("after the shutdown %+v became %+v", want, got)
				}
			})
		})
	}
}

func TestExportersDoNotAffectEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead, healthy := &fake{export: hanging}, &fake{}
		tr := begin(t, &tracing.Options{
			Exporters: []tracing.Exporter{dead.exporter("dead"), healthy.exporter("healthy")},
			Batch:     tracing.Batch{Delay: time.Minute}, // so that the shutdown sends
		})
		for range 100 {
			span(tr, "a")
		}
		began := time.Now()
		err := tr.Shutdown(t.Context())
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("took %v", took)
		}
		want := []tracing.Stats{{Exporter: "dead", Ended: 100, Failed: 100}, {Exporter: "healthy", Ended: 100, Exported: 100}}
		if diff := cmp.Diff(want, tr.Stats()); diff != "" {
			t.Errorf("stats (-want +got):\n%s", diff)
		}
		if err == nil || strings.Contains(err.Error(), "healthy") {
			t.Errorf("Shutdown: %v", err)
		}
	})
}

func TestForceFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Size: 4}})
		for range 10 {
			span(tr, "a")
		}
		if err := tr.ForceFlush(t.Context()); err != nil || tr.Stats()[0].Exported != 10 {
			t.Errorf("ForceFlush: %v, %+v", err, tr.Stats())
		}
		f.answer(refused)
		span(tr, "a")
		var loss *tracing.LossError
		if err := tr.ForceFlush(t.Context()); !errors.As(err, &loss) || loss.Lost != 1 || !errors.Is(err, errDown) {
			t.Errorf("ForceFlush with an open span: %v", err)
		}
		f.answer(nil)
		if err := tr.ForceFlush(t.Context()); err != nil {
			t.Errorf("ForceFlush after the recovery: %v", err)
		}
		if err := tr.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := tr.ForceFlush(t.Context()); err != nil {
			t.Errorf("ForceFlush after Shutdown: %v", err)
		}
	})
}

// TestConcurrentUse is for the race detector, and checks the counts at any moment.
func TestConcurrentUse(t *testing.T) {
	f := &fake{}
	tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Queue: 500, Size: 50, Delay: time.Millisecond}})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 2000 {
				span(tr, "a")
				balance(t, tr)
			}
		})
	}
	wg.Go(func() {
		for range 20 {
			_ = tr.ForceFlush(t.Context())
		}
	})
	wg.Wait()
	_ = tr.Shutdown(t.Context())
	if s := tr.Stats()[0]; s.Ended != 8000 || s.Exported+s.Dropped != 8000 {
		t.Errorf("%+v", s)
	}
}
