package middleware

import (
	"net/http"

	"go.opentelemetry.io/otel/propagation"
)

// headerCarrier is [propagation.HeaderCarrier], except that reading the
// headers of usual propagators does not allocate. The propagators ask for them
// in lower case, and http.Header makes such a name canonical each time.
type headerCarrier http.Header

var _ propagation.ValuesGetter = headerCarrier(nil)

// canonicalNames has the headers of W3C, B3, Jaeger and AWS X-Ray.
var canonicalNames = make(map[string]string)

func init() {
	for _, name := range []string{
		"traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid",
		"x-b3-sampled", "x-b3-flags", "uber-trace-id", "x-amzn-trace-id",
	} {
		canonicalNames[name] = http.CanonicalHeaderKey(name)
	}
}

func canonicalName(name string) string {
	switch name { // the default propagator's
	case "traceparent":
		return "Traceparent"
	case "baggage":
		return "Baggage"
	}
	if canonical, ok := canonicalNames[name]; ok {
		return canonical
	}
	return http.CanonicalHeaderKey(name)
}

// Get returns the first value of a header, or "".
func (c headerCarrier) Get(name string) string {
	if values := c[canonicalName(name)]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns all values of a header.
func (c headerCarrier) Values(name string) []string { return c[canonicalName(name)] }

// Set replaces the values of a header.
func (c headerCarrier) Set(name, value string) { c[canonicalName(name)] = []string{value} }

// Keys returns the names of all headers.
func (c headerCarrier) Keys() []string { return propagation.HeaderCarrier(c).Keys() }
