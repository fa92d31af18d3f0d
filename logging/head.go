package logging

import "log/slog"

// Levels as they are on the line. Levels between two are shown as the lower one.
const (
	levelDebug = iota
	levelInfo
	levelWarn
	levelError
	levelCount
)

var levelNames = [levelCount]string{"DEBUG", "INFO", "WARN", "ERROR"}

func levelIndex(l slog.Level) int {
	switch {
	case l >= slog.LevelError:
		return levelError
	case l >= slog.LevelWarn:
		return levelWarn
	case l >= slog.LevelInfo:
		return levelInfo
	}
	return levelDebug
}

// appendHead writes a line up to its message.
func (h *Handler) appendHead(b []byte, r *slog.Record) []byte {
	b = append(b, '{')
	if !r.Time.IsZero() {
		b = h.clock.append(b, r.Time)
	}
	b = append(b, h.heads[levelIndex(r.Level)]...)
	return h.messages.append(b, h.redactor, r)
}
