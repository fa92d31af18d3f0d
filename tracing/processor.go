package tracing

import (
	"context"
	"errors"
	"sync"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// processor is the SDK's only span processor: it hands each ended span to every
// pipeline.
type processor struct {
	pipelines []*pipeline
	sendings  []*sending // of the pipelines, in the same order
	tail      *tail      // nil without tail sampling

	mu       sync.Mutex
	shutdown chan struct{} // made by the first Shutdown, closed when it returns
	err      error         // its result; set before shutdown is closed
}

// addExporter adds a pipeline and starts its sending.
func (p *processor) addExporter(e namedExporter, s settings) {
	pipe := newPipeline(s.batch)
	p.pipelines = append(p.pipelines, pipe)
	p.sendings = append(p.sendings, startSending(e, pipe, s.batch, s.logger))
}

// OnStart links a span that begins a trace to the stranger's span that it does
// not continue.
func (p *processor) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	if !s.Parent().IsValid() {
		if theirs, ok := strangerFrom(ctx); ok {
			s.AddLink(trace.Link{SpanContext: theirs})
		}
	}
	if p.tail != nil && !s.SpanContext().IsSampled() {
		p.tail.start(s)
	}
}

// OnEnd exports a sampled span and leaves any other to the tail.
func (p *processor) OnEnd(s sdktrace.ReadOnlySpan) {
	switch {
	case s.SpanContext().IsSampled():
		p.export(s)
	case p.tail != nil:
		p.tail.end(s)
	}
}

func (p *processor) export(s sdktrace.ReadOnlySpan) {
	for _, pipe := range p.pipelines {
		pipe.add(s)
	}
}

// ForceFlush implements [Provider.ForceFlush]. The SDK's provider calls it too.
func (p *processor) ForceFlush(ctx context.Context) error {
	return p.all(ctx, (*sending).forceFlush)
}

// Shutdown implements [Provider.Shutdown]. The SDK's provider calls it too.
func (p *processor) Shutdown(ctx context.Context) error {
	p.mu.Lock()
	first := p.shutdown == nil
	if first {
		p.shutdown = make(chan struct{})
	}
	p.mu.Unlock()
	if first {
		p.err = p.all(ctx, (*sending).shutdown)
		close(p.shutdown)
		return p.err
	}
	return p.waitForShutdown(ctx)
}

// waitForShutdown waits until the first Shutdown returns or ctx ends.
func (p *processor) waitForShutdown(ctx context.Context) error {
	select {
	case <-p.shutdown: // even if ctx has ended too
		return p.err
	default:
	}
	ctx, cancel := withDefaultTimeout(ctx)
	defer cancel()
	select {
	case <-p.shutdown:
		return p.err
	case <-ctx.Done():
	}
	return p.all(ctx, func(s *sending, ctx context.Context) error {
		return s.loss(s.pipeline.snapshot(), ctx.Err())
	})
}

// defaultTimeout bounds a flush or shutdown whose context has no deadline.
// Kubernetes allows 30 s for the whole shutdown of a pod.
const defaultTimeout = 5 * time.Second

func withDefaultTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, defaultTimeout)
}

// all calls do for all sendings at once, so that a dead receiver costs a
// healthy one no time.
func (p *processor) all(ctx context.Context, do func(*sending, context.Context) error) error {
	ctx, cancel := withDefaultTimeout(ctx)
	defer cancel()
	errs := make([]error, len(p.sendings))
	var wg sync.WaitGroup
	for i, s := range p.sendings {
		wg.Go(func() { errs[i] = do(s, ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// stats returns the counts of each exporter.
func (p *processor) stats() []Stats {
	all := make([]Stats, len(p.sendings))
	for i, s := range p.sendings {
		all[i] = Stats{Exporter: s.name, Counts: s.pipeline.snapshot()}
	}
	return all
}
