package tracing

import (
	"net/textproto"

	"go.opentelemetry.io/otel/propagation"
)

// header is the name of a header in two forms: in lower case for carriers in
// general, and in the canonical form of net/http's maps. A lookup in such a map
// by any other form allocates, and a request needs a dozen lookups.
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
