package logging_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging"
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

// standard maps a line to what testing/slogtest expects: the names of slog, and
// the members of additional_info at the top.
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
