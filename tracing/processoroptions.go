package tracing

import (
	"log/slog"
	"os"

	"github.com/sligo-go/sligo/redact"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// ProcessorOptions configures [NewProcessor]. The zero ProcessorOptions and nil
// mean the defaults. OpenTelemetry's environment variables override them, also
// those that the SDK ignores: OTEL_SDK_DISABLED and OTEL_TRACES_EXPORTER.
type ProcessorOptions struct {
	// Selectable are exporters that are used only if OTEL_TRACES_EXPORTER or
	// OTEL_EXPORTER_OTLP_PROTOCOL selects them, as in [Options.Selectable].
	Selectable []Exporter

	// Batch configures how spans are queued and sent.
	Batch Batch

	// Tail keeps the spans of failed requests although they are not sampled.
	// Nil keeps none of them. The TracerProvider must record the spans, so it
	// needs the same Tail in the [Sampling] of its sampler.
	Tail *Tail

	// Redactor replaces the secrets in spans before any exporter sees them: in
	// names, attributes, events, links, status texts and the resource. Nil
	// means [redact.Default].
	Redactor *redact.Redactor

	// Logger receives the same lines about lost spans as [Options.Logger]. Nil
	// writes lines of text to standard error.
	Logger *slog.Logger

	// LookupEnv reads an environment variable. Nil means [os.LookupEnv].
	LookupEnv func(name string) (value string, ok bool)
}

func (o *ProcessorOptions) withDefaults() *ProcessorOptions {
	var c ProcessorOptions
	if o != nil {
		c = *o
	}
	if c.Logger == nil {
		c.Logger = newLogger()
	}
	if c.LookupEnv == nil {
		c.LookupEnv = os.LookupEnv
	}
	return &c
}

// newLogger returns the logger of options without one.
func newLogger() *slog.Logger { return slog.New(slog.NewTextHandler(os.Stderr, nil)) }

// delivery has the settings of a [Processor] after the environment and the
// defaults are applied.
type delivery struct {
	disabled  bool
	exporters []namedExporter
	batch     Batch
	tail      *Tail
	maxText   int // as in pack.Packer
	redaction *redaction
	logger    *slog.Logger
}

// paths are the places of options in errors.
type paths struct{ exporters, tail string }

// reader returns a reader of the environment, which also sets the minimum level
// of the logger.
func (o *ProcessorOptions) reader() *env.Reader {
	r := env.NewReader(o.LookupEnv)
	if level, ok := logLevel(r); ok {
		o.Logger = slog.New(leveled{o.Logger.Handler(), level})
	}
	return r
}

// read returns the settings without the exporters.
func (o *ProcessorOptions) read(r *env.Reader, errs *sli.FieldErrors) delivery {
	d := delivery{
		batch:     o.Batch.resolve(r, errs),
		tail:      o.Tail,
		maxText:   -1, // the TracerProvider has limits of its own
		redaction: newRedaction(o.Redactor),
		logger:    o.Logger,
	}
	r.Bool(&d.disabled, "OTEL_SDK_DISABLED")
	return d
}

// resolve creates the exporters of d. It adds all mistakes in the exporters,
// the options, and the variables that r has read, also for the caller.
func (o *ProcessorOptions) resolve(d *delivery, exporters []Exporter, at paths, r *env.Reader, errs *sli.FieldErrors) {
	if d.tail != nil {
		d.tail.check(at.tail, errs)
	}
	chosen := choose(candidates(at.exporters, exporters), candidates("Selectable", o.Selectable), r, errs)
	rejectUnsupported(r)
	errs.Add("", r.Err())
	if !d.disabled {
		d.exporters = newExporters(chosen, o.LookupEnv, errs)
	}
}

// rejectUnsupported adds a mistake for each variable that is set and about
// traces, but has no effect here. It does not quote a user or a password.
func rejectUnsupported(r *env.Reader) {
	for _, name := range []string{"OTEL_CONFIG_FILE", "OTEL_EXPERIMENTAL_CONFIG_FILE"} {
		if value, set := r.String(name); set {
			r.Reject(name, "cannot use %q: configuration files are not supported, the other variables and the options hold", value)
		}
	}
	if value, set := r.String("OTEL_ENTITIES"); set {
		r.Reject("OTEL_ENTITIES", "cannot use %q: entities are not supported, use OTEL_RESOURCE_ATTRIBUTES", value)
	}
	for _, setting := range []string{"PROTOCOL", "ENDPOINT", "TIMEOUT", "USER", "PASSWORD", "AGENT_HOST", "AGENT_PORT"} {
		name := "OTEL_EXPORTER_JAEGER_" + setting
		if _, set := r.String(name); set {
			r.Reject(name, "OpenTelemetry has removed this exporter: Jaeger receives OTLP, at OTEL_EXPORTER_OTLP_ENDPOINT")
		}
	}
}
