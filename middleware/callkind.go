package middleware

import "go.opentelemetry.io/otel/trace"

// callKind is a trace.SpanKind in one byte, so that a call stays small.
type callKind uint8

const (
	kindServer = callKind(trace.SpanKindServer)
	kindClient = callKind(trace.SpanKindClient)
	callKinds  = callKind(trace.SpanKindConsumer) + 1 // one is unspecified
)

// callKindOf returns the kind of a call. The zero SpanKind and an unknown one
// are internal.
func callKindOf(kind trace.SpanKind) callKind { return callKind(trace.ValidateSpanKind(kind)) }

// incoming reports whether somebody else began the call.
func (k callKind) incoming() bool {
	return k == kindServer || k == callKind(trace.SpanKindConsumer)
}

// outgoing reports whether the call continues in another service.
func (k callKind) outgoing() bool {
	return k == kindClient || k == callKind(trace.SpanKindProducer)
}
