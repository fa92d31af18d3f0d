package tracing

import (
	"net/textproto"
	"strings"

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

// join returns the values of a header that are not blank, joined by commas, and
// the length of all values with the commas. If that exceeds the limit, join
// stops there and returns "".
func (h header) join(carrier propagation.TextMapCarrier, limit int) (joined string, length int) {
	values := h.all(carrier)
	for i, value := range values {
		length += min(i, 1) + len(value)
		if length > limit {
			return "", length
		}
	}
	if len(values) == 1 {
		return values[0], length
	}
	var b strings.Builder
	for _, value := range values {
		if value = strings.TrimSpace(value); value == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(value)
	}
	return b.String(), length
}

// all returns all values of a header.
func (h header) all(carrier propagation.TextMapCarrier) []string {
	switch c := carrier.(type) {
	case propagation.HeaderCarrier:
		return c[h.canonical]
	case propagation.ValuesGetter:
		return c.Values(h.name)
	}
	if value := carrier.Get(h.name); value != "" {
		return []string{value}
	}
	return nil
}

func (h header) set(carrier propagation.TextMapCarrier, value string) {
	if m, ok := carrier.(propagation.HeaderCarrier); ok {
		m[h.canonical] = []string{value}
		return
	}
	carrier.Set(h.name, value)
}
