package scope

import (
	"context"
	"log/slog"
	"time"
)

// Served has the values of an access log's line that vary, for a call that was
// served without an error.
type Served struct {
	Time    time.Time  // when the request ended
	Level   slog.Level // as in a record
	Message string     // as in a record

	// Duration is the time that the request took.
	Duration time.Duration
	// Sized says that the line shows the sizes.
	Sized bool
	// RequestBytes and ResponseBytes are the sizes of the bodies.
	RequestBytes, ResponseBytes int64
	// Client is the address of the client, also if it is empty.
	Client string
	// UserAgent is empty if the request does not tell it.
	UserAgent string
}

// Keys of the values of Served. The key of the duration is a field of the
// log's schema.
const (
	KeyRequestBytes  = "request_body_bytes"
	KeyResponseBytes = "response_body_bytes"
	KeyClient        = "client_address"
	KeyUserAgent     = "user_agent"
)

// A ServedHandler writes lines from their values.
type ServedHandler interface {
	// HandleServed writes the line that the handler would write for a record with
	// these values as attributes. It reports false if it needs the record.
	HandleServed(ctx context.Context, s Served) bool
}

// A ServedSource is an [slog.Handler] that need not have a record of each line.
type ServedSource interface {
	// Served returns the ServedHandler of a handler, or nil if it needs records.
	// The handler is the source itself, unless the source is a part of it.
	Served(handler slog.Handler) ServedHandler
}
