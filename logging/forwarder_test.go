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

// initial is the default handler before any call of slog.SetDefault.
var initial = slog.Default().Handler()

type wrapper struct{ slog.Handler }

// TestNextMustNotBeTheInitialDefault covers golang/go#62424: after
// slog.SetDefault, each line would come back through package log.
func TestNextMustNotBeTheInitialDefault(t *testing.T) {
	for _, next := range []slog.Handler{initial, wrapper{initial}, initial.WithGroup("g")} {
		_, err := logging.New("my-app", nil, &logging.Options{Next: next})
		if err == nil || !strings.HasPrefix(err.Error(), "Next: ") || !strings.Contains(err.Error(), "slog.SetDefault") {
			t.Errorf("New with the next handler %T: got %v, want the reason at Next", next, err)
		}
	}
}

// A delegate passes records to a handler that is known only later, as a handler
// does that logs with the default logger.
type delegate struct{ to *slog.Handler }

func (delegate) Enabled(context.Context, slog.Level) bool { return true }
func (d delegate) WithAttrs([]slog.Attr) slog.Handler     { return d }
func (d delegate) WithGroup(string) slog.Handler          { return d }
func (d delegate) Handle(ctx context.Context, r slog.Record) error {
	return (*d.to).Handle(ctx, r)
}

func TestNextHandlerMayFeedItself(t *testing.T) {
	var self slog.Handler
	h, buf := newHandler(t, &logging.Options{Next: delegate{&self}})
	self = h.WithGroup("g")
	err := h.Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelInfo, "once", 0))
	if err == nil || !strings.Contains(err.Error(), "next handler logs to the handler that feeds it") {
		t.Errorf("Handle() = %v, want the reason", err)
	}
	if n := strings.Count(buf.String(), `"message":"once"`); n != 2 {
		t.Errorf("got %d lines, want 2: of the call and of the next handler", n)
	}
	if err := h.Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelInfo, "again", 0)); err == nil {
		t.Error("Handle() = nil for another line, want the reason again")
	}
}
