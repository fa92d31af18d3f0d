package tracing

import (
	"context"
	"log/slog"
	"time"
)

// report logs the losses of one exporter: the first at once, then at most a line a minute, and one
// when it delivers again. It is used by the pipeline's goroutine only.
type report struct {
	logger   *slog.Logger
	exporter string

	line    time.Time // of the last line about losses
	failing bool      // a line about losses is not followed by one about the recovery
	said    Stats     // as of the last line
	seen    uint64    // spans lost as of the last call
}

// quiet is the time between two lines about losses.
const quiet = time.Minute

// note is called after each try, with its error if it failed, and now and then without a try.
func (r *report) note(err error, s Stats) {
	losing := err != nil || s.Lost() > r.seen
	r.seen = s.Lost()
	now := time.Now()
	switch {
	case losing && (r.line.IsZero() || now.Sub(r.line) >= quiet):
		r.failing, r.line = true, now
		r.log(slog.LevelWarn, "tracing: spans are not delivered", err, s)
	case !losing && r.failing && s.Exported > r.said.Exported:
		r.failing = false
		r.log(slog.LevelInfo, "tracing: spans are delivered again", nil, s)
	}
}

// log writes a line with what happened since the last one.
func (r *report) log(level slog.Level, message string, err error, s Stats) {
	attrs := []slog.Attr{slog.String("exporter", r.exporter)}
	switch {
	case err != nil:
		attrs = append(attrs, slog.String("error", err.Error()))
	case level == slog.LevelWarn:
		attrs = append(attrs, slog.String("error", "the queue is full"))
	}
	attrs = append(attrs,
		slog.Uint64("failed", s.Failed-r.said.Failed),
		slog.Uint64("dropped", s.Dropped-r.said.Dropped),
		slog.Uint64("queued", s.Queued))
	r.said = s
	guard(func() { r.logger.LogAttrs(context.Background(), level, message, attrs...) })
}
