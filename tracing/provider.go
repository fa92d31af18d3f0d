package tracing

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Provider is the tracing of a process, made by [Start]. Its methods are safe for concurrent use. A nil
// *Tracing and the zero Tracing record nothing and pass nothing on.
type Provider struct {
	provider   trace.TracerProvider
	propagator propagation.TextMapPropagator
	front      front

	shutdown    sync.Once
	shutdownErr error
}

// Start returns the tracing of a service: a provider of tracers, a propagator and a pipeline to each
// exporter. It never connects and never blocks, so a receiver that is down keeps no service from
// starting.
//
// What is wrong with the config, the exporters' configs and the environment is one error, of joined
// [*sli.FieldError] values. The Tracing that comes with it is usable: it records nothing, but passes
// traces on from callers to callees. A service does best to log the error and to go on.
//
// A nil config means the defaults, which export nothing. The end of ctx does not end the tracing,
// [Provider.Shutdown] does: the last spans are those of the service's own shutdown.
func Start(ctx context.Context, service string, config *Options) (*Provider, error) {
	s, err := config.resolve(service)
	t := &Provider{provider: noop.NewTracerProvider(), propagator: s.propagator}
	switch {
	case err != nil:
		s.close(ctx)
	case !s.disabled:
		t.record(s)
	}
	if config != nil && config.Globals {
		otel.SetTextMapPropagator(t.propagator)
		otel.SetTracerProvider(t.provider)
	}
	return t, err
}

// record makes the provider and the pipelines.
func (t *Provider) record(s settings) {
	for _, e := range s.exporters {
		t.front.pipelines = append(t.front.pipelines, newPipeline(e.name, e.exporter, s.batch, s.logger))
	}
	sampler := s.sampler
	if s.tail != nil {
		t.front.tail = newTail(s.tail, t.front.export)
		sampler = sdktrace.AlwaysRecord(sampler)
	}
	t.provider = sdktrace.NewTracerProvider(
		sdktrace.WithResource(s.resource),
		sdktrace.WithSampler(sampler),
		sdktrace.WithRawSpanLimits(s.limits),
		sdktrace.WithSpanProcessor(&t.front),
	)
}

// TracerProvider returns the provider of tracers. It is [noop]'s if OTEL_SDK_DISABLED says so, or if
// Start returned an error.
func (t *Provider) TracerProvider() trace.TracerProvider {
	if t == nil || t.provider == nil {
		return noop.NewTracerProvider()
	}
	return t.provider
}

// Propagator returns the propagator, which is never nil.
func (t *Provider) Propagator() propagation.TextMapPropagator {
	if t == nil || t.propagator == nil {
		return composite{}
	}
	return t.propagator
}

// Stats returns what became of the spans, for each exporter in the order of the config.
func (t *Provider) Stats() []Stats {
	if t == nil {
		return nil
	}
	all := make([]Stats, len(t.front.pipelines))
	for i, p := range t.front.pipelines {
		all[i] = p.Stats()
	}
	return all
}

// TailStats returns what became of the spans that were not sampled, and false without a [Tail].
func (t *Provider) TailStats() (TailStats, bool) {
	if t == nil || t.front.tail == nil {
		return TailStats{}, false
	}
	return t.front.tail.statsNow(), true
}

// ForceFlush sends the spans that have ended, to all exporters at once. It takes as long as ctx, or 5 s
// if that has no deadline. Its error is of joined [*LossError] values, one for each exporter that lost
// spans meanwhile or that has some left; nil means that all were delivered.
func (t *Provider) ForceFlush(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.front.ForceFlush(ctx)
}

// Shutdown sends the spans that have ended, to all exporters at once, and ends the tracing. It
// takes as long as ctx, or 5 s if that has no deadline, and then cancels what is being sent. Shut down
// the servers first: spans that end later are dropped, and counted.
//
// Its error is of joined [*LossError] values, one for each exporter that lost spans since the start;
// nil means that all spans were delivered. Only the first call does anything; the others return its
// error when it has ended.
func (t *Provider) Shutdown(ctx context.Context) error {
	if t == nil {
		return nil
	}
	// The provider is not shut down: it would take the front away, which counts the spans that come later.
	t.shutdown.Do(func() { t.shutdownErr = t.front.Shutdown(ctx) })
	return t.shutdownErr
}

// patience is for contexts without a deadline. Kubernetes leaves 30 s to a whole shutdown.
const patience = 5 * time.Second

// all calls f for all pipelines at once, so that a dead receiver takes nothing from a healthy one.
func (f *front) all(ctx context.Context, do func(*pipeline, context.Context) error) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	errs := make([]error, len(f.pipelines))
	var wg sync.WaitGroup
	for i, p := range f.pipelines {
		wg.Go(func() { errs[i] = do(p, ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
