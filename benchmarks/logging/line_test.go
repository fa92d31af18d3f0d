// Package logging_test measures the log line beside its peers: log/slog's own
// JSON handler, zerolog and slog-context, on the line of docs/logs.md.
package logging_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	slogctx "github.com/veqryn/slog-context"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
)

const (
	message   = "Request processed successfully"
	userID    = "12345"
	requestID = "7d0c9f0e-3b5a-4f6e-9c1d-2a8b7c6d5e4f"
	traceID   = "4bf92f3577b34da6a3ce929d0e0e4736"
	spanID    = "00f067aa0ba902b7"
	endpoint  = "/api/v1/login"
)

var ctx = context.Background()

func newLogger(b *testing.B, opts *logging.Options) *slog.Logger {
	b.Helper()
	h, err := logging.New("my-app", io.Discard, opts)
	if err != nil {
		b.Fatal(err)
	}
	return slog.New(h)
}

// newZerolog returns a zerolog.Logger that writes timestamps like our handler:
// in UTC, with three decimals. zerolog sets this for the whole process.
func newZerolog() zerolog.Logger {
	zerolog.TimestampFieldName = "timestamp"
	zerolog.TimeFieldFormat = "2006-01-02T15:04:05.000Z07:00"
	zerolog.TimestampFunc = func() time.Time { return time.Now().UTC() }
	return zerolog.New(io.Discard).With().Timestamp().Logger()
}

// newRedacting returns slog's JSON handler with a ReplaceAttr that hides values
// by their names, as services write it.
func newRedacting() *slog.Logger {
	secret := map[string]bool{"password": true, "token": true, "secret": true, "authorization": true, "cookie": true, "api_key": true}
	return slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if secret[strings.ToLower(a.Key)] {
				a.Value = slog.StringValue("REDACTED")
			}
			return a
		},
	}))
}

// newHooked returns a zerolog.Logger whose hook adds the application.
func newHooked() zerolog.Logger {
	return newZerolog().Hook(zerolog.HookFunc(func(e *zerolog.Event, _ zerolog.Level, _ string) { e.Str("application", "my-app") }))
}

// A frontEnd is a handler that writes nothing. It measures the cost of log/slog
// before any handler: the call's position, the time and the record.
type frontEnd struct{ slog.Handler }

func (frontEnd) Enabled(context.Context, slog.Level) bool { return true }

// inCall is the line with its eight attributes in the call.
func inCall(l *slog.Logger) {
	l.LogAttrs(ctx, slog.LevelInfo, message,
		slog.String("application", "my-app"), slog.String("user_id", userID), slog.String("request_id", requestID),
		slog.String("trace_id", traceID), slog.String("span_id", spanID), slog.Int("response_code", 200),
		slog.Int("execution_time_ms", 150),
		slog.Attr{Key: "additional_info", Value: slog.GroupValue(slog.String("endpoint", endpoint), slog.String("method", "POST"))})
}

// ours is the same line: the handler itself knows the application.
func ours(l *slog.Logger) {
	l.LogAttrs(ctx, slog.LevelInfo, message,
		slog.String("user_id", userID), slog.String("request_id", requestID),
		slog.String("trace_id", traceID), slog.String("span_id", spanID), slog.Int("response_code", 200),
		slog.Int("execution_time_ms", 150),
		slog.Attr{Key: "additional_info", Value: slog.GroupValue(slog.String("endpoint", endpoint), slog.String("method", "POST"))})
}

// helped is the same line with the functions of package field, as services
// write it.
func helped(l *slog.Logger) {
	l.LogAttrs(ctx, slog.LevelInfo, message, field.UserID(userID), field.RequestID(requestID), field.TraceID(traceID), field.SpanID(spanID),
		field.ResponseCode(200), field.ExecutionTime(150*time.Millisecond), field.Endpoint(endpoint), field.Method("POST"))
}

func helpedRest(l *slog.Logger) {
	l.LogAttrs(ctx, slog.LevelInfo, message, field.ResponseCode(200), field.ExecutionTime(150*time.Millisecond),
		field.Endpoint(endpoint), field.Method("POST"))
}

func BenchmarkInCall(b *testing.B) {
	each(b, "sligo", map[string]func(*testing.B) func(){
		"sligo":  func(b *testing.B) func() { l := newLogger(b, nil); return func() { ours(l) } },
		"helped": func(b *testing.B) func() { l := newLogger(b, nil); return func() { helped(l) } },
		"slog": func(*testing.B) func() {
			l := slog.New(slog.NewJSONHandler(io.Discard, nil))
			return func() { inCall(l) }
		},
		"front-end":    func(*testing.B) func() { l := slog.New(frontEnd{slog.DiscardHandler}); return func() { ours(l) } },
		"slog-redacts": func(*testing.B) func() { l := newRedacting(); return func() { inCall(l) } },
		"zerolog-hook": func(*testing.B) func() {
			l := newHooked()
			return func() {
				l.Info().Str("user_id", userID).Str("request_id", requestID).
					Str("trace_id", traceID).Str("span_id", spanID).Int("response_code", 200).Int("execution_time_ms", 150).
					Dict("additional_info", zerolog.Dict().Str("endpoint", endpoint).Str("method", "POST")).Msg(message)
			}
		},
		"zerolog": func(*testing.B) func() {
			l := newZerolog()
			return func() {
				l.Info().Str("application", "my-app").Str("user_id", userID).Str("request_id", requestID).
					Str("trace_id", traceID).Str("span_id", spanID).Int("response_code", 200).Int("execution_time_ms", 150).
					Dict("additional_info", zerolog.Dict().Str("endpoint", endpoint).Str("method", "POST")).Msg(message)
			}
		},
	})
}

// rest logs the attributes that remain for the call when five are bound.
func rest(ctx context.Context, l *slog.Logger) {
	l.LogAttrs(ctx, slog.LevelInfo, message, slog.Int("response_code", 200), slog.Int("execution_time_ms", 150),
		slog.Attr{Key: "additional_info", Value: slog.GroupValue(slog.String("endpoint", endpoint), slog.String("method", "POST"))})
}

func bound() []any {
	return []any{"application", "my-app", "user_id", userID, "request_id", requestID, "trace_id", traceID, "span_id", spanID}
}

func BenchmarkBound(b *testing.B) {
	each(b, "sligo", map[string]func(*testing.B) func(){
		"sligo": func(b *testing.B) func() {
			l := newLogger(b, nil).With(bound()[2:]...)
			return func() { rest(ctx, l) }
		},
		"helped": func(b *testing.B) func() {
			l := newLogger(b, nil).With(bound()[2:]...)
			return func() { helpedRest(l) }
		},
		"slog": func(*testing.B) func() {
			l := slog.New(slog.NewJSONHandler(io.Discard, nil)).With(bound()...)
			return func() { rest(ctx, l) }
		},
		"zerolog": func(*testing.B) func() {
			l := newZerolog().With().Str("application", "my-app").Str("user_id", userID).Str("request_id", requestID).
				Str("trace_id", traceID).Str("span_id", spanID).Logger()
			return func() {
				l.Info().Int("response_code", 200).Int("execution_time_ms", 150).
					Dict("additional_info", zerolog.Dict().Str("endpoint", endpoint).Str("method", "POST")).Msg(message)
			}
		},
	})
}

type spanKey struct{}

type span struct {
	trace [16]byte
	span  [8]byte
}

// BenchmarkFromContext takes the four IDs from the context.
func BenchmarkFromContext(b *testing.B) {
	each(b, "sligo", map[string]func(*testing.B) func(){
		"sligo": func(b *testing.B) func() {
			l := newLogger(b, &logging.Options{Trace: func(ctx context.Context) ([16]byte, [8]byte, bool) {
				s, ok := ctx.Value(spanKey{}).(*span)
				if !ok {
					return [16]byte{}, [8]byte{}, false
				}
				return s.trace, s.span, true
			}})
			ctx := logging.WithRequest(context.WithValue(ctx, spanKey{}, &span{[16]byte{1, 2}, [8]byte{3}}), requestID)
			logging.SetUser(ctx, userID)
			return func() { rest(ctx, l) }
		},
		"slog-context": func(*testing.B) func() {
			l := slog.New(slogctx.NewHandler(slog.NewJSONHandler(io.Discard, nil), nil)).With("application", "my-app")
			ctx := slogctx.Prepend(ctx, "user_id", userID, "request_id", requestID, "trace_id", traceID, "span_id", spanID)
			return func() { rest(ctx, l) }
		},
	})
}

// BenchmarkDisabled logs below the level.
func BenchmarkDisabled(b *testing.B) {
	debug := func(l *slog.Logger) {
		l.LogAttrs(ctx, slog.LevelDebug, message, slog.String("user_id", userID), slog.String("request_id", requestID),
			slog.String("trace_id", traceID), slog.String("span_id", spanID), slog.Int("response_code", 200), slog.Int("execution_time_ms", 150),
			slog.Attr{Key: "additional_info", Value: slog.GroupValue(slog.String("endpoint", endpoint), slog.String("method", "POST"))},
			slog.String("region", "kr-1"))
	}
	each(b, "sligo", map[string]func(*testing.B) func(){
		"sligo": func(b *testing.B) func() { l := newLogger(b, nil); return func() { debug(l) } },
		"slog": func(*testing.B) func() {
			l := slog.New(slog.NewJSONHandler(io.Discard, nil))
			return func() { debug(l) }
		},
	})
}

// BenchmarkSinks writes to one sink and to two.
func BenchmarkSinks(b *testing.B) {
	each(b, "two", map[string]func(*testing.B) func(){
		"one": func(b *testing.B) func() { l := newLogger(b, nil); return func() { ours(l) } },
		"two": func(b *testing.B) func() {
			l := newLogger(b, &logging.Options{Sinks: []logging.Sink{{Name: "second", Writer: io.Discard}}})
			return func() { ours(l) }
		},
	})
}

// BenchmarkError logs an error with its stack.
func BenchmarkError(b *testing.B) {
	for name, opts := range map[string]*logging.Options{"stack": nil, "bare": {NoStackTrace: true}} {
		b.Run("impl="+name, func(b *testing.B) {
			l := newLogger(b, opts)
			b.ReportAllocs()
			for b.Loop() {
				l.LogAttrs(ctx, slog.LevelError, message, slog.Any("error", io.ErrUnexpectedEOF), slog.Int("response_code", 500))
			}
		})
	}
}
