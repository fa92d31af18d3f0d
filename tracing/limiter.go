package tracing

import (
	"sync"
	"time"
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
