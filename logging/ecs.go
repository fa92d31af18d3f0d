package logging

// ecsVersion is the version of the Elastic Common Schema that lines follow.
const ecsVersion = "8.11.0"

// ecsLayout has dotted names, which Elasticsearch reads as nested ones. The
// specification of ecs-logging requires the order of the first members.
var ecsLayout = layout{
	appendHead: appendECSHead,
	names: [fieldCount]string{
		userID:        "user.id",
		requestID:     "http.request.id",
		traceID:       "trace.id",
		spanID:        "span.id",
		responseCode:  "http.response.status_code",
		executionTime: "event.duration",
		errorMessage:  "error.message",
		stackTrace:    "error.stack_trace",
	},
	order:  [fieldCount]int{userID, requestID, traceID, spanID, responseCode, executionTime, errorMessage, stackTrace},
	inner:  fieldCount,
	object: "labels",
	flat:   true,
}

func appendECSHead(dst []byte, c *core, l *Line) []byte {
	dst = append(dst, '{')
	if !l.Time.IsZero() {
		dst = c.clock.append(dst, "@timestamp", l.Time)
	}
	dst = append(append(dst, `"log.level":"`...), levelNames[levelIndex(l.Level)]...)
	dst = c.messages.append(append(dst, `","message":`...), c.redactor, l)
	dst = append(dst, `,"ecs.version":"`+ecsVersion+`","service.name":`...)
	return append(dst, c.application...)
}
