package field

import (
	"log/slog"
	"time"
)

// Keys of the schema that services set. The handler itself sets timestamp,
// level, application and message.
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

// UserID returns user_id: the user on whose behalf the service works.
func UserID(id string) slog.Attr { return slog.String(KeyUserID, id) }

// RequestID returns request_id, which is unique to the request across services.
func RequestID(id string) slog.Attr { return slog.String(KeyRequestID, id) }

// TraceID returns trace_id: a W3C trace ID of 32 hexadecimal digits.
func TraceID(id string) slog.Attr { return slog.String(KeyTraceID, id) }

// SpanID returns span_id: a W3C span ID of 16 hexadecimal digits.
func SpanID(id string) slog.Attr { return slog.String(KeySpanID, id) }

// ResponseCode returns response_code: the HTTP status of the response, or the
// status code of another protocol.
func ResponseCode(code int) slog.Attr { return slog.Int(KeyResponseCode, code) }

// ExecutionTime returns execution_time_ms: the time that the work took. The
// line shows it in milliseconds, with a fraction if needed: 150, 0.25.
func ExecutionTime(d time.Duration) slog.Attr { return slog.Duration(KeyExecutionTime, d) }

// Error returns error_message: the error that the line is about. For nil it
// returns the zero Attr, which handlers ignore.
func Error(err error) slog.Attr {
	if err == nil {
		return slog.Attr{}
	}
	return slog.Any(KeyError, err)
}

// StackTrace returns stack_trace: a stack as text with one frame per line. The
// handler adds the call's own stack to lines of level ERROR; use StackTrace
// for stacks from elsewhere.
func StackTrace(stack string) slog.Attr { return slog.String(KeyStackTrace, stack) }

// Endpoint returns endpoint: the path or the route of the request. Prefer the
// route (/users/{userid}), which groups requests.
func Endpoint(path string) slog.Attr { return slog.String("endpoint", path) }

// Method returns method: the request's method.
func Method(method string) slog.Attr { return slog.String("method", method) }

// A Client describes the device and the software that an error of a mobile
// application comes from. Empty fields do not appear on the line.
type Client struct {
	Device     string // model: "SM-S928N"
	OS         string // with its version: "Android 15"
	SDKVersion string // of the SDK that reports the error
	AppVersion string // of the application: "4.12.0 (4120)"
}

// Mobile returns the group client: the client that reported an error.
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
