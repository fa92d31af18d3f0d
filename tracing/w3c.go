package tracing

import (
	"context"
	"encoding/hex"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// The headers of W3C Trace Context, https://www.w3.org/TR/trace-context-2/.
var (
	traceparentHeader = newHeader("traceparent")
	tracestateHeader  = newHeader("tracestate")
)

// w3c is W3C Trace Context. It reads more than the SDK's propagator: a
// tracestate in several headers, and a traceparent whose reserved flags are
// set.
type w3c struct{ propagation.TraceContext }

// Extract returns a context with the carrier's parent. It ignores malformed
// headers.
func (p w3c) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	ctx, _ = p.extract(ctx, carrier)
	return ctx
}

func (p w3c) extract(ctx context.Context, carrier propagation.TextMapCarrier) (context.Context, bool) {
	parent := traceparentHeader.get(carrier)
	if parent == "" || len(parent) > maxTraceparent {
		return ctx, false
	}
	headers := w3cHeaders{parent: withKnownFlags(parent)}
	headers.state, _ = tracestateHeader.join(carrier, maxTracestate)
	sc := trace.SpanContextFromContext(p.TraceContext.Extract(context.Background(), headers))
	if !sc.IsValid() {
		return ctx, false
	}
	return trace.ContextWithRemoteSpanContext(ctx, sc), true
}

// Bounds of the headers, in bytes. The longest valid tracestate has 32 members
// of 513 bytes. A traceparent has 55 bytes, or more in a later version.
const (
	maxTraceparent = 512
	maxTracestate  = 32 * (513 + 1)
)

// withKnownFlags returns a traceparent of version 00 without its reserved
// flags. A receiver must ignore them, but the SDK would begin a new trace.
func withKnownFlags(parent string) string {
	const ids = len("00-0123456789abcdef0123456789abcdef-0123456789abcdef-")
	if len(parent) != ids+2 || !strings.HasPrefix(parent, "00-") || strings.ContainsAny(parent[ids:], "ABCDEF") {
		return parent
	}
	flags, err := hex.DecodeString(parent[ids:])
	if err != nil {
		return parent
	}
	known := flags[0] & byte(trace.FlagsSampled|trace.FlagsRandom)
	return parent[:ids] + hex.EncodeToString([]byte{known})
}

// w3cHeaders is the carrier of one request's headers.
type w3cHeaders struct{ parent, state string }

// Get returns a header.
func (h w3cHeaders) Get(name string) string {
	switch name {
	case traceparentHeader.name:
		return h.parent
	case tracestateHeader.name:
		return h.state
	}
	return ""
}

// Set does nothing: the carrier is only read.
func (h w3cHeaders) Set(string, string) {}

// Keys returns the names of both headers.
func (h w3cHeaders) Keys() []string { return w3c{}.Fields() }
