package tracing_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

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
		time.Sleep(time.Second) // sends are 5 s apart, and not in the same moment as these
		for range 25 {
			span(tr, "a")
			time.Sleep(5 * time.Second)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if strings.Contains(log.String(), "again") {
			t.Errorf("having nothing to send counts as recovery: %s", log.String())
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
		if s := tr.Stats()[0]; s.Failed != 1 {
			t.Errorf("%+v", s)
		}
		_ = tr.Shutdown(t.Context())
	})
}

type panicking struct{ slog.Handler }

func (panicking) Enabled(context.Context, slog.Level) bool  { return true }
func (panicking) Handle(context.Context, slog.Record) error { panic("logger") }
