package tracing

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ForceFlush sends the ended spans to all exporters at once and waits for the
// exports. It gives up when ctx ends, or after 5 s if ctx has no deadline. Its
// error is described at [Provider.ForceFlush].
func (p *Processor) ForceFlush(ctx context.Context) error {
	if p == nil {
		return nil
	}
	return p.all(ctx, (*sending).forceFlush, (*ownProcessor).forceFlush)
}

// Shutdown sends the ended spans to all exporters at once and shuts the
// exporters down. When ctx ends, or after 5 s if ctx has no deadline, it
// cancels the exports. Spans that end later are dropped and counted, unless the
// TracerProvider is shut down, which removes its processors. The error and
// further calls are described at [Provider.Shutdown].
func (p *Processor) Shutdown(ctx context.Context) error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	first := p.shutdown == nil
	if first {
		p.shutdown = make(chan struct{})
	}
	p.mu.Unlock()
	if first {
		p.err = p.all(ctx, (*sending).shutdown, (*ownProcessor).shutdown)
		close(p.shutdown)
		return p.err
	}
	return p.waitForShutdown(ctx)
}

// waitForShutdown waits until the first Shutdown returns or ctx ends.
func (p *Processor) waitForShutdown(ctx context.Context) error {
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
	loss := func(s *sending, ctx context.Context) error { return s.loss(s.pipeline.snapshot(), ctx.Err()) }
	return p.all(ctx, loss, func(*ownProcessor, context.Context) error { return nil })
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

// all calls send for all sendings and process for the program's own processors,
// all at once, so that a dead receiver costs a healthy one no time.
func (p *Processor) all(ctx context.Context, send func(*sending, context.Context) error, process func(*ownProcessor, context.Context) error) error {
	ctx, cancel := withDefaultTimeout(ctx)
	defer cancel()
	errs := make([]error, len(p.sendings)+len(p.own))
	var wg sync.WaitGroup
	for i, s := range p.sendings {
		wg.Go(func() { errs[i] = send(s, ctx) })
	}
	for i, o := range p.own {
		wg.Go(func() { errs[len(p.sendings)+i] = process(o, ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
