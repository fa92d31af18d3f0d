package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging"
)

// FuzzHandler compares the values of a line with the values that slog's own
// handler writes for the same record, and checks the members of each line.
func FuzzHandler(f *testing.F) {
	f.Add("message", "key", "value", "group", int64(1), 0.5, true, int64(0), 0)
	f.Add("a\xff\n", "k\"", "\u2028\x00", "g.h", int64(math.MinInt64), 1e300, false, int64(1731760496789), 4)
	f.Add("", "", "", "", int64(0), math.Copysign(0, -1), false, int64(-1), -8)
	f.Fuzz(func(t *testing.T, message, key, value, group string, i int64, fl float64, b bool, ms int64, level int) {
		r := slog.NewRecord(time.UnixMilli(ms).UTC(), slog.Level(level), message, 0)
		r.AddAttrs(slog.String(key, value), slog.Group(group, slog.Int64("i", i), slog.String(key+"x", value)), slog.Float64("f", fl),
			slog.Bool("b", b), slog.Any("list", []any{value, i, nil}))
		h, got := newHandler(t, &logging.Options{NoStackTrace: true})
		if err := h.WithAttrs([]slog.Attr{slog.String("bound", value)}).Handle(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		line := got.String()
		if err := conforms(line); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if strings.Count(line, "\n") != 1 {
			t.Fatalf("%q is not one line", line)
		}
		var want bytes.Buffer
		if err := slog.NewJSONHandler(&want, &slog.HandlerOptions{Level: slog.Level(math.MinInt)}).WithAttrs([]slog.Attr{slog.String("bound", value)}).Handle(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		switch {
		case reserved(key), reserved(group), key == group,
			strings.Contains(line, "REDACTED"), strings.Contains(line, "[cut]"),
			math.IsNaN(fl), math.IsInf(fl, 0), !json.Valid(want.Bytes()):
			return // the two handlers differ on purpose
		}
		ours, theirs := standard(t, got.Bytes()), standard(t, want.Bytes())
		for _, m := range []map[string]any{ours, theirs} {
			for _, k := range []string{"time", "level", "application"} {
				delete(m, k)
			}
		}
		if diff := cmp.Diff(theirs, ours); diff != "" {
			t.Errorf("%s\nours   %stheirs %s", diff, line, &want)
		}
	})
}

// reserved reports whether the schema or the comparison gives a name a meaning,
// or whether the record uses it.
func reserved(name string) bool {
	switch name {
	case "", "time", "level", "msg", "message", "timestamp", "application", "additional_info", "user_id", "request_id", "trace_id", "span_id",
		"response_code", "execution_time_ms", "error_message", "stack_trace", "f", "b", "list", "bound", "i", "ix":
		return true
	}
	return false
}
