package tracing

import (
	"context"
	"sync"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/pack"
)

// Processor is an [sdktrace.SpanProcessor] that delivers the ended spans to
// exporters. It is the part of [Provider] for a program that has a
// TracerProvider of its own. Create one with [NewProcessor]. Its methods are
// safe for concurrent use. A nil *Processor and the zero Processor export
// nothing.
type Processor struct {
	pipelines []*pipeline
	sendings  []*sending // of the pipelines, in the same order
	tail      *tail      // nil without tail sampling
	own       []*ownProcessor
	packer    pack.Packer
	redaction *redaction // of the spans for own

	mu       sync.Mutex
	shutdown chan struct{} // made by the first Shutdown, closed when it returns
	err      error         // its result; set before shutdown is closed
}

// NewProcessor returns a processor for a TracerProvider that the program
// makes. It queues, retries and counts as the exporters of [Start] do, and
// never connects or blocks. Nil options mean the defaults.
//
//	processor, err := tracing.NewProcessor(exporters, nil)
//	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(processor))
//
// At the end, shut down the processor, then the TracerProvider: that one shuts
// down its processors one after the other, and skips the rest when its context
// ends. The propagator and the sampler of Start are [NewPropagator] and
// [Sampling.Sampler].
//
// Its error reports all mistakes in the exporters, the options and the
// environment like the error of Start. The processor works even then, with the
// defaults of the wrong settings.
func NewProcessor(exporters []Exporter, opts *ProcessorOptions) (*Processor, error) {
	o := opts.withDefaults()
	r := o.reader()
	var errs sli.FieldErrors
	d := o.read(r, &errs)
	o.resolve(&d, exporters, paths{"exporters", "Tail"}, r, &errs)
	p := &Processor{}
	p.start(d)
	return p, errs.Err()
}

// start begins the delivery unless that is disabled.
func (p *Processor) start(d delivery) {
	if d.disabled {
		return
	}
	p.packer.MaxText = d.maxText
	for _, e := range d.exporters {
		pipe := newPipeline(d.batch)
		p.pipelines = append(p.pipelines, pipe)
		p.sendings = append(p.sendings, startSending(e, pipe, d))
	}
	if d.tail != nil {
		p.tail = newTail(d.tail, &p.packer, p.export)
	}
}

// OnStart implements [sdktrace.SpanProcessor]. It links a span that begins a
// trace to the stranger's span that it does not continue; see
// [Propagation.Public].
func (p *Processor) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	if p == nil {
		return
	}
	if !s.Parent().IsValid() {
		if theirs, ok := strangerFrom(ctx); ok {
			s.AddLink(trace.Link{SpanContext: theirs})
		}
	}
	for _, own := range p.own {
		own.onStart(ctx, s)
	}
	if p.tail != nil && !s.SpanContext().IsSampled() {
		p.tail.start(s)
	}
}

// OnEnd implements [sdktrace.SpanProcessor]. It queues a sampled span for the
// exporters and leaves any other to the tail.
func (p *Processor) OnEnd(s sdktrace.ReadOnlySpan) {
	if p == nil {
		return
	}
	if len(p.own) > 0 {
		redacted := p.redaction.span(s)
		for _, own := range p.own {
			own.onEnd(redacted)
		}
	}
	switch {
	case s.SpanContext().IsSampled():
		if len(p.pipelines) > 0 {
			p.export(p.packer.Pack(s))
		}
	case p.tail != nil:
		p.tail.end(s)
	}
}

func (p *Processor) export(s *pack.Span) {
	for _, pipe := range p.pipelines {
		pipe.add(s)
	}
}

// Exporting reports whether spans that end now are given to an exporter. It is
// false without exporters, if none of them could start, if OTEL_SDK_DISABLED is
// true, and once the shutdown has begun.
func (p *Processor) Exporting() bool {
	if p == nil || len(p.pipelines) == 0 {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shutdown == nil
}

// Stats returns the counts of spans for each exporter in use, in the order of
// the exporters or of OTEL_TRACES_EXPORTER.
func (p *Processor) Stats() []Stats {
	if p == nil {
		return nil
	}
	all := make([]Stats, len(p.sendings))
	for i, s := range p.sendings {
		all[i] = s.pipeline.stats()
		all[i].Exporter = s.name
	}
	return all
}

// TailStats returns the counts of spans that were not sampled. It returns false
// without a [Tail].
func (p *Processor) TailStats() (TailStats, bool) {
	if p == nil || p.tail == nil {
		return TailStats{}, false
	}
	return p.tail.statsNow(), true
}
