package middleware

import (
	"fmt"

	"go.opentelemetry.io/otel/trace"
)

// CallKind says which side of a call the service is on.
type CallKind uint8

const (
	// CallInternal is work of the service's own, such as a job or a query that
	// a library makes.
	CallInternal CallKind = iota
	// CallServer is a request that the service answers.
	CallServer
	// CallClient is a request to another service.
	CallClient
	// CallProducer is a message that the service sends.
	CallProducer
	// CallConsumer is a message that the service processes.
	CallConsumer
)

var callKinds = [...]struct {
	name string
	span trace.SpanKind
}{
	CallInternal: {"internal", trace.SpanKindInternal},
	CallServer:   {"server", trace.SpanKindServer},
	CallClient:   {"client", trace.SpanKindClient},
	CallProducer: {"producer", trace.SpanKindProducer},
	CallConsumer: {"consumer", trace.SpanKindConsumer},
}

// String returns the kind in lower case, as OpenTelemetry names it.
func (k CallKind) String() string {
	if int(k) < len(callKinds) {
		return callKinds[k].name
	}
	return fmt.Sprintf("CallKind(%d)", uint8(k))
}

// known returns the kind, or CallInternal for an unknown one.
func (k CallKind) known() CallKind {
	if int(k) < len(callKinds) {
		return k
	}
	return CallInternal
}

// incoming reports whether somebody else began the call.
func (k CallKind) incoming() bool { return k == CallServer || k == CallConsumer }

// outgoing reports whether the call continues in another service.
func (k CallKind) outgoing() bool { return k == CallClient || k == CallProducer }
