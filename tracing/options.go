package tracing

import (
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/redact"
	"github.com/sligo-go/sligo/sli"
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
	// them, or if OTEL_EXPORTER_OTLP_PROTOCOL selects another transport of OTLP
	// than the one in Exporters. OTEL_TRACES_EXPORTER lists the names of the
	// exporters, in Selectable or in Exporters, that replace Exporters; "none"
	// means no exporter.
	Selectable []Exporter

	// Resource describes the service, for example by service.version. It
	// already has the names of the service, the host and the SDK.
	// OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME override it.
	Resource []attribute.KeyValue

	// Sampling selects the spans to record.
	Sampling Sampling

	// Batch configures how spans are queued and sent.
	Batch Batch

	// Processors see the spans that are recorded, before the exporters do, for
	// example to copy baggage into attributes. One that panics is logged, and
	// the span goes on. Spans that [Tail] keeps reach the exporters only.
	// [Provider.Shutdown] shuts the processors down.
	Processors []sdktrace.SpanProcessor

	// IDGenerator makes the IDs of traces and spans. Nil means random IDs. A
	// random ID also replaces an invalid one, and one whose generation panics.
	IDGenerator sdktrace.IDGenerator

	// Propagation configures how a trace crosses from one service to the next.
	// OTEL_PROPAGATORS overrides its formats.
	Propagation Propagation

	// Redactor replaces the secrets in spans before exporters and Processors
	// see them: in names, attributes, events, links, status texts and the
	// resource. Nil means [redact.Default].
	Redactor *redact.Redactor

	// Logger receives a line when an exporter begins to lose spans, at most one
	// a minute while it does, and one when it has recovered. It also receives
	// at most one line a minute about invalid baggage in requests, and about
	// each part of the options that panics. Nil writes lines of text to
	// standard error. OTEL_LOG_LEVEL sets the minimum level of the lines:
	// debug, info, warn, error, or none for no lines.
	Logger *slog.Logger

	// Globals also sets OpenTelemetry's global provider and propagator, for
	// libraries that accept no other. A tracer obtained from the global
	// provider earlier stays with the first provider that was set.
	Globals bool

	// LookupEnv reads an environment variable. Nil means [os.LookupEnv].
	LookupEnv func(name string) (value string, ok bool)
}

// delivery returns the part of the options that [NewProcessor] has, too.
func (o *Options) delivery() *ProcessorOptions {
	return &ProcessorOptions{
		Selectable: o.Selectable,
		Batch:      o.Batch,
		Tail:       o.Sampling.Tail,
		Redactor:   o.Redactor,
		Logger:     o.Logger,
		LookupEnv:  o.LookupEnv,
	}
}

// settings are the options after the environment and the defaults are applied.
type settings struct {
	delivery
	processors []sdktrace.SpanProcessor
	ids        sdktrace.IDGenerator
	resource   *resource.Resource
	sampler    sdktrace.Sampler
	limits     sdktrace.SpanLimits
	propagator propagation.TextMapPropagator
}

// resolve returns the settings and all mistakes in the options, the exporters
// and the environment. The settings are usable even if there are mistakes: a
// wrong one has its default.
func (o *Options) resolve(service string) (settings, error) {
	if o == nil {
		o = &Options{}
	}
	var errs sli.FieldErrors
	parts := o.delivery().withDefaults()
	r := parts.reader()
	s := settings{
		delivery:   parts.read(r, &errs),
		limits:     o.Sampling.limits(r),
		processors: o.processors(&errs),
		ids:        newIDGenerator(o.IDGenerator, parts.Logger),
	}
	s.maxText = s.limits.AttributeValueLengthLimit
	s.sampler = newSampler(o.Sampling.rootSampler(r, parts.Logger))
	s.resource = o.resource(service, r, &errs)
	var err error
	s.propagator, err = o.Propagation.resolve(r, parts.Logger)
	errs.Add("Propagation", err)
	parts.resolve(&s.delivery, o.Exporters, paths{"Exporters", "Sampling.Tail"}, r, &errs)
	return s, errs.Err()
}

// processors returns the processors and adds a mistake for each nil one.
func (o *Options) processors(errs *sli.FieldErrors) []sdktrace.SpanProcessor {
	var all []sdktrace.SpanProcessor
	for i, p := range o.Processors {
		if p == nil {
			errs.Addf(fmt.Sprintf("Processors[%d]", i), "processor is nil")
		} else {
			all = append(all, p)
		}
	}
	return all
}
