package logging_test

import (
	"testing"

	"log/slog"

	"github.com/sligo-go/sligo/logging/internal/canary"
)

func TestCanaries(t *testing.T) {
	ways := []struct {
		name string
		via  func(h slog.Handler) slog.Handler
	}{
		{"call", func(h slog.Handler) slog.Handler { return h }},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			for _, c := range canary.Cases() {
				t.Run(c.ID, func(t *testing.T) {
					h, buf := newHandler(t, nil)
					c.Log(slog.New(way.via(h)))
					c.Check(t, buf.Bytes())
				})
			}
		})
	}
}
