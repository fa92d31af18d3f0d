package tracing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/sli"
)

// forward hands the named headers of a request on to the requests that are made for it, as they are.
type forward struct{ headers []header }

type forwardedKey struct{}

// mostForwarded bounds what a caller can have us repeat to every other service.
const mostForwarded = 1024

// newForward returns the propagator for headers of any case.
func newForward(names []string) (forward, error) {
	var f forward
	var errs sli.FieldErrors
	for i, name := range names {
		lower := strings.ToLower(name)
		if reason := refuse(lower); reason != "" {
			errs.Addf(fmt.Sprintf("[%d]", i), "%q %s", name, reason)
			continue
		}
		f.headers = append(f.headers, newHeader(lower))
	}
	return f, errs.Err()
}

// written are the headers that the formats write, of which a copy would undo what they say.
var written = []string{
	"traceparent", "tracestate", "baggage",
	b3Single.name, b3TraceID.name, b3SpanID.name, b3ParentSpanID.name, b3Sampled.name, b3Flags.name,
}

// secretive are parts of the names of headers that hold credentials: authorization and
// proxy-authorization, cookies, x-api-key, x-amz-security-token, jwt, x-forwarded-access-token,
// x-forwarded-client-cert and so on. Names that end in "key" are refused too.
var secretive = []string{"auth", "cookie", "token", "secret", "passw", "credential", "jwt", "api-key", "apikey", "session", "signature", "client-cert"}

// refuse says why a header is not forwarded, if so.
func refuse(name string) string {
	switch {
	case name == "" || strings.ContainsFunc(name, func(r rune) bool { return !isTokenRune(r) }):
		return "is not the name of a header"
	case slices.Contains(written, name):
		return "is written by the propagator"
	case strings.HasSuffix(name, "-bin"):
		return "is binary, with values that differ between HTTP and gRPC"
	case strings.HasSuffix(name, "key"), // ocp-apim-subscription-key, x-functions-key
		slices.ContainsFunc(secretive, func(part string) bool { return strings.Contains(name, part) }):
		return "may hold a credential, which goes to no other service"
	}
	return ""
}

// isTokenRune reports whether the name of a header, in lower case, may have r (RFC 9110, token).
func isTokenRune(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// Extract keeps the headers of the carrier in the context.
func (f forward) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	var values []string // in the order of the headers, with gaps; nil for none
	for i, h := range f.headers {
		value := h.get(carrier)
		if value == "" || len(value) > mostForwarded || strings.ContainsFunc(value, isControl) {
			continue
		}
		if values == nil {
			values = make([]string, len(f.headers))
		}
		values[i] = value
	}
	if values == nil {
		return ctx
	}
	return context.WithValue(ctx, forwardedKey{}, forwarded{f.headers, values})
}

func isControl(r rune) bool { return r < ' ' || r > '~' }

// forwarded are headers and their values.
type forwarded struct {
	headers []header
	values  []string
}

// Inject sets the headers of this propagator that the context has, unless the carrier has them.
func (f forward) Inject(ctx context.Context, carrier propagation.TextMapCarrier) {
	kept, _ := ctx.Value(forwardedKey{}).(forwarded)
	for i, value := range kept.values {
		h := kept.headers[i]
		if value != "" && slices.Contains(f.headers, h) && h.get(carrier) == "" {
			h.set(carrier, value)
		}
	}
}

// Fields returns the headers that Inject may set.
func (f forward) Fields() []string {
	var names []string
	for _, h := range f.headers {
		names = append(names, h.name)
	}
	return names
}
