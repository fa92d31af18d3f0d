package logging

import "log/slog"

// Levels as a line shows them. A level in between is shown as the next lower
// one.
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

// setHeads prepares the constant part of a line for each level: everything from
// the timestamp to the message.
func (c *core) setHeads(application string) {
	c.application = c.redactor.AppendText(nil, application)
	for i, name := range levelNames {
		head := append([]byte(nil), `"level":"`+name+`","application":`...)
		c.heads[i] = append(append(head, c.application...), `,"message":`...)
	}
}

// appendHead appends the start of a line up to and including its message.
func (c *core) appendHead(dst []byte, l *Line) []byte {
	if c.layout != nil {
		return c.layout.appendHead(dst, c, l)
	}
	dst = append(dst, '{')
	if !l.Time.IsZero() {
		dst = c.clock.append(dst, "timestamp", l.Time)
	}
	dst = append(dst, c.heads[levelIndex(l.Level)]...)
	return c.messages.append(dst, c.redactor, l)
}
