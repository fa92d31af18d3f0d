package tracing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
func begin(t *testing.T, config *tracing.Config) *tracing.Tracing {
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
func balance(t *testing.T, tr *tracing.Tracing) {
	t.Helper()
	for _, s := range tr.Stats() {
		if s.Ended != s.Exported+s.Failed+s.Dropped+s.Queued {
			t.Errorf("%+v does not add up", s)
		}
	}
}

// traffic ends spans at a rate per second for a time.
func traffic(t *testing.T, tr *tracing.Tracing, rate int, d time.Duration) {
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
				tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: test.batch})
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

func TestFateOfBatches(t *testing.T) {
	partial := func(n int) func(context.Context, int) error {
		return func(context.Context, int) error {
			return &tracing.ExportError{Err: errors.New("some are bad"), Rejected: n}
		}
	}
	atMost := func(most int) func(context.Context, int) error {
		return func(_ context.Context, n int) error {
			if n > most {
				return &tracing.ExportError{Err: errors.New("too large"), TooLarge: true}
			}
			return nil
		}
	}
	tests := []struct {
		name             string
		answer           func(context.Context, int) error
		exported, failed uint64
		batches          []int
	}{
		{"accepted", nil, 10, 0, []int{4, 4, 2}},
		{"refused for good", rejected, 0, 10, nil},
		{"refused until it is given up", refused, 0, 10, nil},
		{"partly refused", partial(3), 2, 8, nil}, // of 4, 4 and 2
		{"more refused than sent", partial(100), 0, 10, nil},
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
				tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Size: 4}})
				for range 10 {
					span(tr, "a")
				}
				time.Sleep(10 * time.Minute)
				want := tracing.Stats{Exporter: "a", Ended: 10, Exported: test.exported, Failed: test.failed}
				if diff := cmp.Diff([]tracing.Stats{want}, tr.Stats()); diff != "" {
					t.Errorf("stats (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.batches, f.taken()); diff != "" {
					t.Errorf("batches (-want +got):\n%s", diff)
				}
				err := tr.Shutdown(t.Context())
				var loss *tracing.LossError
				if errors.As(err, &loss) != (test.failed > 0) || loss != nil && (loss.Lost != test.failed || loss.Ended != 10 || loss.Exporter != "a" || loss.Err == nil) {
					t.Errorf("Shutdown: %#v", err)
				}
				if !f.shutdown {
					t.Error("the exporter was not shut down")
				}
			})
		})
	}
}

// TestPauses checks that pauses grow, stay below five seconds, and are not the same each time.
func TestPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Time
		f := &fake{export: func(context.Context, int) error {
			tries = append(tries, time.Now())
			return &tracing.ExportError{Err: errDown, Retry: true}
		}}
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Timeout: 10 * time.Minute}})
		span(tr, "a")
		time.Sleep(8 * time.Minute)
		synctest.Wait()
		if len(tries) < 60 {
			t.Fatalf("%d tries in 8 minutes", len(tries))
		}
		different := make(map[time.Duration]bool)
		for i := range tries[1:] {
			d := tries[i+1].Sub(tries[i])
			most := min(500*time.Millisecond<<min(i, 10), 5*time.Second)
			if d < most/2 || d > most {
				t.Errorf("pause %d is %v, want %v to %v", i, d, most/2, most)
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
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}})
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

func TestFullQueueDropsAndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: hanging}
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Queue: 100, Size: 10}})
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
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}})
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
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}})
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
	tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}})
	_, late := tr.TracerProvider().Tracer("t").Start(t.Context(), "late")
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	late.End()
	span(tr, "later")
	if s := tr.Stats()[0]; s.Exported != 0 || s.Queued != 0 || s.Ended != s.Dropped {
		t.Errorf("%+v", s)
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
				tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}})
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
		tr := begin(t, &tracing.Config{
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
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Size: 4}})
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

func TestLogOfLosses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
		f := &fake{export: rejected}
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Logger: logger})
		time.Sleep(time.Second) // sends are 5 s apart, and not in the same moment as these
		for range 25 {
			span(tr, "a")
			time.Sleep(5 * time.Second)
		}
		f.answer(nil)
		span(tr, "a")
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		want := `level=WARN msg="tracing: spans are not delivered" exporter=a error="bad request" failed=1 dropped=0 queued=0
level=WARN msg="tracing: spans are not delivered" exporter=a error="bad request" failed=12 dropped=0 queued=0
level=WARN msg="tracing: spans are not delivered" exporter=a error="bad request" failed=12 dropped=0 queued=0
level=INFO msg="tracing: spans are delivered again" exporter=a failed=0 dropped=0 queued=0
`
		if diff := cmp.Diff(want, log.String()); diff != "" {
			t.Errorf("the log (-want +got):\n%s", diff)
		}
		_ = tr.Shutdown(t.Context())
	})
}

// TestDropsAreLogged has a receiver that is healthy, but too slow.
func TestDropsAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := &fake{export: func(context.Context, int) error { time.Sleep(time.Second); return nil }}
		tr := begin(t, &tracing.Config{
			Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Queue: 10, Size: 10},
			Logger: slog.New(slog.NewTextHandler(&log, nil)),
		})
		for range 100 {
			span(tr, "a")
		}
		time.Sleep(10 * time.Second)
		span(tr, "a")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if !strings.Contains(log.String(), `exporter=a error="the queue is full" failed=0 dropped=`) || !strings.Contains(log.String(), "delivered again") ||
			strings.Count(log.String(), "\n") != 2 {
			t.Errorf("the log is %s", log.String())
		}
		_ = tr.Shutdown(t.Context())
	})
}

// TestRetriesAreLoggedAtOnce has the first line come with the first try, not when the batch is given up.
func TestRetriesAreLoggedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := &fake{export: refused}
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		span(tr, "a")
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), "connection refused") {
			t.Errorf("after the first try the log is %q", log.String())
		}
		_ = tr.Shutdown(t.Context())
	})
}

func TestPanickingLogger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{export: rejected}
		tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Logger: slog.New(panicking{slog.DiscardHandler})})
		span(tr, "a")
		time.Sleep(time.Minute)
		if s := tr.Stats()[0]; s.Failed != 1 {
			t.Errorf("%+v", s)
		}
		_ = tr.Shutdown(t.Context())
	})
}

type panicking struct{ slog.Handler }

func (panicking) Enabled(context.Context, slog.Level) bool  { return true }
func (panicking) Handle(context.Context, slog.Record) error { panic("logger") }

// TestConcurrentUse is for the race detector, and checks the counts at any moment.
func TestConcurrentUse(t *testing.T) {
	f := &fake{}
	tr := begin(t, &tracing.Config{Exporters: []tracing.Exporter{f.exporter("a")}, Batch: tracing.Batch{Queue: 500, Size: 50, Delay: time.Millisecond}})
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
