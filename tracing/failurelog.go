package tracing

import (
	"log/slog"

	"github.com/sligo-go/sligo/internal/guard"
)

// failureLog logs the failures of a part that the program passes in, such as
// panics, at most a line a minute.
type failureLog struct {
	logger  *slog.Logger
	of      string // the field of Options
	limiter limiter
}

// note logs an error unless it is nil.
func (l *failureLog) note(err error) {
	if err == nil {
		return
	}
	if calls, due := l.limiter.permit(); due {
		_ = guard.Call(func() {
			l.logger.Error("tracing: an option fails", "option", l.of, "error", err.Error(), "times", calls)
		})
	}
}
