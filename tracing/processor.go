package tracing

import (
	"context"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// front is the SDK's one processor: it hands each ended span to all pipelines.
type front struct {
	pipelines []*pipeline
	tail      *tail // nil without
}

// OnStart links a span that begins a trace to the stranger's span that it does not continue.
func (f *front) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	if !s.Parent().IsValid() {
		if theirs, ok := strangerFrom(ctx); ok {
			s.AddLink(trace.Link{SpanContext: theirs})
		}
	}
	if f.tail != nil && !s.SpanContext().IsSampled() {
		f.tail.start(s)
	}
}

// OnEnd takes a span on its way.
func (f *front) OnEnd(s sdktrace.ReadOnlySpan) {
	switch {
	case s.SpanContext().IsSampled():
		f.export(s)
	case f.tail != nil:
		f.tail.end(s)
	}
}

func (f *front) export(s sdktrace.ReadOnlySpan) {
	for _, p := range f.pipelines {
		p.add(s)
	}
}

// ForceFlush does what [Provider.ForceFlush] does, for those who only have the provider.
func (f *front) ForceFlush(ctx context.Context) error {
	return f.all(ctx, (*pipeline).forceFlush)
}

// Shutdown does what [Provider.Shutdown] does, for those who only have the provider.
func (f *front) Shutdown(ctx context.Context) error {
	return f.all(ctx, (*pipeline).shutdown)
}
