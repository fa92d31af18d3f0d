package redact_test

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/redact"
)

func TestHandlerCanaries(t *testing.T) {
	for _, c := range canary.Cases() {
		t.Run(c.ID, func(t *testing.T) {
			var buf bytes.Buffer
			c.Log(slog.New(redact.Default().NewHandler(canary.NewJSONHandler(&buf))))
			if err := c.Check(buf.Bytes()); err != nil {
				t.Error(err)
			}
		})
	}
}
