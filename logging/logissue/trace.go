package logissue

import (
	"log/slog"
	"strings"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
)

// trace returns the text of a stack that a line carries, such as the result of
// runtime/debug.Stack, or "".
func trace(l *logging.Line) string {
	for _, name := range [...]string{field.KeyStackTrace, "stack", "stacktrace"} {
		v, _ := l.Value(name)
		if v.Kind() == slog.KindString {
			return v.String()
		}
		if text, ok := v.Any().([]byte); ok {
			return string(text)
		}
	}
	return ""
}

// panickedIn returns the functions below the latest panic in the text of a
// stack, or nil if the text has no panic.
func panickedIn(trace string) (names []string) {
	_, trace, _ = strings.Cut(trace, "\npanic(")
	for line := range strings.Lines(trace) {
		line = strings.TrimSuffix(line, "\n")
		end := strings.LastIndexByte(line, '(')
		switch {
		case line == "" || strings.HasPrefix(line, "created by "):
			return names // of another goroutine
		case end <= 0 || line[0] == '\t' || strings.HasPrefix(line, "runtime.") || line[len(line)-1] != ')':
			continue
		case strings.Contains(line[:end], "."):
			names = append(names, function(line[:end]))
		}
	}
	return names
}
