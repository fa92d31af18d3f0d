package tracing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/sli"
)

// forward copies the named headers of a request, unchanged, to the requests
// that are made on its behalf.
type forward struct{ headers []header }

type forwardedKey struct{}

// maxForwarded bounds a header, in bytes: a caller must not make this service
// repeat more than that to every other service.
const maxForwarded = 1024

// newForward returns the propagator for headers given in any case.
func newForward(names []string) (forward, error) {
	var f forward
	var errs sli.FieldErrors
	for i, name := range names {
		lower := strings.ToLower(name)
		if reason := refuse(lower); reason != "" {
			errs.Addf(fmt.Sprintf("[%d]", i), "header %q %s", name, reason)
			continue
		}
		f.headers = append(f.headers, newHeader(lower))
	}
	return f, errs.Err()
}

// written are the headers that the formats write. Forwarding one would undo
// that.
var written = []string{
	traceparentHeader.name, tracestateHeader.name, baggageHeader.name,
	b3Single.name, b3TraceID.name, b3SpanID.name, b3ParentSpanID.name, b3Sampled.name, b3Flags.name,
}

// refuse returns the reason why a header is not forwarded, or "" if it is.
func refuse(name string) string {
	switch {
	case name == "" || strings.ContainsFunc(name, func(r rune) bool { return !isTokenRune(r) }):
		return "has an invalid name: want letters, digits and hyphens"
	case slices.Contains(written, name):
		return "is written by the propagator"
	case strings.HasSuffix(name, "-bin"):
		return "is binary: its encoding differs between HTTP and gRPC"
	case isSecret(name):
		return "may contain a credential or personal data, which must not reach other services"
	}
	return ""
}

// isSecret reports whether a header's value is secret by its name. Beside the
// names that package redact knows, these are keys of any kind, such as
// x-functions-key, and x-forwarded-client-cert.
func isSecret(name string) bool {
	return redactor().IsSecret(name) || strings.HasSuffix(name, "key") || strings.Contains(name, "client-cert")
}

// isTokenRune reports whether a header's name, in lower case, may contain r
// (RFC 9110, token).
func isTokenRune(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// Extract copies the headers of the carrier to the context.
func (f forward) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	// In the order of the headers, with gaps; nil if all are missing.
	var values []string
	for i, h := range f.headers {
		value := h.get(carrier)
		if value == "" || len(value) > maxForwarded || strings.ContainsFunc(value, isControl) {
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

// forwarded holds headers and their values.
type forwarded struct {
	headers []header
	values  []string
}

// Inject sets the headers of this propagator that the context holds, unless the
// carrier already has them.
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
