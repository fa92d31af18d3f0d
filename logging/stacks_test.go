package logging_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/logging/field"
)

func TestStackTrace(t *testing.T) {
	h, buf := newHandler(t, nil)
	l := slog.New(h)
	for range 2 { // the second time from the cache
		fail(l)
		if got := buf.String(); !strings.Contains(got, `"stack_trace":"at github.com/sligo-go/sligo/logging_test.fail(stacks_test.go:`) || strings.Contains(got, "log/slog") {
			t.Errorf("got %s", got)
		}
		buf.Reset()
	}
	l.Warn("m")
	if got := buf.String(); strings.Contains(got, "stack_trace") {
		t.Errorf("a warning has a stack trace: %s", got)
	}
	buf.Reset()
	_ = h.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelError, "m", 0))
	if got := buf.String(); strings.Contains(got, "stack_trace") {
		t.Errorf("a record without a PC has a stack trace: %s", got)
	}
}

//go:noinline
func fail(l *slog.Logger) { l.Error("m", "token.go", 1) }

func TestStackOfTheError(t *testing.T) {
	pcs := make([]uintptr, 4)
	err := located{pcs[:runtime.Callers(1, pcs)]}
	for _, log := range []func(l *slog.Logger){
		func(l *slog.Logger) { l.Error("m", "err", fmt.Errorf("wrapped: %w", err)) },
		func(l *slog.Logger) { l.With(field.Error(err)).Error("m") },
		func(l *slog.Logger) { l.Error("m", "err", errors.Join(errBoom, err)) },
		func(l *slog.Logger) { l.Error("m", "err", fmt.Errorf("%w, then %w", errBoom, err)) },
		func(l *slog.Logger) { l.WithGroup("g").Error("m", "err", err) },
		func(l *slog.Logger) { l.WithGroup("g").With("err", err).Error("m", "n", 1) },
		func(l *slog.Logger) { l.Error("m", slog.Group("g", slog.Group("h", "error", err))) },
	} {
		h, buf := newHandler(t, nil)
		log(slog.New(h))
		if got := buf.String(); !strings.Contains(got, `"stack_trace":"at github.com/sligo-go/sligo/logging_test.TestStackOfTheError(stacks_test.go:`) {
			t.Errorf("got %s", got)
		}
		buf.Reset()
		slog.New(h).Error("m", "err", errBoom)
		if got := buf.String(); !strings.Contains(got, "TestStackOfTheError") || strings.Contains(got, "wrapped") {
			t.Errorf("got %s", got)
		}
	}
}

// A located error carries a stack, in the form of github.com/pkg/errors.
type located struct{ pcs []uintptr }

func (e located) Error() string         { return "located" }
func (e located) StackTrace() []uintptr { return e.pcs }
