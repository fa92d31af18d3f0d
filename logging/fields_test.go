package logging_test

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging"
)

var schemaOrder = []string{"user_id", "request_id", "trace_id", "span_id", "response_code", "execution_time_ms", "error_message", "stack_trace"}

// A model is a line as a set of members. The handler's line, which is one block
// of bytes, must equal it.
type model struct {
	fields map[string]string // in JSON
	given  map[string]bool   // by the context, so attributes cannot change it
	info   []string
}

func (m *model) set(a slog.Attr) {
	value := a.Value.String()
	if a.Value.Kind() == slog.KindString {
		value = `"` + value + `"`
	}
	if !m.given[a.Key] {
		m.fields[a.Key] = value
		return
	}
	if m.fields[a.Key] != value {
		name := `"` + a.Key + `":`
		m.info = slices.DeleteFunc(m.info, func(s string) bool { return strings.HasPrefix(s, name) })
		m.info = append(m.info, name+value)
	}
}

func (m *model) line() string {
	members := []string{`{"level":"WARN","application":"my-app","message":"m"`}
	for _, key := range schemaOrder {
		if v, ok := m.fields[key]; ok {
			members = append(members, `"`+key+`":`+v)
		}
	}
	if len(m.info) > 0 {
		members = append(members, `"additional_info":{`+strings.Join(m.info, ",")+"}")
	}
	return strings.Join(members, ",") + "}\n"
}

// someFields returns fields in random order and of random length, some of them
// twice.
func someFields(rng *rand.Rand) []slog.Attr {
	attrs := make([]slog.Attr, rng.IntN(12))
	for i := range attrs {
		key := schemaOrder[rng.IntN(len(schemaOrder))]
		attrs[i] = slog.String(key, strings.Repeat("x", rng.IntN(5)))
		if key == "response_code" || key == "execution_time_ms" {
			attrs[i] = slog.Int(key, 1<<rng.IntN(20))
		}
	}
	return attrs
}

func TestFieldsInAnyOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var buf bytes.Buffer
	root := slog.Handler(mustNew(t, &buf, nil))
	for range 5000 {
		m := model{fields: map[string]string{}, given: map[string]bool{}}
		h := root
		for range rng.IntN(3) {
			attrs := someFields(rng)
			parent := h
			h = parent.WithAttrs(attrs)
			parent.WithAttrs(someFields(rng)) // a sibling, which must not write into h
			for _, a := range attrs {
				m.set(a)
			}
		}
		ctx := context.Background()
		if rng.IntN(2) == 0 {
			ctx = logging.WithRequest(ctx, "xx")
			logging.SetUser(ctx, "xxx")
			m.set(slog.String("request_id", "xx"))
			m.set(slog.String("user_id", "xxx"))
			m.given["request_id"], m.given["user_id"] = true, true
		}
		r := slog.Record{Level: slog.LevelWarn, Message: "m"}
		for _, a := range someFields(rng) {
			r.AddAttrs(a)
			m.set(a)
		}
		buf.Reset()
		if err := h.Handle(ctx, r); err != nil {
			t.Fatal(err)
		}
		if got, want := buf.String(), m.line(); got != want {
			t.Fatalf("got  %swant %s", got, want)
		}
	}
}
