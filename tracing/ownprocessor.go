package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/internal/guard"
)

// ownProcessor is one of the program's processors in [Options.Processors]. It
// keeps a panic from the request whose span is processed.
type ownProcessor struct {
	processor sdktrace.SpanProcessor
	path      string // of its place in the options
	closed    atomic.Bool
	panics    failureLog
}

func newOwnProcessors(all []sdktrace.SpanProcessor, logger *slog.Logger) []*ownProcessor {
	var own []*ownProcessor
	for i, p := range all {
		path := fmt.Sprintf("Processors[%d]", i)
		own = append(own, &ownProcessor{processor: p, path: path, panics: failureLog{logger: logger, of: path}})
	}
	return own
}

func (o *ownProcessor) onStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	if o.closed.Load() {
		return
	}
	o.panics.note(guard.Call(func() { o.processor.OnStart(ctx, s) }))
}

func (o *ownProcessor) onEnd(s sdktrace.ReadOnlySpan) {
	if o.closed.Load() {
		return
	}
	o.panics.note(guard.Call(func() { o.processor.OnEnd(s) }))
}

func (o *ownProcessor) forceFlush(ctx context.Context) error {
	return o.bounded(ctx, o.processor.ForceFlush)
}

// shutdown shuts the processor down. It does not see the spans that end later.
func (o *ownProcessor) shutdown(ctx context.Context) error {
	o.closed.Store(true)
	return o.bounded(ctx, o.processor.Shutdown)
}

// bounded calls f, and stops waiting for it when the grace after the end of ctx
// is over.
func (o *ownProcessor) bounded(ctx context.Context, f func(context.Context) error) error {
	result := make(chan error, 1)
	go func() { result <- guard.Do(func() error { return f(ctx) }) }()
	var err error
	select {
	case err = <-result:
	case <-ctx.Done():
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case err = <-result:
		case <-timer.C:
			err = ctx.Err()
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", o.path, err)
	}
	return nil
}
