package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
)

// compileSchema returns a function that validates a line against a schema, the
// formats of its texts included.
func compileSchema(t testing.TB, s logging.Schema) func(line []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(s.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return func(line []byte) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			return err
		}
		return schema.Validate(v)
	}
}

var schemas = []logging.Schema{logging.SchemaDefault, logging.SchemaECS, logging.SchemaOTel}

// written returns the line of one call, with the identity of a request in the
// context that the call gets.
func written(t testing.TB, s logging.Schema, log func(ctx context.Context, l *slog.Logger)) []byte {
	t.Helper()
	var out bytes.Buffer
	h, err := logging.New("my-app", &out, &logging.Options{
		Level:  slog.Level(math.MinInt),
		Schema: s,
		Trace:  func(context.Context) ([16]byte, [8]byte, bool) { return [16]byte{1}, [8]byte{2}, true },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := logging.WithRequest(context.Background(), "abc-123")
	logging.SetUser(ctx, "12345")
	log(logging.With(ctx, slog.String("team", "orders")), slog.New(h))
	return out.Bytes()
}

// calls produce every kind of line: each field, both places that set it, and
// values that do not fit it.
var calls = map[string]func(ctx context.Context, l *slog.Logger){
	"no attributes": func(_ context.Context, l *slog.Logger) { l.Info("m") },
	"empty message": func(_ context.Context, l *slog.Logger) { l.Info("") },
	"every field": func(_ context.Context, l *slog.Logger) {
		l.Info("Request processed successfully", field.UserID("12345"), field.RequestID("abc-123"), field.TraceID("4bf9"),
			field.SpanID("00f0"), field.ResponseCode(200), field.ExecutionTime(150*time.Millisecond),
			field.Error(io.EOF), field.StackTrace("at main.main(main.go:1)"), field.Endpoint("/api/v1/login"), field.Method("POST"))
	},
	"identity of the context": func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m", field.UserID("forged")) },
	"stack of the call": func(ctx context.Context, l *slog.Logger) {
		l.ErrorContext(ctx, "m", "err", fmt.Errorf("wrapped: %w", io.ErrUnexpectedEOF))
	},
	"joined errors": func(_ context.Context, l *slog.Logger) { l.Error("m", "error", errors.Join(io.EOF, io.ErrNoProgress)) },
	"open groups": func(ctx context.Context, l *slog.Logger) {
		l.WithGroup("http").With("a", 1).WithGroup("request").InfoContext(ctx, "m", "b", 2, "response_code", 404)
	},
	"bound fields": func(_ context.Context, l *slog.Logger) { l.With(field.ResponseCode(404), "a", 1).Info("m", "a", 2) },
	"names of the handler's fields": func(_ context.Context, l *slog.Logger) {
		l.Info("m", "level", 1, "message", 2, "timestamp", 3, "application", 4, "additional_info", 5)
	},
	"fields of another type": func(_ context.Context, l *slog.Logger) {
		l.Info("m", "response_code", "OK", "execution_time_ms", math.NaN(), "user_id", []int{1}, "stack_trace", 7, "error_message", 8)
	},
	"numbers as IDs": func(_ context.Context, l *slog.Logger) {
		l.Info("m", "user_id", 12345, "request_id", uint64(math.MaxUint64))
	},
	"a fraction of a ms": func(_ context.Context, l *slog.Logger) { l.Info("m", field.ExecutionTime(-time.Nanosecond)) },
	"a long ID":          func(_ context.Context, l *slog.Logger) { l.Info("m", field.RequestID(strings.Repeat("é", 200))) },
	"levels between":     func(ctx context.Context, l *slog.Logger) { l.Log(ctx, slog.LevelInfo+2, "m") },
	"levels beyond":      func(ctx context.Context, l *slog.Logger) { l.Log(ctx, math.MinInt, "m") },
	"a mobile client": func(_ context.Context, l *slog.Logger) {
		l.Info("m", field.Mobile(field.Client{Device: "SM-S928N", AppVersion: "4.12.0 (4120)"}))
	},
	"no time": func(ctx context.Context, l *slog.Logger) {
		_ = l.Handler().Handle(ctx, slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0))
	},
	"a year beyond RFC 3339": func(ctx context.Context, l *slog.Logger) {
		_ = l.Handler().Handle(ctx, slog.NewRecord(time.Date(123456, 1, 1, 0, 0, 0, 0, time.UTC), slog.LevelInfo, "m", 0))
	},
}

func TestLinesMeetTheSchema(t *testing.T) {
	for _, schema := range schemas {
		check := compileSchema(t, schema)
		for name, call := range calls {
			if line := written(t, schema, call); check(line) != nil {
				t.Errorf("%s: %v in %s", name, check(line), line)
			}
		}
		for _, c := range canary.Cases() {
			line := written(t, schema, func(_ context.Context, l *slog.Logger) { c.Log(l) })
			if err := check(line); err != nil {
				t.Errorf("canary %s: %v in %s", c.ID, err, line)
			}
		}
	}
}

func TestSchemaRefusesBrokenLines(t *testing.T) {
	check := compileSchema(t, logging.SchemaDefault)
	const good = `{"timestamp":"2024-11-16T12:34:56.789Z","level":"INFO","application":"a","message":"m"}`
	if err := check([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`{"level":"INFO+2","application":"a","message":"m"}`,
		`{"level":"INFO","message":"m"}`,
		`{"level":"INFO","application":"","message":"m"}`,
		`{"level":"INFO","application":"a"}`,
		`{"timestamp":"2024-11-16T12:34:56Z","level":"INFO","application":"a","message":"m"}`,
		`{"timestamp":"2024-11-16T12:34:56.789+09:00","level":"INFO","application":"a","message":"m"}`,
		`{"timestamp":"2024-13-16T12:34:56.789Z","level":"INFO","application":"a","message":"m"}`,
		`{"level":"INFO","application":"a","message":"m","response_code":"200"}`,
		`{"level":"INFO","application":"a","message":"m","response_code":200.5}`,
		`{"level":"INFO","application":"a","message":"m","user_id":12345}`,
		`{"level":"INFO","application":"a","message":"m","endpoint":"/"}`,
		`{"level":"INFO","application":"a","message":"m","additional_info":{}}`,
	} {
		if check([]byte(line)) == nil {
			t.Errorf("the schema accepts %s", line)
		}
	}
}

func TestOtherSchemasRefuseBrokenLines(t *testing.T) {
	const (
		ecs  = `{"log.level":"INFO","message":"m","ecs.version":"8.11.0","service.name":"a"`
		otel = `{"SeverityText":"INFO","SeverityNumber":9,"Body":"m","Resource":{"service.name":"a"}`
	)
	for schema, lines := range map[logging.Schema][]string{
		logging.SchemaECS: {ecs + `}`, `{}`, ecs + `,"level":"INFO"}`, ecs + `,"event.duration":0.5}`, ecs + `,"labels":{}}`,
			ecs + `,"labels":{"a.b":1}}`, ecs + `,"labels":{"a":{}}}`, ecs + `,"labels":{"a":[[{}]]}}`, ecs + `,"@timestamp":"1"}`},
		logging.SchemaOTel: {otel + `}`, `{}`, otel + `,"level":"INFO"}`, otel + `,"Attributes":{}}`, otel + `,"Timestamp":1}`,
			otel + `,"Timestamp":"01"}`, `{"SeverityText":"INFO","SeverityNumber":25,"Body":"m","Resource":{"service.name":"a"}}`},
	} {
		check := compileSchema(t, schema)
		for i, line := range lines {
			if err := check([]byte(line)); (err == nil) != (i == 0) {
				t.Errorf("%v for %s", err, line)
			}
		}
	}
}

// FuzzLineMeetsTheSchema checks lines with arbitrary attributes against the
// schema.
func FuzzLineMeetsTheSchema(f *testing.F) {
	f.Add("message", "key", "value", "group", int64(1), 0.5, int64(0), 0)
	f.Add("a\xff\n", "user_id", "\u2028\x00", "g.h", int64(math.MinInt64), 1e300, int64(1731760496789), 4)
	f.Add("", "", "", "", int64(0), math.Copysign(0, -1), int64(-1), -8)
	checks := map[logging.Schema]func([]byte) error{}
	for _, schema := range schemas {
		checks[schema] = compileSchema(f, schema)
	}
	f.Fuzz(func(t *testing.T, message, key, value, group string, i int64, fl float64, ms int64, level int) {
		log := func(ctx context.Context, l *slog.Logger) {
			r := slog.NewRecord(time.UnixMilli(ms), slog.Level(level), message, 0)
			r.AddAttrs(slog.String(key, value), slog.Int64(key, i), slog.Float64(key, fl), slog.Any(key, []any{value, i, nil}),
				slog.Group(group, slog.Int64("i", i), slog.String(key, value)))
			_ = l.With(key, fl).Handler().Handle(ctx, r)
		}
		for schema, check := range checks {
			line := written(t, schema, log)
			if err := check(line); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
		}
	})
}
