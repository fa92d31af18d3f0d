package logging_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"

	"github.com/sligo-go/sligo/logging"
)

func TestLineValue(t *testing.T) {
	ctx := logging.With(logging.WithRequest(context.Background(), "abc-123"), slog.Group("k8s", "pod", "a-1"))
	logging.SetUser(ctx, "12345")
	tests := map[string]string{
		"a": "2", "g.b": "bound", "g.h.c": "3", "g.h.i.d": "4", "g.h.x": "7", "request_id": "abc-123", "user_id": "12345", "k8s.pod": "a-1",
		"additional_info.a": "2", "b": "", "c": "", "g": "", "g.h.i.": "", "g.h.i.d.e": "", "endpoint": "/x", "lv": "resolved",
	}
	h := mustNew(t, nil, &logging.Options{Observers: []logging.Observer{observer(func(l *logging.Line) {
		for name, want := range tests {
			v, ok := l.Value(name)
			if ok != (want != "") || ok && v.String() != want {
				t.Errorf("Value(%q) = %v, %v; want %q", name, v, ok, want)
			}
		}
		if l.Context() != ctx || l.Err() != io.EOF { //nolint:errorlint // same value
			t.Errorf("context %v, error %v", l.Context(), l.Err())
		}
	})}})
	slog.New(h).With("a", 1, "a", 2, "err", io.EOF, "lv", lateValue{}, slog.Group("additional_info", "endpoint", "/x")).WithGroup("g").With("b", "bound").WithGroup("h").
		InfoContext(ctx, "m", "c", 3, slog.Group("i", "d", 4), slog.Group("", "x", 7))
}

type lateValue struct{}

func (lateValue) LogValue() slog.Value { return slog.StringValue("resolved") }

// TestLineErr checks where a line's error is found, and in which order.
func TestLineErr(t *testing.T) {
	valuer := loggable{errors.New("valuer")}
	for name, tt := range map[string]struct {
		want string
		log  func(*slog.Logger)
	}{
		"none":                   {"", func(l *slog.Logger) { l.Info("m", "errors", 3, "error", 7, "err", nil) }},
		"empty text":             {"", func(l *slog.Logger) { l.Info("m", "err", "") }},
		"error_message first":    {"EOF", func(l *slog.Logger) { l.Info("m", "err", io.ErrShortWrite, "error_message", io.EOF) }},
		"text":                   {"disk full", func(l *slog.Logger) { l.Info("m", "err", "disk full") }},
		"error before text":      {"EOF", func(l *slog.Logger) { l.Info("m", "error_message", "failed", "err", io.EOF) }},
		"open group":             {"EOF", func(l *slog.Logger) { l.WithGroup("db").Info("m", "err", io.EOF) }},
		"bound in an open group": {"EOF", func(l *slog.Logger) { l.WithGroup("db").With("err", io.EOF).Info("m") }},
		"bound, then a group":    {"EOF", func(l *slog.Logger) { l.With("err", io.EOF).WithGroup("db").Info("m", "n", 1) }},
		"group of the call":      {"EOF", func(l *slog.Logger) { l.Info("m", slog.Group("db", slog.Group("q", "error", io.EOF))) }},
		"text in a group":        {"gone", func(l *slog.Logger) { l.WithGroup("db").Info("m", "error", "gone") }},
		"outside before group":   {"EOF", func(l *slog.Logger) { l.Info("m", slog.Group("db", "err", io.ErrShortWrite), "err", io.EOF) }},
		"call before bound":      {"EOF", func(l *slog.Logger) { l.WithGroup("db").With("err", io.ErrShortWrite).Info("m", "err", io.EOF) }},
		"error with LogValue":    {"valuer", func(l *slog.Logger) { l.Info("m", "err", valuer) }},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			h := mustNew(t, nil, &logging.Options{Observers: []logging.Observer{observer(func(l *logging.Line) {
				if err := l.Err(); err != nil {
					got = err.Error()
				}
			})}})
			tt.log(slog.New(h))
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A loggable error has a log value of its own.
type loggable struct{ error }

func (e loggable) LogValue() slog.Value { return slog.GroupValue(slog.Int("n", 1)) }

func TestLineTraceID(t *testing.T) {
	traced := func(ctx context.Context) (traceID [16]byte, spanID [8]byte, ok bool) {
		return [16]byte{1, 0xab}, [8]byte{2}, ctx.Value(lateValue{}) != nil
	}
	var got []string
	h := mustNew(t, nil, &logging.Options{Trace: traced, Observers: []logging.Observer{observer(func(l *logging.Line) {
		got = append(got, l.TraceID())
	})}})
	l := slog.New(h)
	l.InfoContext(context.WithValue(context.Background(), lateValue{}, 1), "m", "trace_id", "forged")
	l.Info("m", "trace_id", "forged")
	if got[0] != "01ab0000000000000000000000000000" || got[1] != "" {
		t.Errorf("got %q", got)
	}
	if id := logging.LineOf(context.Background(), &slog.Record{}).TraceID(); id != "" {
		t.Errorf("a line without a handler has the trace %q", id)
	}
}
