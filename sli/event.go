package sli

import "time"

// Event is one finished request, job or check, as it is judged by the indicators. Which fields are
// set says what it was: an HTTP request has a Status, a gRPC call a Code, a job neither. What has both
// is judged by its Status.
//
// The zero Event is a job without a name that took no time and did not fail.
type Event struct {
	// Operation says what was asked for: for HTTP the method and the route's pattern as
	// [net/http.ServeMux] spells it, without a host ("GET /users/{userid}"), for gRPC the full
	// method ("/shop.Orders/List"), for a job its name. It never holds a URL or anything else
	// that a client chooses.
	Operation string

	// Status is the HTTP status of the answer, zero for anything but HTTP.
	Status int

	// Code is the name of the gRPC status code, as google.golang.org/grpc/codes prints it ("OK",
	// "DeadlineExceeded") or as OpenTelemetry does ("DEADLINE_EXCEEDED"); empty for anything but gRPC.
	Code string

	// Duration is how long the caller waited: to the end of the answer, or to the first byte
	// of a stream. It comes from a monotonic clock.
	Duration time.Duration

	// Items is how much work was done (rows, bytes, messages), for indicators of throughput.
	Items uint64

	// Canceled says that the caller went away before it had its answer.
	Canceled bool

	// Err says why the operation failed other than by its Status or Code: a panic, a job's error.
	// It is nil when nothing else went wrong.
	Err error
}
