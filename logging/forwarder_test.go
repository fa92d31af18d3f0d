package logging_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/logging"
)

// A panicking handler panics with the message of each record.
type panicking struct{ slog.Handler }

func (panicking) Enabled(context.Context, slog.Level) bool      { return true }
func (p panicking) WithAttrs([]slog.Attr) slog.Handler          { return p }
func (panicking) Handle(_ context.Context, r slog.Record) error { panic(r.Message) }

func TestNextHandlerMayPanic(t *testing.T) {
	h, buf := newHandler(t, &logging.Options{Next: panicking{}})
	err := h.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelInfo, "boom", 0))
	var p *guard.Panic
	if !errors.As(err, &p) || err.Error() != "logging: next handler: panic: boom" {
		t.Errorf("error %v, want the panic", err)
	}
	if !strings.Contains(buf.String(), `"message":"boom"`) {
		t.Errorf("got %q, want the line", buf)
	}
}
