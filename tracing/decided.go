package tracing

import (
	"context"
	"os"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/headsampling"
)

// deciding is the SDK's provider of tracers. It can decide about a span before
// it starts, so that package middleware starts only those that are recorded.
type deciding struct {
	*sdktrace.TracerProvider
	sampler sdktrace.Sampler
	ids     sdktrace.IDGenerator
}

var _ headsampling.Decider = (*deciding)(nil)

// newTracers returns the SDK's provider with the options. It can decide about
// spans unless it records all of them anyway, or counts those that it does not
// record.
func newTracers(sampler sdktrace.Sampler, ids sdktrace.IDGenerator, opts ...sdktrace.TracerProviderOption) trace.TracerProvider {
	opts = append(opts, sdktrace.WithSampler(decidedSampler{sampler}), sdktrace.WithIDGenerator(decidedIDs{ids}))
	tracers := sdktrace.NewTracerProvider(opts...)
	if recordsRoots(sampler) || countsSpans() {
		return tracers
	}
	return &deciding{tracers, sampler, ids}
}

// countsSpans reports whether the SDK counts the spans that start, an
// experiment of its own.
func countsSpans() bool {
	return os.Getenv("OTEL_GO_X_OBSERVABILITY") != "" || os.Getenv("OTEL_GO_X_SELF_OBSERVABILITY") != ""
}

// Decide does what the SDK's tracers do until they know whether a span is
// recorded. It leaves children of recorded spans to them, because a recorded
// span counts its children.
func (d *deciding) Decide(ctx context.Context, s headsampling.Span) (trace.SpanContext, context.Context) {
	parent := trace.SpanFromContext(ctx)
	if parent.IsRecording() {
		return trace.SpanContext{}, ctx
	}
	from := parent.SpanContext()
	id := trace.SpanContextConfig{TraceID: from.TraceID(), TraceFlags: from.TraceFlags() &^ trace.FlagsSampled}
	if id.TraceID.IsValid() {
		id.SpanID = d.ids.NewSpanID(ctx, id.TraceID)
	} else {
		id.TraceID, id.SpanID = d.ids.NewIDs(ctx)
	}
	result := d.sampler.ShouldSample(sdktrace.SamplingParameters{
		ParentContext: ctx, TraceID: id.TraceID, Name: s.Name, Kind: s.Kind, Attributes: s.Attributes, Links: s.Links,
	})
	if result.Decision != sdktrace.Drop {
		return trace.SpanContext{}, &decided{Context: ctx, traceID: id.TraceID, spanID: id.SpanID, result: result}
	}
	id.TraceState = result.Tracestate
	return trace.NewSpanContext(id), nil
}

// decided is the context that a recorded span starts with. The span's own
// context, in which its children start, is another one.
type decided struct {
	context.Context
	traceID trace.TraceID
	spanID  trace.SpanID
	result  sdktrace.SamplingResult
	started bool // a processor may start a span of its own with the context
}

// decidedFrom returns the decision about the span that starts with a context,
// or nil. The SDK asks for the IDs before the decision.
func decidedFrom(ctx context.Context) *decided {
	if d, ok := ctx.(*decided); ok && !d.started {
		return d
	}
	return nil
}

// decidedSampler returns the result of a decision that was made before.
type decidedSampler struct{ sdktrace.Sampler }

// ShouldSample decides about a span.
func (s decidedSampler) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	if d := decidedFrom(p.ParentContext); d != nil {
		d.started = true
		return d.result
	}
	return s.Sampler.ShouldSample(p)
}

// decidedIDs returns the IDs that a decision was made about.
type decidedIDs struct{ sdktrace.IDGenerator }

// NewIDs returns the IDs of a new trace and its first span.
func (g decidedIDs) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	if d := decidedFrom(ctx); d != nil {
		return d.traceID, d.spanID
	}
	return g.IDGenerator.NewIDs(ctx)
}

// NewSpanID returns the ID of a new span in a trace.
func (g decidedIDs) NewSpanID(ctx context.Context, t trace.TraceID) trace.SpanID {
	if d := decidedFrom(ctx); d != nil {
		return d.spanID
	}
	return g.IDGenerator.NewSpanID(ctx, t)
}
