package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging/internal/canary"
	"github.com/sligo-go/sligo/logging/redact"
)

func TestHandlerCanaries(t *testing.T) {
	for _, c := range canary.Cases() {
		t.Run(c.ID, func(t *testing.T) {
			var buf bytes.Buffer
			c.Log(slog.New(redact.Default().NewHandler(slog.NewJSONHandler(&buf, nil))))
			line := buf.String()
			if !json.Valid(buf.Bytes()) {
				t.Fatalf("invalid JSON: %s", line)
			}
			for _, s := range c.Secrets {
				if c.Kind != "must" {
					continue
				}
				quoted, _ := json.Marshal(s)
				for _, form := range []string{s, strings.Trim(string(quoted), `"`), base64.StdEncoding.EncodeToString([]byte(s))[:len(s)/3*4]} {
					if strings.Contains(line, form) {
						t.Errorf("%s: shows %q: %.300s", c.Desc, form, line)
					}
				}
			}
			for _, k := range c.Keep {
				if c.Kind == "keep" && !strings.Contains(line, k) {
					t.Errorf("%s: want %q in %s", c.Desc, k, line)
				}
			}
		})
	}
}
