package tracing

import (
	"net/textproto"

	"go.opentelemetry.io/otel/propagation"
)

// header is the name of a header, in lower case as carriers want it, and in the form of net/http's maps.
// Looking a header up there by any other form allocates, and a request has a dozen of them looked up.
type header struct{ name, canonical string }

func newHeader(lower string) header {
	return header{lower, textproto.CanonicalMIMEHeaderKey(lower)}
}

func (h header) get(carrier propagation.TextMapCarrier) string {
	m, ok := carrier.(propagation.HeaderCarrier)
	if !ok {
		return carrier.Get(h.name)
	}
	if values := m[h.canonical]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func (h header) set(carrier propagation.TextMapCarrier, value string) {
	if m, ok := carrier.(propagation.HeaderCarrier); ok {
		m[h.canonical] = []string{value}
		return
	}
	carrier.Set(h.name, value)
}
