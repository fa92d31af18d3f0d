package logging_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/sligo-go/sligo/logging"
)

// BenchmarkHandle measures one call of Handle: with its fields in the call, and
// with each kind of code that looks at a line. The module benchmarks compares
// the handler with its peers.
func BenchmarkHandle(b *testing.B) {
	status := observer(func(l *logging.Line) { l.Value("response_code") })
	failed := logging.Match{Status: []string{"5xx"}}
	for _, bm := range []struct {
		name  string
		opts  *logging.Options
		group string
	}{
		{"plain", nil, ""},
		{"group", nil, "g"},
		{"observed", &logging.Options{Observers: []logging.Observer{status, status}}, ""},
		{"matched", &logging.Options{Sinks: []logging.Sink{{Name: "failed", Writer: io.Discard, Match: failed}}}, ""},
		{"excluded", &logging.Options{Exclude: []logging.Exclusion{{Name: "ok", Match: logging.Match{Status: []string{"2xx"}}}}}, ""},
		{"forwarded", &logging.Options{Next: slog.DiscardHandler}, ""},
		{"ecs", &logging.Options{Schema: logging.SchemaECS}, ""},
		{"otel", &logging.Options{Schema: logging.SchemaOTel}, ""},
		{"next", &logging.Options{Next: slog.NewJSONHandler(io.Discard, nil)}, ""},
	} {
		b.Run("case="+bm.name, func(b *testing.B) {
			h := mustNew(b, io.Discard, bm.opts).WithAttrs([]slog.Attr{slog.String("version", "1.4.2")}).WithGroup(bm.group)
			ctx := requestContext()
			r := slog.NewRecord(time.Now(), slog.LevelInfo, "Request processed successfully", 1)
			r.AddAttrs(slog.Int("response_code", 200), slog.Duration("execution_time_ms", 150*time.Millisecond),
				slog.String("endpoint", "/api/v1/login"), slog.String("method", "POST"), slog.Int("bytes", 512), slog.Bool("cached", false))
			b.ReportAllocs()
			for b.Loop() {
				_ = h.Handle(ctx, r)
			}
		})
	}
}

// BenchmarkLineOf measures the match of a record that reached another handler.
func BenchmarkLineOf(b *testing.B) {
	match := logging.Match{Status: []string{"5xx", "!501"}, Routes: []string{"/users/*"}}
	r := slog.NewRecord(time.Now(), slog.LevelInfo, "m", 1)
	r.AddAttrs(slog.String("route", "/users/{userid}"), slog.Int("response_code", 500))
	b.ReportAllocs()
	for b.Loop() {
		match.Matches(logging.LineOf(context.Background(), &r))
	}
}
