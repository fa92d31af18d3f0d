package tracing

import (
	"context"
	"log/slog"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
)

// report logs the losses of one exporter: the first one at once, then at most
// a line a minute, and one line when it delivers again. It is used by the
// sending's goroutine only.
type report struct {
	logger   *slog.Logger
	exporter string

	line    time.Time // when the last line about losses was logged
	failing bool      // no line about the recovery has followed it
	said    Stats     // at the time of the last line
	seen    uint64    // spans lost at the time of the last call
	warned  time.Time // when the last warning was logged
}

// quiet is the time between two lines about losses.
const quiet = time.Minute

// note is called after each try, with its error if it failed, and at intervals
// when there is nothing to send.
func (r *report) note(err error, s Stats) {
	losing := err != nil || s.Counts.Lost() > r.seen
	r.seen = s.Counts.Lost()
	now := time.Now()
	switch {
	case losing && (r.line.IsZero() || now.Sub(r.line) >= quiet):
		r.failing, r.line = true, now
		r.log(slog.LevelWarn, "tracing: spans are not delivered", err, s)
	case !losing && r.failing && s.Counts.Done > r.said.Counts.Done:
		r.failing = false
		r.log(slog.LevelInfo, "tracing: spans are delivered again", nil, s)
	}
}

// warn logs a warning about spans that were accepted.
func (r *report) warn(warning error) {
	now := time.Now()
	if !r.warned.IsZero() && now.Sub(r.warned) < quiet {
		return
	}
	r.warned = now
	_ = guard.Call(func() {
		r.logger.LogAttrs(context.Background(), slog.LevelWarn, "tracing: the receiver accepted spans with a warning",
			slog.String("exporter", r.exporter), slog.String("warning", guard.ErrorText(warning)))
	})
}

// log writes a line with the counts since the last one.
func (r *report) log(level slog.Level, message string, err error, s Stats) {
	attrs := []slog.Attr{slog.String("exporter", r.exporter)}
	switch {
	case err != nil:
		attrs = append(attrs, slog.String("error", guard.ErrorText(err)))
	case level == slog.LevelWarn:
		attrs = append(attrs, slog.String("error", r.fullQueue(s)))
	}
	since := s.Counts.Since(r.said.Counts)
	attrs = append(attrs,
		slog.Uint64("failed", since.Failed),
		slog.Uint64("dropped", since.Dropped),
		slog.Uint64("queued", since.Queued))
	r.said = s
	_ = guard.Call(func() { r.logger.LogAttrs(context.Background(), level, message, attrs...) })
}

// fullQueue is the error if no export failed. It names the bound of the queue
// if that is not the number of spans.
func (r *report) fullQueue(s Stats) string {
	if s.BytesFull > r.said.BytesFull {
		return "the queue is full: its spans reach Batch.QueueBytes"
	}
	return "the queue is full"
}
