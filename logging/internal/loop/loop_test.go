package loop_test

import (
	"errors"
	"io"
	"log/slog"
	"testing"

	"github.com/sligo-go/sligo/logging/internal/loop"
	"github.com/sligo-go/sligo/redact"
)

// initial is the default handler before any test sets another one.
var initial = slog.Default().Handler()

type wrapper struct{ slog.Handler }

type list struct{ handlers [1]any }

type ring struct {
	slog.Handler
	next *ring
}

func TestCheck(t *testing.T) {
	text := slog.NewTextHandler(io.Discard, nil)
	around := &ring{Handler: text}
	around.next = around
	for name, tt := range map[string]struct {
		h    slog.Handler
		want error
	}{
		"nil":                  {nil, nil},
		"text":                 {text, nil},
		"discard":              {slog.DiscardHandler, nil},
		"a wrapper":            {wrapper{text}, nil},
		"a ring":               {around, nil},
		"initial":              {initial, loop.ErrDefault},
		"initial with a group": {initial.WithGroup("g"), loop.ErrDefault},
		"wrapped":              {wrapper{initial}, loop.ErrDefault},
		"wrapped by a pointer": {&wrapper{&wrapper{initial}}, loop.ErrDefault},
		"in a list": {struct {
			list
			slog.Handler
		}{list{[1]any{initial}}, text}, loop.ErrDefault},
		"redacted": {redact.Default().NewHandler(initial), loop.ErrDefault},
	} {
		if got := loop.Check(tt.h); !errors.Is(got, tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}
