package middleware

import (
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
)

// Record describes a call that has ended: a request that this process served
// or sent, or other work. All signals are made from it, so they agree.
type Record struct {
	// Kind says which side of the call the service was on: SpanKindServer for
	// a request that it served, SpanKindClient for one that it sent.
	Kind trace.SpanKind

	// Request is the request, nil for work that is not a request. Handlers may
	// have changed it.
	Request *http.Request

	// Method and Route are the values of the metrics' labels, such as "GET" and
	// "/users/{userid}". They are empty for work that is not a request.
	Method, Route string

	// Status is the HTTP status as the metrics show it, or 0.
	Status int

	// ErrorType is the value of the metrics' label error_type. It is empty if
	// the call succeeded.
	ErrorType string

	// Event is the event that the indicators judged. Its Duration is the
	// histogram's, and its Err is the panic, or the error from [SetError].
	Event sli.Event

	// Cause is the error that the span and the line show. It does not make the
	// event bad, because the Code tells whether the call failed. Nil means the
	// event's Err.
	Cause error

	// Caller is the address of the caller of work that is not a request, if it is
	// known.
	Caller string

	// Bad reports whether the event is bad for at least one indicator.
	Bad bool

	// RequestBytes and ResponseBytes are the sizes of the bodies.
	RequestBytes, ResponseBytes int64

	// RequestID is empty without [Options.RequestID].
	RequestID string

	// UserID is the user that logging.SetUser set in the request's context. It
	// is empty unless the instrument makes spans, request IDs or access lines.
	UserID string

	// Span is not valid without [Options.Spans].
	Span trace.SpanContext

	// End is when the call ended. It is zero unless the instrument makes spans,
	// request IDs or access lines.
	End time.Time

	attributes []attribute.KeyValue // of the span
}

func (r *Record) shownError() error {
	if r.Cause != nil {
		return r.Cause
	}
	return r.Event.Err
}

// served reports whether the call is a request that this process served.
func (r *Record) served() bool { return r.Kind == trace.SpanKindServer && r.Request != nil }

// failed reports whether the call is a failure of this service. If the caller
// left, it did not fail.
func (r *Record) failed() bool {
	return r.ErrorType != "" && r.ErrorType != errorTypes[clientGone]
}
