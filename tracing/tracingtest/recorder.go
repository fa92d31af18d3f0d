package tracingtest

import (
	"context"
	"slices"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Recorder is a provider of tracers that samples every trace and keeps the
// ended spans. Pass it to a service in place of its provider; do not set it
// globally. Its methods are safe for concurrent use.
type Recorder struct {
	trace.TracerProvider
	spans kept
}

// New returns a recorder. It is shut down at the end of the test but keeps its
// spans.
func New(t testing.TB) *Recorder {
	t.Helper()
	r := new(Recorder)
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.AlwaysSample()),
		sdktrace.WithSpanProcessor(&r.spans),
	)
	r.TracerProvider = provider
	t.Cleanup(func() { _ = provider.Shutdown(context.WithoutCancel(t.Context())) })
	return r
}

// Spans returns the ended spans in the order of their ends.
func (r *Recorder) Spans() []sdktrace.ReadOnlySpan { return r.spans.all() }

// Named returns the ended spans with a name, in the order of their ends.
func (r *Recorder) Named(name string) []sdktrace.ReadOnlySpan {
	return slices.DeleteFunc(r.Spans(), func(s sdktrace.ReadOnlySpan) bool { return s.Name() != name })
}

// Tree returns the ended spans in the form of the function [Tree].
func (r *Recorder) Tree() string { return Tree(r.Spans()) }
