package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
)

var update = flag.Bool("update", false, "write the golden files")

// newHandler returns a handler that writes to the buffer.
func newHandler(t testing.TB, opts *logging.Options) (*logging.Handler, *bytes.Buffer) {
	t.Helper()
	var buf bytes.Buffer
	h, err := logging.New("my-app", &buf, opts)
	if err != nil {
		t.Fatal(err)
	}
	return h, &buf
}

// standard maps a line to the form that testing/slogtest expects: with slog's
// names, and with the members of additional_info at the top.
func standard(t testing.TB, line []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	for from, to := range map[string]string{"timestamp": slog.TimeKey, "message": slog.MessageKey} {
		if v, ok := m[from]; ok {
			m[to] = v
			delete(m, from)
		}
	}
	if info, ok := m["additional_info"].(map[string]any); ok {
		for k, v := range info {
			m[k] = v
		}
		delete(m, "additional_info")
	}
	return m
}

// conforms returns an error unless a line has the members of the contract, each
// of its type, and no others. The e2e module validates lines against Schema.
func conforms(line string) error {
	var l struct {
		Timestamp, Level, Application, Message *string
		UserID                                 *string        `json:"user_id"`
		RequestID                              *string        `json:"request_id"`
		TraceID                                *string        `json:"trace_id"`
		SpanID                                 *string        `json:"span_id"`
		ResponseCode                           *float64       `json:"response_code"`
		ExecutionTime                          *float64       `json:"execution_time_ms"`
		Error                                  *string        `json:"error_message"`
		StackTrace                             *string        `json:"stack_trace"`
		Info                                   map[string]any `json:"additional_info"`
	}
	d := json.NewDecoder(strings.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return err
	}
	if l.Level == nil || l.Application == nil || l.Message == nil {
		return errors.New("a required member is missing")
	}
	return nil
}

// TestSlogtest runs the standard library's tests of handlers on every path
// that a line can take.
func TestSlogtest(t *testing.T) {
	routes := map[string]func(t *testing.T, out *bytes.Buffer) slog.Handler{
		"writer": func(t *testing.T, out *bytes.Buffer) slog.Handler { return mustNew(t, out, nil) },
		"second sink": func(t *testing.T, out *bytes.Buffer) slog.Handler {
			return mustNew(t, io.Discard, &logging.Options{Sinks: []logging.Sink{{Name: "second", Writer: out}}})
		},
		"observed": func(t *testing.T, out *bytes.Buffer) slog.Handler {
			return mustNew(t, out, &logging.Options{
				Observers: []logging.Observer{observer(func(l *logging.Line) { l.Value("a"); panic("observer") })},
				Exclude:   []logging.Exclusion{{Name: "never", Match: logging.Match{Messages: []string{"never"}}}},
			})
		},
		"buffer": func(t *testing.T, out *bytes.Buffer) slog.Handler {
			return mustNew(t, flushed{delivery.NewBuffer(out, nil)}, nil)
		},
		"next handler": func(t *testing.T, out *bytes.Buffer) slog.Handler {
			return mustNew(t, nil, &logging.Options{Next: slog.NewJSONHandler(out, nil)})
		},
	}
	for name, route := range routes {
		t.Run(name, func(t *testing.T) {
			var out *bytes.Buffer
			slogtest.Run(t, func(t *testing.T) slog.Handler {
				out = new(bytes.Buffer)
				return route(t, out)
			}, func(t *testing.T) map[string]any { return standard(t, out.Bytes()) })
		})
	}
}

// A flushed buffer waits until each line is written.
type flushed struct{ *delivery.Buffer }

func (f flushed) WriteLine(level slog.Level, line []byte) error {
	return errors.Join(f.Buffer.WriteLine(level, line), f.Flush(context.Background()))
}

type observer func(l *logging.Line)

func (f observer) Observe(l *logging.Line) { f(l) }

func TestSiblingsDoNotShare(t *testing.T) {
	h, buf := newHandler(t, nil)
	base := slog.New(h).With("a", 1).WithGroup("g").With("b", 2)
	one, two := base.With("c", 1), base.With("d", 2)
	three := base.WithGroup("h")
	one.Info("m")
	two.Info("m")
	three.Info("m", "e", 3)
	base.Info("m", "f", 4)
	got := infos(t, buf)
	want := []string{`{"a":1,"g":{"b":2,"c":1}}`, `{"a":1,"g":{"b":2,"d":2}}`, `{"a":1,"g":{"b":2,"h":{"e":3}}}`, `{"a":1,"g":{"b":2,"f":4}}`}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d: got %s, want %s", i, got[i], want[i])
		}
	}
}

// infos returns the additional_info of each line.
func infos(t *testing.T, buf *bytes.Buffer) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(buf.String()) {
		var l struct {
			Info json.RawMessage `json:"additional_info"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		out = append(out, string(l.Info))
	}
	return out
}

func TestCallersSliceIsNotKept(t *testing.T) {
	h, buf := newHandler(t, nil)
	attrs := []slog.Attr{slog.String("a", "before")}
	bound := h.WithAttrs(attrs)
	ctx := logging.With(context.Background(), attrs...)
	attrs[0] = slog.String("a", "after")
	_ = bound.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelInfo, "m", 0))
	slog.New(h).InfoContext(ctx, "m")
	if got := buf.String(); strings.Contains(got, "after") {
		t.Errorf("got %s", got)
	}
}
