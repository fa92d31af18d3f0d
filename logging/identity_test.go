package logging_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging"
)

func TestTrace(t *testing.T) {
	calls := 0
	h, buf := newHandler(t, &logging.Options{
		Next: slog.NewTextHandler(discard{}, nil),
		Trace: func(ctx context.Context) ([16]byte, [8]byte, bool) {
			calls++
			return [16]byte{1, 0xab}, [8]byte{2}, ctx.Value(t) != nil
		},
	})
	l := slog.New(h)
	l.InfoContext(context.WithValue(context.Background(), t, 1), "m", "trace_id", "forged")
	l.Info("m")
	const want = `"trace_id":"01ab0000000000000000000000000000","span_id":"0200000000000000","additional_info":{"trace_id":"forged"}`
	if got := buf.String(); strings.Count(got, want) != 1 || strings.Count(got, "trace_id") != 2 {
		t.Errorf("got %s, want one line with %s", got, want)
	}
	if calls != 2 {
		t.Errorf("Trace was called %d times for 2 lines", calls)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func TestTraceThatPanics(t *testing.T) {
	h, buf := newHandler(t, &logging.Options{Trace: func(context.Context) ([16]byte, [8]byte, bool) { panic("hook") }})
	slog.New(h).Info("m")
	if got := buf.String(); !strings.HasSuffix(got, `"message":"m"}`+"\n") {
		t.Errorf("got %q, want a line without a trace", got)
	}
}

// TestUserIDIsText checks that user_id is redacted as text, however it is set,
// and that request_id with the same digits is not.
func TestUserIDIsText(t *testing.T) {
	const digits = "4111111111111111" // the number of a test card
	ctx := logging.WithRequest(context.Background(), digits)
	logging.SetUser(ctx, digits)
	h, buf := newHandler(t, nil)
	slog.New(h).InfoContext(ctx, "m")
	slog.New(h).Info("m", "user_id", digits, "request_id", digits)
	for line := range strings.Lines(buf.String()) {
		if strings.Contains(line, `"user_id":"`+digits) || !strings.Contains(line, `"request_id":"`+digits+`"`) {
			t.Errorf("got %s want the user redacted and the request as it is", line)
		}
	}
}
