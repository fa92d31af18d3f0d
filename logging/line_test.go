package logging_test

import (
	"context"
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
