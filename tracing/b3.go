package tracing

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// The headers of B3, https://github.com/openzipkin/b3-propagation.
var (
	b3Single       = newHeader("b3")
	b3TraceID      = newHeader("x-b3-traceid")
	b3SpanID       = newHeader("x-b3-spanid")
	b3ParentSpanID = newHeader("x-b3-parentspanid")
	b3Sampled      = newHeader("x-b3-sampled")
	b3Flags        = newHeader("x-b3-flags")
)

// b3 reads both encodings of B3 and writes one. A mesh depends on two
// differences from the propagator in OpenTelemetry's contrib. Without a trace
// b3 writes nothing, where contrib's denies sampling. And it keeps a caller's
// deferred decision, or a decision without a trace, in the context for the
// sampler.
type b3 struct{ single bool }

// wish is a caller's statement about sampling that a span context cannot hold.
type wish uint8

const (
	noWish   wish = iota
	deferred      // the caller has a trace and leaves the decision to this service
	denied        // the caller has no trace; the new one must not be sampled
	accepted      // the caller has no trace; the new one must be sampled
)

type wishKey struct{}

func wishFrom(ctx context.Context) wish {
	w, _ := ctx.Value(wishKey{}).(wish)
	return w
}

func withoutWish(ctx context.Context) context.Context {
	if wishFrom(ctx) == noWish {
		return ctx
	}
	return context.WithValue(ctx, wishKey{}, noWish)
}

// b3Debug is the sampling state of a trace that somebody debugs: it is sampled,
// and collectors keep it.
const b3Debug = "d"

type debugKey struct{}

// withDebug marks a context as belonging to a debugged trace. The ID is zero if
// the trace is yet to begin.
func withDebug(ctx context.Context, id trace.TraceID) context.Context {
	return context.WithValue(ctx, debugKey{}, id)
}

// isDebugged reports whether the context's caller debugs a trace, or all traces
// that begin here.
func isDebugged(ctx context.Context, id trace.TraceID) bool {
	debugged, ok := ctx.Value(debugKey{}).(trace.TraceID)
	return ok && (debugged == id || !debugged.IsValid())
}

func withoutDebug(ctx context.Context) context.Context {
	if ctx.Value(debugKey{}) == nil {
		return ctx
	}
	return context.WithValue(ctx, debugKey{}, nil)
}

func isB3(f format) bool {
	_, ok := f.(b3)
	return ok
}

// debuggedB3 returns the span of B3's headers if its trace is debugged.
func debuggedB3(carrier propagation.TextMapCarrier) (trace.SpanContext, bool) {
	c, ok := parseB3(b3Single.get(carrier))
	if !ok {
		c = multiB3(carrier)
	}
	if c.sampled != b3Debug {
		return trace.SpanContext{}, false
	}
	return c.spanContext(accepted)
}

// b3Context holds the contents of B3 headers.
type b3Context struct{ traceID, spanID, sampled string }

// Extract returns a context with the carrier's parent, or with the carrier's
// wish if it has no parent. It ignores malformed headers.
func (p b3) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	ctx, _ = p.extract(ctx, carrier)
	return ctx
}

func (b3) extract(ctx context.Context, carrier propagation.TextMapCarrier) (context.Context, bool) {
	if c, ok := parseB3(b3Single.get(carrier)); ok {
		if found, ok := c.apply(ctx); ok {
			return found, true
		}
	}
	return multiB3(carrier).apply(ctx)
}

// multiB3 returns the contents of the encoding with several headers.
func multiB3(carrier propagation.TextMapCarrier) b3Context {
	c := b3Context{b3TraceID.get(carrier), b3SpanID.get(carrier), b3Sampled.get(carrier)}
	if b3Flags.get(carrier) == "1" {
		c.sampled = b3Debug
	}
	return c
}

// parseB3 splits the single header, which is either
// {traceid}-{spanid}[-{sampled}[-{parentspanid}]] or {sampled}, and returns
// false if it is malformed. Unlike the other encoding, it never had the words
// true and false.
func parseB3(header string) (c b3Context, ok bool) {
	parts := strings.SplitN(header, "-", 5)
	if len(parts) > 1 && parts[0] == "" {
		return b3Context{}, false
	}
	switch len(parts) {
	case 1:
		return b3Context{sampled: header}, isB3State(header)
	case 2:
		return b3Context{traceID: parts[0], spanID: parts[1]}, true
	case 4:
		if _, err := trace.SpanIDFromHex(parts[3]); err != nil {
			return b3Context{}, false
		}
		fallthrough
	case 3:
		return b3Context{parts[0], parts[1], parts[2]}, isB3State(parts[2])
	}
	return b3Context{}, false
}

func isB3State(s string) bool { return s == "0" || s == "1" || s == "d" }

// apply returns a context with the parent or the wish, and reports whether the
// headers have one.
func (c b3Context) apply(ctx context.Context) (context.Context, bool) {
	decision, known := b3Decision(c.sampled)
	if !known {
		return ctx, false
	}
	if c.traceID == "" && c.spanID == "" {
		if decision != denied && decision != accepted {
			return ctx, false
		}
		if c.sampled == b3Debug {
			ctx = withDebug(ctx, trace.TraceID{})
		}
		return context.WithValue(ctx, wishKey{}, decision), true
	}
	sc, ok := c.spanContext(decision)
	if !ok {
		return ctx, false
	}
	if decision == deferred {
		ctx = context.WithValue(ctx, wishKey{}, deferred)
	}
	if c.sampled == b3Debug {
		ctx = withDebug(ctx, sc.TraceID())
	}
	return trace.ContextWithRemoteSpanContext(ctx, sc), true
}

// b3Decision parses the sampling state. Old tracers write true and false.
func b3Decision(sampled string) (decision wish, known bool) {
	switch sampled {
	case "":
		return deferred, true
	case "0", "false":
		return denied, true
	case "1", "true", "d":
		return accepted, true
	}
	return noWish, false
}

// spanContext returns the caller's span. A deferred decision counts as sampled
// for code that knows only two states.
func (c b3Context) spanContext(decision wish) (trace.SpanContext, bool) {
	id := c.traceID
	if len(id) == 16 { // a 64-bit ID is the lower half
		id = "0000000000000000" + id
	}
	traceID, err := trace.TraceIDFromHex(id)
	if err != nil {
		return trace.SpanContext{}, false
	}
	spanID, err := trace.SpanIDFromHex(c.spanID)
	if err != nil {
		return trace.SpanContext{}, false
	}
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: traceID, SpanID: spanID, Remote: true,
		TraceFlags: trace.TraceFlags(0).WithSampled(decision != denied),
	}), true
}

// Inject writes the context's span. Without a span it writes the caller's wish.
func (p b3) Inject(ctx context.Context, carrier propagation.TextMapCarrier) {
	sc, w := trace.SpanContextFromContext(ctx), wishFrom(ctx)
	if !sc.IsValid() {
		if w == denied || w == accepted {
			c := b3Context{sampled: sampledFlag(w == accepted)}
			if w == accepted && isDebugged(ctx, trace.TraceID{}) {
				c.sampled = b3Debug
			}
			p.write(carrier, c)
		}
		return
	}
	c := b3Context{sc.TraceID().String(), sc.SpanID().String(), sampledFlag(sc.IsSampled())}
	if w == deferred && sc.IsRemote() { // this service has no span of its own
		c.sampled = ""
	}
	if sc.IsSampled() && isDebugged(ctx, sc.TraceID()) {
		c.sampled = b3Debug
	}
	p.write(carrier, c)
}

func (p b3) write(carrier propagation.TextMapCarrier, c b3Context) {
	if p.single {
		var parts []string
		for _, part := range []string{c.traceID, c.spanID, c.sampled} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		b3Single.set(carrier, strings.Join(parts, "-"))
		return
	}
	if c.traceID != "" {
		b3TraceID.set(carrier, c.traceID)
		b3SpanID.set(carrier, c.spanID)
	}
	switch c.sampled {
	case "":
	case b3Debug: // implies that the trace is sampled
		b3Flags.set(carrier, "1")
	default:
		b3Sampled.set(carrier, c.sampled)
	}
}

func sampledFlag(sampled bool) string {
	if sampled {
		return "1"
	}
	return "0"
}

// Fields returns the headers that Inject may set.
func (p b3) Fields() []string {
	if p.single {
		return []string{b3Single.name}
	}
	return []string{b3TraceID.name, b3SpanID.name, b3Sampled.name, b3Flags.name}
}
