package tracing

import (
	"context"
	"log/slog"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Options configures [Start]. The zero Options and nil mean the defaults: every
// trace that begins in this process is sampled, and no span is exported.
//
// OpenTelemetry's environment variables override the options, so that the same
// program can be deployed anywhere.
type Options struct {
	// Exporters receive the spans, each through its own queue. Without
	// exporters there are still IDs for logs and for the called services.
	Exporters []Exporter

	// Selectable are exporters that are used only if OTEL_TRACES_EXPORTER names
	// them. That variable lists the names of the exporters, in Selectable or in
	// Exporters, that replace Exporters; "none" means no exporter.
	Selectable []Exporter

	// Resource describes the service, for example by service.version. It already
	// has the names of the service, the host and the SDK.
	// OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME override it.
	Resource []attribute.KeyValue

	// Sampling selects the spans to record.
	Sampling Sampling

	// Batch configures how spans are queued and sent.
	Batch Batch

	// Propagation configures how a trace crosses from one service to the next.
	// OTEL_PROPAGATORS overrides its formats.
	Propagation Propagation

	// Logger receives a line when an exporter begins to lose spans, at most one
	// a minute while it does, and one when it has recovered. It also receives at
	// most one line a minute about invalid baggage in requests. Nil writes lines
	// of text to standard error.
	Logger *slog.Logger

	// Globals also sets OpenTelemetry's global provider and propagator, for
	// libraries that accept no other. A tracer obtained from the global provider
	// earlier stays with the first provider that was set.
	Globals bool

	// LookupEnv reads an environment variable. Nil means [os.LookupEnv].
	LookupEnv func(name string) (value string, ok bool)
}

// settings are the options after the environment and the defaults are applied.
type settings struct {
	disabled   bool
	exporters  []namedExporter
	resource   *resource.Resource
	sampler    sdktrace.Sampler
	limits     sdktrace.SpanLimits
	tail       *Tail
	batch      Batch
	propagator propagation.TextMapPropagator
	logger     *slog.Logger
}

// close shuts down exporters that will not be used.
func (s *settings) close(ctx context.Context) {
	for _, e := range s.exporters {
		if e.exporter != nil {
			_ = guard.Do(func() error { return e.exporter.Shutdown(ctx) })
		}
	}
}

// resolve returns the settings and all mistakes in the options, the exporters
// and the environment. The propagator is usable even if there are mistakes.
func (o *Options) resolve(service string) (settings, error) {
	if o == nil {
		o = &Options{}
	}
	lookup := o.LookupEnv
	if lookup == nil {
		lookup = os.LookupEnv
	}
	r := env.NewReader(lookup)
	var errs sli.FieldErrors
	s := settings{
		disabled: r.Bool("OTEL_SDK_DISABLED"),
		limits:   o.Sampling.limits(r),
		tail:     o.Sampling.Tail,
		batch:    o.Batch.withEnv(r).withDefaults(),
		logger:   o.logger(),
	}
	s.sampler = newSampler(o.Sampling.rootSampler(r))
	s.resource = o.resource(service, r, &errs)
	s.batch.check(r, &errs)
	if s.tail != nil {
		s.tail.check(&errs)
	}
	var err error
	s.propagator, err = o.Propagation.resolve(r, s.logger)
	errs.Add("Propagation", err)
	chosen := o.choose(r, &errs)
	errs.Add("", r.Err())
	if !s.disabled {
		s.exporters = newExporters(chosen, lookup, &errs)
	}
	return s, errs.Err()
}

func (o *Options) logger() *slog.Logger {
	if o.Logger == nil {
		return slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	return o.Logger
}
