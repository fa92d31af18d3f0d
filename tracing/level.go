package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"strings"

	"github.com/sligo-go/sligo/tracing/internal/env"
)

// logLevels are the values of OTEL_LOG_LEVEL. The specification lists none;
// these are the values of OpenTelemetry's SDKs.
var logLevels = map[string]slog.Level{
	"all": math.MinInt, "verbose": math.MinInt, "trace": math.MinInt, "debug": slog.LevelDebug, "info": slog.LevelInfo,
	"warn": slog.LevelWarn, "warning": slog.LevelWarn, "error": slog.LevelError,
	"none": math.MaxInt, "off": math.MaxInt,
}

// logLevel returns OTEL_LOG_LEVEL, and false if it is not set.
func logLevel(r *env.Reader) (level slog.Level, ok bool) {
	_, ok = r.Parse([]string{"OTEL_LOG_LEVEL"}, func(value string) error {
		var known bool
		if level, known = logLevels[strings.ToLower(value)]; !known {
			return fmt.Errorf("invalid level %q: want one of debug, info, warn, error, none", value)
		}
		return nil
	})
	return level, ok
}

// leveled is a handler with a minimum level.
type leveled struct {
	slog.Handler
	level slog.Level
}

// Enabled reports whether the level is high enough for both handlers.
func (l leveled) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= l.level && l.Handler.Enabled(ctx, level)
}

// WithAttrs returns a handler with attributes and the same minimum level.
func (l leveled) WithAttrs(attrs []slog.Attr) slog.Handler {
	return leveled{l.Handler.WithAttrs(attrs), l.level}
}

// WithGroup returns a handler with a group and the same minimum level.
func (l leveled) WithGroup(name string) slog.Handler {
	return leveled{l.Handler.WithGroup(name), l.level}
}
