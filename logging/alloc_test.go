//go:build !race

package logging_test

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/sligo-go/sligo/logging"
)

// The race detector makes sync.Pool drop items at random, so this file does not
// build with it.

func TestHandlerDoesNotAllocate(t *testing.T) {
	ctx := requestContext()
	call := []slog.Attr{slog.Int("response_code", 200), slog.Duration("execution_time_ms", 150*time.Millisecond),
		slog.String("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"), slog.Group("additional_info", "endpoint", "/api/v1/login", "method", "POST")}
	tests := map[string]slog.Handler{
		"call":     mustNew(t, io.Discard, nil),
		"bound":    mustNew(t, io.Discard, nil).WithAttrs([]slog.Attr{slog.String("a", "b"), slog.String("user_id", "u")}),
		"group":    mustNew(t, io.Discard, nil).WithAttrs([]slog.Attr{slog.String("a", "b")}).WithGroup("g"),
		"observed": mustNew(t, io.Discard, &logging.Options{Observers: []logging.Observer{observer(func(l *logging.Line) { l.Value("response_code") })}}),
		"two":      mustNew(t, io.Discard, &logging.Options{Sinks: []logging.Sink{{Name: "two", Writer: io.Discard}}}),
		"excluded": mustNew(t, io.Discard, &logging.Options{Exclude: []logging.Exclusion{{Name: "x", Match: logging.Match{Routes: []string{"/api/*"}}}}}),
	}
	for name, h := range tests {
		for _, level := range []slog.Level{slog.LevelInfo, slog.LevelError} {
			r := slog.NewRecord(time.Now(), level, "Request processed successfully", 1)
			r.AddAttrs(call...)
			_ = h.Handle(ctx, r)
			if got := testing.AllocsPerRun(200, func() { _ = h.Handle(ctx, r) }); got != 0 {
				t.Errorf("%s at %v: %v allocations, want 0", name, level, got)
			}
		}
	}
}
