package lab

import (
	"context"

	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// An untracedProvider turns tracing off. The engine starts a span for each
// operator of an expression. By default it also adds the span to the context,
// and asking such a context for its end takes a tenth of an evaluation.
type untracedProvider struct{ noop.TracerProvider }

func (untracedProvider) Tracer(string, ...trace.TracerOption) trace.Tracer { return untraced{} }

type untraced struct{ noop.Tracer }

// Start returns the context unchanged, so that contexts stay short.
func (untraced) Start(ctx context.Context, _ string, _ ...trace.SpanStartOption) (context.Context, trace.Span) {
	return ctx, noop.Span{}
}
