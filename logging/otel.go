package logging

import (
	"log/slog"
	"strconv"
	"time"
)

// otelLayout has the fields of OpenTelemetry's log data model. Where the
// semantic conventions have no name, Attributes has the one of ECS, with which
// the conventions merge.
var otelLayout = layout{
	appendHead: appendOTelHead,
	names: [fieldCount]string{
		userID:        "user.id",
		requestID:     "http.request.id",
		traceID:       "TraceId",
		spanID:        "SpanId",
		responseCode:  "http.response.status_code",
		executionTime: "event.duration",
		errorMessage:  "exception.message",
		stackTrace:    "exception.stacktrace",
	},
	order:  [fieldCount]int{traceID, spanID, userID, requestID, responseCode, executionTime, errorMessage, stackTrace},
	inner:  2,
	object: "Attributes",
}

func appendOTelHead(dst []byte, c *core, l *Line) []byte {
	dst = append(dst, '{')
	if !l.Time.IsZero() {
		dst = appendUnixNano(append(dst, `"Timestamp":"`...), l.Time)
		dst = append(dst, `",`...)
	}
	dst = append(append(dst, `"SeverityText":"`...), levelNames[levelIndex(l.Level)]...)
	dst = strconv.AppendInt(append(dst, `","SeverityNumber":`...), severityOf(l.Level), 10)
	dst = c.messages.append(append(dst, `,"Body":`...), c.redactor, l)
	dst = append(append(dst, `,"Resource":{"service.name":`...), c.application...)
	return append(dst, '}')
}

// severityOf returns the SeverityNumber of a level. The levels of slog have the
// distances of OpenTelemetry's, so a level between two keeps its own number.
func severityOf(l slog.Level) int64 {
	const info, lowest, highest = 9, 1, 24
	return min(max(int64(l), lowest-info), highest-info) + info
}

// appendUnixNano appends the nanoseconds since 1970. A time that they cannot
// express is 0, which OpenTelemetry reads as unknown.
func appendUnixNano(dst []byte, t time.Time) []byte {
	ns := t.UnixNano()
	if ns < 0 || !time.Unix(0, ns).Equal(t) {
		ns = 0
	}
	return strconv.AppendInt(dst, ns, 10)
}
