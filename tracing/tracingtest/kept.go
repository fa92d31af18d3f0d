package tracingtest

import (
	"context"
	"slices"
	"sync"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// kept is a processor that keeps the spans that have ended.
type kept struct {
	mu    sync.Mutex
	ended []sdktrace.ReadOnlySpan
}

func (k *kept) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

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

// ForceFlush has nothing to do.
func (k *kept) ForceFlush(context.Context) error { return nil }

// Shutdown has nothing to do.
func (k *kept) Shutdown(context.Context) error { return nil }
