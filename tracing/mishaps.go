package tracing

import (
	"log/slog"
	"sync"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
)

// limiter permits one line a minute and counts the others.
type limiter struct {
	mu    sync.Mutex
	line  time.Time // when the last line was permitted
	since uint64    // calls since then
}

// permit reports whether a line is due, and how many calls it reports.
func (l *limiter) permit() (calls uint64, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.since++
	now := time.Now()
	if !l.line.IsZero() && now.Sub(l.line) < quiet {
		return 0, false
	}
	calls = l.since
	l.line, l.since = now, 0
	return calls, true
}

// mishaps logs the panics of a part that the program passes in, at most a line
// a minute.
type mishaps struct {
	logger  *slog.Logger
	of      string // the field of Options
	limiter limiter
}

// note logs an error unless it is nil.
func (m *mishaps) note(err error) {
	if err == nil {
		return
	}
	if calls, due := m.limiter.permit(); due {
		_ = guard.Call(func() {
			m.logger.Error("tracing: an option fails", "option", m.of, "error", err.Error(), "times", calls)
		})
	}
}
