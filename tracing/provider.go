package tracing

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Provider holds the tracers, the propagator and the exporters of a process.
// Create one with [Start]. Its methods are safe for concurrent use. A nil
// *Provider and the zero Provider record nothing and propagate nothing.
type Provider struct {
	tracers    trace.TracerProvider
	propagator propagation.TextMapPropagator
	processor  Processor
	unsampled  bool // no span is ever exported
}

// Start sets up tracing for a service and returns its provider. It never
// connects and never blocks, so a receiver that is down does not keep the
// service from starting. Nil options mean the defaults, which export nothing.
//
// Start reports all mistakes in the options, the exporters and the
// environment as one error that joins [*sli.FieldError] values. The path of a
// mistake in the environment is the name of the variable. The provider works
// even then, because a typing error in a variable must not end tracing: a wrong
// setting has the value that it would have if it were absent, the valid
// elements of a list hold, and so do all other settings. Only exporters that
// cannot be created are left out. A service should log the error and continue.
//
// The provider outlives ctx, because the last spans describe the service's own
// shutdown. Call [Provider.Shutdown] to end it.
func Start(ctx context.Context, service string, opts *Options) (*Provider, error) {
	s, err := opts.resolve(service)
	p := &Provider{tracers: noop.NewTracerProvider(), propagator: s.propagator}
	p.processor.start(s.delivery)
	p.processor.own = newOwnProcessors(s.processors, s.logger)
	p.processor.redaction = s.redaction
	if !s.disabled {
		p.tracers = p.record(s)
	}
	if opts != nil && opts.Globals {
		otel.SetTextMapPropagator(p.propagator)
		otel.SetTracerProvider(p.tracers)
	}
	return p, err
}

// record returns the tracers of the processor.
func (p *Provider) record(s settings) trace.TracerProvider {
	sampler := s.sampler
	if s.tail != nil {
		sampler = sdktrace.AlwaysRecord(sampler)
	}
	p.unsampled = isNever(sampler)
	return newTracers(sampler, s.ids,
		sdktrace.WithResource(s.resource),
		sdktrace.WithRawSpanLimits(s.limits),
		sdktrace.WithSpanProcessor(&p.processor),
	)
}

// TracerProvider returns the provider of tracers, which is never nil. It is a
// [noop.TracerProvider] if OTEL_SDK_DISABLED is true.
func (p *Provider) TracerProvider() trace.TracerProvider {
	if p == nil || p.tracers == nil {
		return noop.NewTracerProvider()
	}
	return p.tracers
}

// Propagator returns the propagator, which is never nil.
func (p *Provider) Propagator() propagation.TextMapPropagator {
	if p == nil || p.propagator == nil {
		return composite{}
	}
	return p.propagator
}

// Stats returns the counts of spans for each exporter in use, in the order of
// the options or of OTEL_TRACES_EXPORTER.
func (p *Provider) Stats() []Stats {
	if p == nil {
		return nil
	}
	return p.processor.Stats()
}

// Exporting reports whether tracing is on: sampled spans that end now are given
// to an exporter. It is false without exporters, if none of them could start,
// if the environment disables tracing by OTEL_SDK_DISABLED, by the exporter
// "none" or by the sampler "always_off" without a [Tail], and once the shutdown
// has begun. [Options.Processors] do not count.
func (p *Provider) Exporting() bool {
	return p != nil && !p.unsampled && p.processor.Exporting()
}

// TailStats returns the counts of spans that were not sampled. It returns false
// without a [Tail].
func (p *Provider) TailStats() (TailStats, bool) {
	if p == nil {
		return TailStats{}, false
	}
	return p.processor.TailStats()
}

// ForceFlush sends the ended spans to all exporters at once and waits for the
// exports. It gives up when ctx ends, or after 5 s if ctx has no deadline.
//
// Its error joins one [*telemetry.LossError] for each exporter that lost spans
// meanwhile, or that still had some queued when ForceFlush gave up. Nil means
// that all were delivered.
func (p *Provider) ForceFlush(ctx context.Context) error {
	if p == nil {
		return nil
	}
	return p.processor.ForceFlush(ctx)
}

// Shutdown sends the ended spans to all exporters at once and ends tracing.
// When ctx ends, or after 5 s if ctx has no deadline, it cancels the exports.
// Shut down the servers first: spans that end later are dropped and counted.
//
// Its error joins one [*telemetry.LossError] for each exporter that lost
// spans since the start. Nil means that all were delivered. Only the first
// call has an effect. The others wait for it and return its error, or give up
// like ForceFlush.
func (p *Provider) Shutdown(ctx context.Context) error {
	if p == nil {
		return nil
	}
	// The SDK's provider is not shut down: it would remove the processor, which
	// counts the spans that end later.
	return p.processor.Shutdown(ctx)
}
