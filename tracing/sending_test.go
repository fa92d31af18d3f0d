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

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
)

// fake is an exporter whose answers the test determines.
type fake struct {
	mu       sync.Mutex
	export   func(ctx context.Context, n int) error // nil accepts everything
	batches  []int                                  // sizes of accepted batches
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

// accepted returns the sizes of the accepted batches.
func (f *fake) accepted() []int {
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
	slow     = func(context.Context, int) error { time.Sleep(2 * time.Second); return nil }
)

// begin starts tracing that the test shuts down, as it must in a bubble.
func begin(t *testing.T, opts *tracing.Options) *tracing.Provider {
	t.Helper()
	if opts.LookupEnv == nil {
		opts.LookupEnv = environment()
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	tr, err := tracing.Start(t.Context(), "users", opts)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// balance fails the test unless each exporter accounts for n ended spans.
func balance(t *testing.T, tr *tracing.Provider, n uint64) {
	t.Helper()
	for _, s := range tr.Stats() {
		if s.Counts.Accepted() != n {
			t.Errorf("%s accounts for %d spans, want %d: %v", s.Exporter, s.Counts.Accepted(), n, s.Counts)
		}
	}
}

// traffic ends spans at a rate per second for a time.
func traffic(t *testing.T, tr *tracing.Provider, rate int, d time.Duration) {
	t.Helper()
	before := tr.Stats()[0].Counts.Accepted()
	for i := range uint64(d.Seconds() * float64(rate)) {
		span(tr, "GET /users/{userid}")
		time.Sleep(time.Second / time.Duration(rate))
		balance(t, tr, before+i+1)
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
		{"60 s with a short timeout", 60 * time.Second, refused, tracing.Batch{Timeout: 10 * time.Second}, true, 6 * 512},
		// The next try may be 5 s late.
		{"60 s with a short queue", 60 * time.Second, refused, tracing.Batch{Queue: 1000}, true, 6500 - 1000},
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
				c := tr.Stats()[0].Counts
				if (err != nil) != test.lost || (c.Lost() > 0) != test.lost || c.Lost() > test.maxLost || c.Queued != 0 {
					t.Errorf("%v, error %v", c, err)
				}
				balance(t, tr, 100*uint64(27+test.outage.Seconds()))
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
		synctest.Wait() // the first batch is being sent
		for range 1000 {
			span(tr, "a")
		}
		if got, want := tr.Stats()[0].Counts, (telemetry.Counts{Dropped: 900, Queued: 110}); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
		err := tr.Shutdown(t.Context())
		if err == nil || !strings.HasPrefix(err.Error(), "telemetry: a: 1010 of 1010 spans lost (") ||
			!strings.HasSuffix(err.Error(), "): context deadline exceeded") {
			t.Errorf("Shutdown: %v", err)
		}
		balance(t, tr, 1010)
	})
}

// TestSlowReceiverGetsWholeBatches uses exports that take longer than the
// delay.
func TestSlowReceiverGetsWholeBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: func(context.Context, int) error { time.Sleep(7 * time.Second); return nil }}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
		traffic(t, tr, 200, 2*time.Minute)
		if err := tr.Shutdown(t.Context()); err == nil {
			// In 7 s more than a batch is queued, which takes longer than the
			// shutdown.
			t.Error("Shutdown: nil")
		}
		time.Sleep(time.Minute) // the exporter ignores its context and returns late
		batches := f.accepted()
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
		if got, want := tr.Stats()[0].Counts, (telemetry.Counts{Done: 3 * 512, Queued: 2000 - 3*512}); got != want {
			t.Errorf("after a second: got %v, want %v", got, want)
		}
		_ = tr.Shutdown(t.Context())
	})
}

// TestFlushLeavesNoSignal ends a span while a flush sends the batch about which
// the queue has given a signal. That span must wait for others.
func TestFlushLeavesNoSignal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: func(context.Context, int) error { time.Sleep(time.Second); return nil }}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Size: 4, Delay: time.Minute}})
		// At random, the signal or the flush comes first.
		for range 40 {
			for range 4 {
				span(tr, "a")
			}
			synctest.Wait() // the first batch is being sent
			for range 4 {
				span(tr, "flushed")
			}
			go func() { _ = tr.ForceFlush(context.Background()) }()
			time.Sleep(1500 * time.Millisecond)
			span(tr, "during the flush")
			time.Sleep(5 * time.Second)
			span(tr, "after the flush")
			time.Sleep(time.Hour)
		}
		if batches := f.accepted(); !slices.Contains(batches, 2) {
			t.Errorf("no span waited: the batches are %v", batches)
		}
		_ = tr.Shutdown(t.Context())
	})
}

// TestSpansAfterTheShutdown ends a span that began before the shutdown.
func TestSpansAfterTheShutdown(t *testing.T) {
	f := &fake{}
	tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
	_, late := tr.TracerProvider().Tracer("t").Start(t.Context(), "late")
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	late.End()
	span(tr, "later")
	if got, want := tr.Stats()[0], (tracing.Stats{Exporter: "a", Counts: telemetry.Counts{Dropped: 2}}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestShutdownIsBounded(t *testing.T) {
	tests := []struct {
		name    string
		answer  func(context.Context, int) error
		timeout time.Duration // of the context; 0 means no deadline
		want    time.Duration
		lost    uint64
	}{
		{"accepting", nil, 0, 0, 0},
		{"refusing", refused, 0, 5 * time.Second, 3000},
		{"hanging", hanging, 0, 5 * time.Second, 3000},
		{"hanging, with a deadline", hanging, 2 * time.Second, 2 * time.Second, 3000},
		{"rejecting", rejected, 0, 0, 3000},
		{"deaf to its context", deaf, 0, 5*time.Second + 250*time.Millisecond, 3000},
		{"slow", slow, 0, 5*time.Second + 250*time.Millisecond, 3000 - 2*512},
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
				if c := tr.Stats()[0].Counts; c.Lost() != test.lost || c.Queued != 0 || (err != nil) != (test.lost > 0) {
					t.Errorf("%v, error %v", c, err)
				}
				balance(t, tr, 3000)
				again := tr.Shutdown(ctx)
				if again != err { //nolint:errorlint // must be the same
					t.Errorf("the second Shutdown returned %v", again)
				}
				want := tr.Stats()[0]
				// The deaf exporter returns. Then the bubble must have no
				// goroutine left.
				time.Sleep(2 * time.Hour)
				if got := tr.Stats()[0]; got != want {
					t.Errorf("after the shutdown %v became %v", want, got)
				}
			})
		})
	}
}

// TestSecondShutdownHasItsOwnTime shuts down a provider while the first
// shutdown waits for a receiver that hangs.
func TestSecondShutdownHasItsOwnTime(t *testing.T) {
	tests := []struct {
		name      string
		timeout   time.Duration // of the second context; 0 means no deadline
		canceled  bool
		shutdown  func(*tracing.Provider, context.Context) error
		want      time.Duration
		sameError bool
	}{
		{"shorter", 500 * time.Millisecond, false, (*tracing.Provider).Shutdown, 500 * time.Millisecond, false},
		{"canceled", time.Minute, true, (*tracing.Provider).Shutdown, 0, false},
		{"longer", time.Minute, false, (*tracing.Provider).Shutdown, 8 * time.Second, true},
		{"no deadline", 0, false, (*tracing.Provider).Shutdown, 5 * time.Second, false},
		{"of the SDK", 500 * time.Millisecond, false, shutdownSDK, 500 * time.Millisecond, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{export: hanging}
				tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}})
				span(tr, "a")
				ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
				defer cancel()
				first, began := make(chan error), time.Now()
				go func() { first <- tr.Shutdown(ctx) }()
				synctest.Wait()

				second, stop := context.WithCancel(context.Background())
				defer stop()
				if test.timeout > 0 {
					second, stop = context.WithTimeout(second, test.timeout)
					defer stop()
				}
				if test.canceled {
					stop()
				}
				err := test.shutdown(tr, second)
				if took := time.Since(began); took != test.want {
					t.Errorf("took %v, want %v", took, test.want)
				}
				firstErr := <-first
				if took := time.Since(began); took != 8*time.Second {
					t.Errorf("the first one took %v, want 8 s", took)
				}
				same := err == firstErr //nolint:errorlint // identity is meant
				var loss *telemetry.LossError
				if !errors.As(err, &loss) || loss.Name != "a" || same != test.sameError {
					t.Errorf("returned %v, and the first one %v", err, firstErr)
				}
			})
		})
	}
}

func shutdownSDK(tr *tracing.Provider, ctx context.Context) error {
	return tr.TracerProvider().(interface{ Shutdown(context.Context) error }).Shutdown(ctx)
}

func TestExportersDoNotAffectEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead, healthy := &fake{export: hanging}, &fake{}
		tr := begin(t, &tracing.Options{
			Exporters: []tracing.Exporter{dead.exporter("dead"), healthy.exporter("healthy")},
			Batch:     tracing.Batch{Delay: time.Minute}, // only the shutdown sends
		})
		for range 100 {
			span(tr, "a")
		}
		began := time.Now()
		err := tr.Shutdown(t.Context())
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("took %v", took)
		}
		want := []tracing.Stats{
			{Exporter: "dead", Counts: telemetry.Counts{Failed: 100}},
			{Exporter: "healthy", Counts: telemetry.Counts{Done: 100}},
		}
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
		if err := tr.ForceFlush(t.Context()); err != nil || tr.Stats()[0].Counts.Done != 10 {
			t.Errorf("ForceFlush: %v, %v", err, tr.Stats())
		}
		f.answer(refused)
		span(tr, "a")
		var loss *telemetry.LossError
		err := tr.ForceFlush(t.Context())
		if !errors.As(err, &loss) || loss.Counts != (telemetry.Counts{Queued: 1}) || loss.Name != "a" || loss.Items != "spans" {
			t.Errorf("ForceFlush while the receiver is down: %v", err)
		}
		if !errors.Is(err, errDown) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ForceFlush hides a cause: %v", err)
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

// TestConcurrentUse is for the race detector. It also checks the counts while
// they change.
func TestConcurrentUse(t *testing.T) {
	f := &fake{}
	tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Queue: 500, Size: 50, Delay: time.Millisecond}})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range uint64(2000) {
				span(tr, "a")
				if n := tr.Stats()[0].Counts.Accepted(); n < i+1 || n > 8000 {
					t.Errorf("%d spans are accounted for, want %d to 8000", n, i+1)
				}
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
	balance(t, tr, 8000)
	if c := tr.Stats()[0].Counts; c.Done+c.Dropped != 8000 {
		t.Errorf("got %v, want 8000 done or dropped", c)
	}
}
