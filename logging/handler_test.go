package logging_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
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

func TestSlogtest(t *testing.T) {
	var buf *bytes.Buffer
	slogtest.Run(t, func(t *testing.T) slog.Handler {
		var h *logging.Handler
		h, buf = newHandler(t, nil)
		return h
	}, func(t *testing.T) map[string]any { return standard(t, buf.Bytes()) })
}

func TestLine(t *testing.T) {
	tests := []struct {
		name string
		log  func(l *slog.Logger)
		want string // behind the timestamp
	}{
		{"schema", func(l *slog.Logger) {
			l.Info("Request processed successfully", field.UserID("12345"), field.RequestID("abc-123"), field.ResponseCode(200),
				slog.Int("execution_time_ms", 150), slog.Group("additional_info", "endpoint", "/api/v1/login", "method", "POST"))
		}, `"level":"INFO","application":"my-app","message":"Request processed successfully","user_id":"12345","request_id":"abc-123","response_code":200,"execution_time_ms":150,"additional_info":{"endpoint":"/api/v1/login","method":"POST"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, buf := newHandler(t, &logging.Options{NoStackTrace: true})
			tt.log(slog.New(h))
			_, got, _ := strings.Cut(strings.TrimSuffix(buf.String(), "\n"), `Z",`)
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
