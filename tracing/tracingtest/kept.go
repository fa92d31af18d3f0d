package tracingtest

import (
	"context"
	"slices"
	"sync"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// kept is a span processor that keeps the ended spans.
type kept struct {
	mu    sync.Mutex
	ended []sdktrace.ReadOnlySpan
}

// OnStart does nothing.
func (k *kept) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// OnEnd keeps a span.
func (k *kept) OnEnd(s sdktrace.ReadOnlySpan) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ended = append(k.ended, s)
}

func (k *kept) all() []sdktrace.ReadOnlySpan {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.ended)
}

// ForceFlush does nothing.
func (k *kept) ForceFlush(context.Context) error { return nil }

// Shutdown does nothing: the spans stay.
func (k *kept) Shutdown(context.Context) error { return nil }
