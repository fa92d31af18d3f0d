package logging_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
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
