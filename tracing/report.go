package tracing

import (
	"context"
	"log/slog"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/telemetry"
)

// report logs the losses of one exporter: the first one at once, then at most
// a line a minute, and one line when it delivers again. It is used by the
// sending's goroutine only.
type report struct {
	logger   *slog.Logger
	exporter string

	line    time.Time        // when the last line about losses was logged
	failing bool             // no line about the recovery has followed it
	said    telemetry.Counts // at the time of the last line
	seen    uint64           // spans lost at the time of the last call
}

// quiet is the time between two lines about losses.
const quiet = time.Minute

// note is called after each try, with its error if it failed, and at intervals
// when there is nothing to send.
func (r *report) note(err error, c telemetry.Counts) {
	losing := err != nil || c.Lost() > r.seen
	r.seen = c.Lost()
	now := time.Now()
	switch {
	case losing && (r.line.IsZero() || now.Sub(r.line) >= quiet):
		r.failing, r.line = true, now
		r.log(slog.LevelWarn, "tracing: spans are not delivered", err, c)
	case !losing && r.failing && c.Done > r.said.Done:
		r.failing = false
		r.log(slog.LevelInfo, "tracing: spans are delivered again", nil, c)
	}
}

// log writes a line with the counts since the last one.
func (r *report) log(level slog.Level, message string, err error, c telemetry.Counts) {
	attrs := []slog.Attr{slog.String("exporter", r.exporter)}
	switch {
	case err != nil:
		attrs = append(attrs, slog.String("error", guard.ErrorText(err)))
	case level == slog.LevelWarn:
		attrs = append(attrs, slog.String("error", "the queue is full"))
	}
	since := c.Since(r.said)
	attrs = append(attrs,
		slog.Uint64("failed", since.Failed),
		slog.Uint64("dropped", since.Dropped),
		slog.Uint64("queued", since.Queued))
	r.said = c
	_ = guard.Call(func() { r.logger.LogAttrs(context.Background(), level, message, attrs...) })
}
