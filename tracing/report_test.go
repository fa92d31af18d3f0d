package tracing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
)

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
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Logger: logger})
		time.Sleep(time.Second) // so that no span ends at the moment of a send
		for range 25 {
			span(tr, "a")
			time.Sleep(5 * time.Second)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if strings.Contains(log.String(), "again") {
			t.Errorf("an empty queue counts as recovery: %s", log.String())
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

// TestDropsAreLogged uses a receiver that is healthy but too slow.
func TestDropsAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := &fake{export: func(context.Context, int) error { time.Sleep(time.Second); return nil }}
		tr := begin(t, &tracing.Options{
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
		lines := strings.SplitAfter(log.String(), "\n")
		if len(lines) != 3 || !strings.Contains(lines[0], `exporter=a error="the queue is full" failed=0 dropped=`) ||
			!strings.Contains(lines[1], "delivered again") {
			t.Errorf("the log is %s", log.String())
		}
		_ = tr.Shutdown(t.Context())
	})
}

// TestRetriesAreLoggedAtOnce expects the first line after the first try, not
// when the batch is given up.
func TestRetriesAreLoggedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := &fake{export: refused}
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
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
		tr := begin(t, &tracing.Options{Exporters: []tracing.Exporter{f.exporter("a")}, Logger: slog.New(panicking{slog.DiscardHandler})})
		span(tr, "a")
		time.Sleep(time.Minute)
		if c := tr.Stats()[0].Counts; c.Failed != 1 {
			t.Errorf("got %v, want 1 failed", c)
		}
		_ = tr.Shutdown(t.Context())
	})
}

type panicking struct{ slog.Handler }

func (panicking) Enabled(context.Context, slog.Level) bool  { return true }
func (panicking) Handle(context.Context, slog.Record) error { panic("logger") }

// TestWarningsAreLogged lets a receiver warn with each batch that it accepts.
func TestWarningsAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := &fake{export: func(context.Context, int) error {
			return fmt.Errorf("export: %w", &tracing.ExportError{Err: errors.New("old version"), Accepted: true})
		}}
		tr := begin(t, &tracing.Options{
			Exporters: []tracing.Exporter{f.exporter("a")}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
		})
		traffic(t, tr, 10, 150*time.Second)
		if err := tr.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if got, want := tr.Stats()[0].Counts, (telemetry.Counts{Done: 1500}); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
		lines := strings.SplitAfter(strings.TrimSpace(log.String()), "\n")
		if len(lines) != 3 {
			t.Fatalf("the log is %s", log.String())
		}
		for _, line := range lines {
			if !strings.Contains(line, `level=WARN msg="tracing: the receiver accepted spans with a warning" exporter=a warning="export: old version"`) {
				t.Errorf("a line is %s", line)
			}
		}
	})
}
