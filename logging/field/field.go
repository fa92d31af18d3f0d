package field

import (
	"log/slog"
	"time"
)

// Keys of the schema that services set. The handler itself sets timestamp, level,
// application and message.
const (
	KeyUserID        = "user_id"
	KeyRequestID     = "request_id"
	KeyTraceID       = "trace_id"
	KeySpanID        = "span_id"
	KeyResponseCode  = "response_code"
	KeyExecutionTime = "execution_time_ms"
	KeyError         = "error_message"
	KeyStackTrace    = "stack_trace"
)

// UserID is the user on whose behalf the service works.
func UserID(id string) slog.Attr { return slog.String(KeyUserID, id) }

// RequestID is unique to the request, across services.
func RequestID(id string) slog.Attr { return slog.String(KeyRequestID, id) }

// TraceID is the W3C trace ID: 32 hexadecimal digits.
func TraceID(id string) slog.Attr { return slog.String(KeyTraceID, id) }

// SpanID is the W3C span ID: 16 hexadecimal digits.
func SpanID(id string) slog.Attr { return slog.String(KeySpanID, id) }

// ResponseCode is the status answered: an HTTP status, or a code of the protocol.
func ResponseCode(code int) slog.Attr { return slog.Int(KeyResponseCode, code) }

// ExecutionTime is how long it took. It is written in milliseconds, with a
// fraction if there is one: 150, 0.25.
func ExecutionTime(d time.Duration) slog.Attr { return slog.Duration(KeyExecutionTime, d) }

// Error is the error that the line is about. nil is no field.
func Error(err error) slog.Attr {
	if err == nil {
		return slog.Attr{}
	}
	return slog.Any(KeyError, err)
}

// StackTrace is a stack as text, one frame a line. The handler adds the stack of
// the call itself to lines of level ERROR; this is for stacks from elsewhere.
func StackTrace(stack string) slog.Attr { return slog.String(KeyStackTrace, stack) }

// Endpoint is the path or the route of the request. Prefer the route
// (/users/{userid}): it groups.
func Endpoint(path string) slog.Attr { return slog.String("endpoint", path) }

// Method is the request's method.
func Method(method string) slog.Attr { return slog.String("method", method) }

// A Client describes the device and the software an error of a mobile application
// comes from. Empty members are left out.
type Client struct {
	Device     string // model: "SM-S928N"
	OS         string // with its version: "Android 15"
	SDKVersion string // of the SDK that reports
	AppVersion string // of the application: "4.12.0 (4120)"
}

// Mobile is the client that a mobile error comes from, as the group "client".
func Mobile(c Client) slog.Attr {
	attrs := make([]slog.Attr, 0, 4)
	for _, a := range []slog.Attr{
		slog.String("device", c.Device), slog.String("os", c.OS),
		slog.String("sdk_version", c.SDKVersion), slog.String("app_version", c.AppVersion),
	} {
		if a.Value.String() != "" {
			attrs = append(attrs, a)
		}
	}
	return slog.Attr{Key: "client", Value: slog.GroupValue(attrs...)}
}
