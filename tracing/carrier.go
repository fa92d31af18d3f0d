package tracing

import "strings"

// MetadataCarrier carries a trace in gRPC metadata. Convert a metadata.MD to
// it:
//
//	propagator.Inject(ctx, tracing.MetadataCarrier(md))
//
// A nil MetadataCarrier can be read but not written.
type MetadataCarrier map[string][]string

// Get returns the first value of a key, in any case, or "".
func (c MetadataCarrier) Get(key string) string {
	if values := c[strings.ToLower(key)]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns all values of a key, in any case. Baggage and tracestate may
// have several.
func (c MetadataCarrier) Values(key string) []string { return c[strings.ToLower(key)] }

// Set replaces the values of a key, converted to lower case as HTTP/2 requires.
func (c MetadataCarrier) Set(key, value string) { c[strings.ToLower(key)] = []string{value} }

// Keys returns the keys in no particular order.
func (c MetadataCarrier) Keys() []string {
	keys := make([]string, 0, len(c))
	for key := range c {
		keys = append(keys, key)
	}
	return keys
}
