package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
)

// maxPath is the length of an object's name beyond which it is a text.
const maxPath = 256

// documented returns the lines of docs/logs.md that begin with a text.
func documented(t testing.TB, start string) string {
	t.Helper()
	text, err := os.ReadFile("../docs/logs.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "    "+start)
	if !ok {
		t.Fatalf("docs/logs.md has no line that begins with %s", start)
	}
	line, _, _ := strings.Cut(start+rest, "\n\n")
	return strings.ReplaceAll(line, "\n     ", "") + "\n"
}

func TestSchemaExamples(t *testing.T) {
	for schema, start := range map[logging.Schema]string{
		logging.SchemaDefault: `{"timestamp"`, logging.SchemaECS: `{"@timestamp"`, logging.SchemaOTel: `{"Timestamp"`,
	} {
		h, buf := newHandler(t, &logging.Options{Schema: schema})
		r := slog.NewRecord(time.Date(2024, 11, 16, 12, 34, 56, 789e6, time.UTC), slog.LevelInfo, "Request processed successfully", 0)
		r.AddAttrs(field.UserID("12345"), field.RequestID("abc-123"), field.ResponseCode(200),
			field.ExecutionTime(150*time.Millisecond), field.Endpoint("/api/v1/login"), field.Method("POST"))
		if err := h.Handle(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		if got, want := buf.String(), documented(t, start); got != want {
			t.Errorf("got  %swant %s", got, want)
		}
	}
}

// TestSchemas compares the lines of all schemas with the default's by the table
// of docs/logs.md.
func TestSchemas(t *testing.T) {
	rows := places(t)
	if len(rows) != 12 {
		t.Fatalf("the table has %d rows, want 12: %v", len(rows), rows)
	}
	for _, tt := range lines {
		t.Run(tt.name, func(t *testing.T) {
			logInAll(t, rows, func(h slog.Handler) { tt.log(requestContext(), slog.New(h)) })
		})
	}
	for _, c := range canary.Cases() {
		t.Run(c.ID, func(t *testing.T) { logInAll(t, rows, func(h slog.Handler) { c.Log(slog.New(h)) }) })
	}
	values := []any{
		nil, "", `"{[\`, 1, -0.5, true, []int{}, []string{"{", "a\\"}, [][]int{{1}, {}}, []any{1, []any{"x"}, nil},
		map[string]any{}, map[string]any{"a": 1}, map[string]any{"a": map[string]any{"b": []int{1}}, "c": "d"},
		[]any{map[string]any{"a": "\n\"\\"}}, []any{1, []any{map[string]any{}}}, struct{ A, B int }{1, 2},
		json.RawMessage(` { "a" : [ 1 , { "b" : null } ] , "c" : { } } `), slog.GroupValue(slog.Int("x.y", 1)),
		context.DeadlineExceeded, time.Second, []byte{1, 2}, math.Inf(1),
	}
	for i, v := range values {
		t.Run(fmt.Sprint("value ", i), func(t *testing.T) {
			logInAll(t, rows, func(h slog.Handler) {
				slog.New(h).Info("m", "v", v, `b\"*.`, v, slog.Group("g", "h.i", v, "", v))
			})
		})
	}
}

func TestSchemasOfRandomFields(t *testing.T) {
	rows, rng := places(t), rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		bound, called := someFields(rng), append(someFields(rng), slog.Int("k", rng.IntN(9)))
		rng.Shuffle(len(called), func(i, j int) { called[i], called[j] = called[j], called[i] })
		group := rng.IntN(3) == 0
		logInAll(t, rows, func(h slog.Handler) {
			if h = h.WithAttrs(bound); group {
				h = h.WithGroup("g")
			}
			slog.New(h).LogAttrs(requestContext(), slog.LevelWarn, "m", called...)
		})
	}
}

// TestSchemaNames logs attributes whose names another schema gives to two
// members.
func TestSchemaNames(t *testing.T) {
	tests := []struct {
		schema logging.Schema
		attrs  []any
		want   string // the end of the line
	}{
		{logging.SchemaECS, []any{"a.b", 1, "a_b", 2, slog.Group("a", "b", 3)}, `"labels":{"a_b":1,"a_b-2":2,"a_b-3":3}}`},
		{logging.SchemaECS, []any{"a_b", 1, "a_b-2", 2, "a*b", 3}, `"labels":{"a_b":1,"a_b-2":2,"a_b-3":3}}`},
		{logging.SchemaECS, []any{"user.id", 1, "labels", 2, "message", 3}, `"labels":{"user_id":1,"labels":2,"message":3}}`},
		{logging.SchemaECS, []any{"user_id", "u", "user.id", 1}, `"user.id":"u","labels":{"user_id":1}}`},
		{logging.SchemaECS, []any{`a\b`, 1, `a\\b`, 2, "a\tb", 3, `a"b`, 4}, `"labels":{"a_b":1,"a__b":2,"a\tb":3,"a\"b":4}}`},
		{logging.SchemaOTel, []any{"user_id", "u", "user.id", 1}, `"Attributes":{"user.id":"u","user.id-2":1}}`},
		{logging.SchemaOTel, []any{"user.id", 1}, `"Attributes":{"user.id":1}}`},
		{logging.SchemaOTel, []any{"user.id", 1, "user_id", "u", "user.id-2", 2}, `"Attributes":{"user.id":"u","user.id-2":1,"user.id-2-2":2}}`},
		{logging.SchemaOTel, []any{"trace_id", "t", "TraceId", 1}, `"TraceId":"t","Attributes":{"TraceId":1}}`},
		{logging.SchemaOTel, []any{"http.response.status_code", 404}, `"Attributes":{"http.response.status_code":404}}`},
		{logging.SchemaOTel, []any{slog.Group("user", "id", 1), "user_id", "u"}, `"Attributes":{"user.id":"u","user":{"id":1}}}`},
		{logging.SchemaOTel, []any{"err", context.Canceled, "exception.message", "x"}, `"Attributes":{"exception.message":"context canceled","exception.message-2":"x"}}`},
		{logging.SchemaOTel, nil, `"Resource":{"service.name":"my-app"}}`},
	}
	for _, tt := range tests {
		h, buf := newHandler(t, &logging.Options{Schema: tt.schema})
		slog.New(h).Info("a longer line before", "user_id", "x", "k", strings.Repeat("x", 300))
		buf.Reset()
		slog.New(h).Info("m", tt.attrs...)
		decoded(t, buf.String())
		if line := strings.TrimSpace(buf.String()); !strings.HasSuffix(line, tt.want) {
			t.Errorf("%v: got %s, want %s at the end", tt.attrs, line, tt.want)
		}
	}
}

func TestSchemaDurations(t *testing.T) {
	for d, want := range map[any]string{
		150 * time.Millisecond: "150000000", time.Nanosecond: "1", time.Duration(0): "0", time.Duration(math.MinInt64): "-9223372036854775808",
		0.0000019: "1", -0.25: "-250000", 1e300: "9223372036854775807", int64(math.MaxInt64): "9223372036854775807",
		int64(math.MinInt64): "-9223372036854775808", uint64(math.MaxUint64): "9223372036854775807",
	} {
		for _, schema := range []logging.Schema{logging.SchemaECS, logging.SchemaOTel} {
			h, buf := newHandler(t, &logging.Options{Schema: schema})
			slog.New(h).Info("m", "execution_time_ms", d)
			if !strings.Contains(buf.String(), `"event.duration":`+want+"}") {
				t.Errorf("%v: got %s, want event.duration %s", d, buf, want)
			}
		}
	}
}

func TestSeverity(t *testing.T) {
	for level, want := range map[slog.Level]string{
		slog.LevelDebug: `"DEBUG","SeverityNumber":5`, slog.LevelInfo: `"INFO","SeverityNumber":9`, slog.LevelInfo + 1: `"INFO","SeverityNumber":10`,
		slog.LevelWarn: `"WARN","SeverityNumber":13`, slog.LevelError: `"ERROR","SeverityNumber":17`, slog.LevelError + 4: `"ERROR","SeverityNumber":21`,
		math.MinInt: `"DEBUG","SeverityNumber":1`, math.MaxInt: `"ERROR","SeverityNumber":24`,
	} {
		h, buf := newHandler(t, &logging.Options{Schema: logging.SchemaOTel, Level: slog.Level(math.MinInt)})
		slog.New(h).Log(context.Background(), level, "m")
		if !strings.Contains(buf.String(), want+",") {
			t.Errorf("%d: got %s, want %s", level, buf, want)
		}
	}
}

func TestSchemaTimes(t *testing.T) {
	for _, tt := range []struct {
		at        time.Time
		ecs, otel string
	}{
		{time.Unix(0, 1), `{"@timestamp":"1970-01-01T00:00:00.000Z",`, `{"Timestamp":"1",`},
		{time.Unix(-1, 0), `{"@timestamp":"1969-12-31T23:59:59.000Z",`, `{"Timestamp":"0",`},
		{time.Unix(1<<40, 0), `{"@timestamp":"0000-01-01T00:00:00.000Z",`, `{"Timestamp":"0",`},
		{time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC), `{"@timestamp":"2500-01-01T00:00:00.000Z",`, `{"Timestamp":"0",`},
		{time.Time{}, `{"log.level"`, `{"SeverityText"`},
	} {
		for schema, want := range map[logging.Schema]string{logging.SchemaECS: tt.ecs, logging.SchemaOTel: tt.otel} {
			h, buf := newHandler(t, &logging.Options{Schema: schema})
			if err := h.Handle(context.Background(), slog.NewRecord(tt.at, 0, "m", 0)); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(buf.String(), want) {
				t.Errorf("%v: got %s, want %s", tt.at, buf, want)
			}
		}
	}
}

// TestManyEqualNames has many names that all become equal.
func TestManyEqualNames(t *testing.T) {
	members := map[string]int{}
	for i := range 1 << 13 {
		name := fmt.Appendf(nil, "%013b", i)
		members[string(bytes.Map(func(r rune) rune { return rune(".*"[r-'0']) }, name))] = i
	}
	h, buf := newHandler(t, &logging.Options{Schema: logging.SchemaECS})
	slog.New(h).Info("m", "k", members) // learns the names
	buf.Reset()
	slog.New(h).Info("m", "k", members)
	if got := decoded(t, buf.String())["labels"].(map[string]any); len(got) != len(members) {
		t.Errorf("%d of %d members are on the line", len(got), len(members))
	}
}

// TestLongNamesOfObjects bounds the length of a line whose object has a long
// name and many members.
func TestLongNamesOfObjects(t *testing.T) {
	members := map[string]any{}
	for i := range 5000 {
		members[fmt.Sprint(i)] = i
	}
	for _, length := range []int{1, 256, 257, 100_000} {
		h, buf := newHandler(t, &logging.Options{Schema: logging.SchemaECS})
		slog.New(h).Info("m", "k", map[string]any{strings.Repeat("x", max(length-len("k_"), 1)): members})
		if most := len(members)*(maxPath+20) + 2*length; buf.Len() > most {
			t.Errorf("name of %d bytes: the line has %d bytes, want at most %d", length, buf.Len(), most)
		}
		if labels := decoded(t, buf.String())["labels"].(map[string]any); (len(labels) == 1) != (length > maxPath) {
			t.Errorf("name of %d bytes: %d labels", length, len(labels))
		}
	}
}

func TestInvalidSchema(t *testing.T) {
	for _, s := range []logging.Schema{-1, 3} {
		_, err := logging.New("my-app", &bytes.Buffer{}, &logging.Options{Schema: s})
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("Schema: invalid schema %d", s)) {
			t.Errorf("schema %d: got %v", s, err)
		}
		if s.JSONSchema() != "" {
			t.Errorf("schema %d has a JSON Schema", s)
		}
	}
	schemas := []string{logging.SchemaDefault.JSONSchema(), logging.SchemaECS.JSONSchema(), logging.SchemaOTel.JSONSchema()}
	if slices.Sort(schemas); len(slices.Compact(schemas)) != 3 || schemas[0] == "" {
		t.Error("two schemas have the same JSON Schema")
	}
}
