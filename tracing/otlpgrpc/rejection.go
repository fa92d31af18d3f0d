package otlpgrpc

import (
	"fmt"
	"strings"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"

	"github.com/sligo-go/sligo/tracing"
)

// rejection returns the error for a response that reports a number of rejected
// spans and a message. Without rejected spans the message is a warning. It
// returns nil if there is neither.
func rejection(partial *collectorpb.ExportTracePartialSuccess) error {
	rejected, message := partial.GetRejectedSpans(), excerpt(partial.GetErrorMessage())
	switch {
	case rejected > 0:
		return &tracing.ExportError{
			Err:      fmt.Errorf("the receiver rejected %d spans: %s", rejected, message),
			Rejected: int(min(rejected, 1<<30)),
		}
	case message != "":
		return &tracing.ExportError{Err: fmt.Errorf("the receiver warns: %s", message), Accepted: true}
	}
	return nil
}

// excerpt returns the beginning of a receiver's message, at most 200 bytes of
// valid UTF-8.
func excerpt(message string) string {
	const most = 200
	text := strings.TrimSpace(message)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
