package headsampling

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// Span describes a span that is about to start.
type Span struct {
	// Name is the name that the span starts with.
	Name string
	// Kind is the span's kind.
	Kind trace.SpanKind
	// Attributes are those that the sampler sees.
	Attributes []attribute.KeyValue
	// Links are the links that the sampler sees.
	Links []trace.Link
}

// A Decider is a [trace.TracerProvider] that decides about spans before they
// start.
type Decider interface {
	// Decide decides about a span with the parent in ctx, as Start does without
	// the option that makes the span a new root. If the span is not recorded,
	// Decide returns its context and nil. Otherwise, it returns the context for
	// Start, which then makes the same decision. It may panic, as Start may.
	Decide(ctx context.Context, s Span) (sc trace.SpanContext, start context.Context)
}
