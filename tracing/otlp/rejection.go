package otlp

import (
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// rejection returns the error for a response that reports a number of rejected
// spans and a message. Without rejected spans the message is a warning. It
// returns nil if there is neither.
func rejection(rejected int64, message string) error {
	message = post.Excerpt(message)
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
