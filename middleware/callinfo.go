package middleware

import (
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
)

// CallInfo describes a call that begins.
type CallInfo struct {
	// Operation is the name of the operation, such as "import" or "process
	// orders". It must come from the program: beyond 1000 operations of a family,
	// it is "overflow". Empty means "unknown".
	Operation string

	// Kind says which side of the call the service is on. It decides how spans
	// join and which indicators count the event. A call of SpanKindServer is an
	// operation that the service serves. Any other call counts only for the
	// indicators that name it; see [sli.Recorder.Outgoing]. Zero means
	// SpanKindInternal: work of the service's own, such as a job.
	Kind trace.SpanKind

	// Family is the histogram that the duration is added to. Nil means
	// sli_operation_duration_seconds, which the instrument exposes.
	Family *Family

	// Labels are the values of the family's Labels. They must be the same
	// whenever the operation is. Missing ones are the operation.
	Labels []string

	// Carrier holds the headers of the call. The caller's span and request ID are
	// read from it if the kind is SpanKindServer or SpanKindConsumer, and the
	// call's own are written to it if it is SpanKindClient or SpanKindProducer.
	// Nil means that it has no headers.
	Carrier propagation.TextMapCarrier

	// Caller is the address of the caller, with or without a port. Spans and
	// lines of calls of SpanKindServer and SpanKindConsumer show it. If it is one
	// of [Options.TrustedProxies], they show the client's address from
	// x-forwarded-for in the Carrier.
	Caller string

	// Public says that a stranger made the call. Its span then begins a new trace,
	// with a link to the stranger's, whose baggage is dropped, and the stranger's
	// request ID is not used.
	Public bool

	// Attributes are set when the span starts. [FamilyOptions.Attributes] cost a
	// call nothing.
	Attributes []attribute.KeyValue

	// Group is the group of the event. See also [Call.SetGroup].
	Group string

	// Allowed is the time that the caller allows for the call; see [sli.Event] and
	// [Call.Expired]. If it passes before the answer begins, the event is bad at
	// once. If it is below [Options.MinDeadline], the event is ignored. Indicators
	// see it rounded up to milliseconds: the caller's clock has run for some
	// microseconds when it sends the rest.
	Allowed time.Duration

	// Began is when the call began, if that time is known. Zero means now.
	Began time.Time

	// Stream says that the caller decides when the call ends. No indicator's bound
	// judges a caller that leaves it. If [Call.Answered] was called, its duration
	// is the time until then. The family's gauge of streams counts it.
	Stream bool

	// Omit are the signals that are not made of the call. The gauges count it.
	Omit Signal
}

// Result is the result of a call. The zero Result is a success.
type Result struct {
	// Code is the gRPC code of the call, as in [sli.Event], or the result by
	// another protocol. It is optional.
	Code string

	// Status is the HTTP status of the call. Zero means the status that
	// google.rpc.Code gives for Code, or none if Code is not a gRPC code.
	Status int

	// Err is the error of a call that failed, whatever its Code says.
	Err error

	// Cause is the error that the span and the line show. It does not make the
	// event bad, because the Code tells whether the call failed. Nil means Err.
	Cause error

	// Sizes are the values for the histograms of [FamilyOptions.Sizes], in their
	// order. Missing and negative ones are not added.
	Sizes []int64

	// Attributes are set on the span when it ends, if it is recorded.
	Attributes []attribute.KeyValue

	// Ended is when the call ended, if that time is known. Zero means now.
	Ended time.Time

	// ErrorType is the value of the label error_type. Empty means "timeout" if
	// TimedOut, "canceled" if Canceled, "_OTHER" if Err is set, and none
	// otherwise. It must come from the program: beyond 100 results of an
	// operation, it is "_OTHER".
	ErrorType string

	// TimedOut says that a deadline passed. The event is bad if it passed before
	// [Call.Answered] was called.
	TimedOut bool

	// Canceled says that the caller left before it had the answer. Each indicator
	// compares the time that it waited with its bound.
	Canceled bool

	// Ignore says why no indicator judges the event.
	Ignore sli.Reason
}

// errorType returns the value of the label error_type.
func (r *Result) errorType() string {
	switch {
	case r.ErrorType != "":
		return strings.ToValidUTF8(r.ErrorType, "\uFFFD")
	case r.TimedOut:
		return errorTypes[timedOut]
	case r.Canceled:
		return errorTypes[clientGone]
	case r.Err != nil:
		return errorTypes[failed]
	}
	return ""
}
