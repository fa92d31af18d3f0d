package tracing

import (
	"context"
	"log/slog"
	"os"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// ProcessorOptions configures [NewProcessor]. The zero ProcessorOptions and nil
// mean the defaults. OpenTelemetry's environment variables override them, also
// those that the SDK ignores: OTEL_SDK_DISABLED and OTEL_TRACES_EXPORTER.
type ProcessorOptions struct {
	// Selectable are exporters that are used only if OTEL_TRACES_EXPORTER names
	// them.
	Selectable []Exporter

	// Batch configures how spans are queued and sent.
	Batch Batch

	// Tail keeps the spans of failed requests although they are not sampled. Nil
	// keeps none of them. The TracerProvider must record the spans, so it needs
	// the same Tail in the [Sampling] of its sampler.
	Tail *Tail

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
	logger    *slog.Logger
}

// paths are the places of options in errors.
type paths struct{ exporters, tail string }

// read returns the settings without the exporters.
func (o *ProcessorOptions) read(r *env.Reader) delivery {
	return delivery{
		disabled: r.Bool("OTEL_SDK_DISABLED"),
		batch:    o.Batch.withEnv(r).withDefaults(),
		tail:     o.Tail,
		logger:   o.Logger,
	}
}

// resolve creates the exporters of d. It adds all mistakes in the exporters,
// the options, and the variables that r has read, also for the caller.
func (o *ProcessorOptions) resolve(d *delivery, exporters []Exporter, at paths, r *env.Reader, errs *sli.FieldErrors) {
	d.batch.check(r, errs)
	if d.tail != nil {
		d.tail.check(at.tail, errs)
	}
	chosen := choose(candidates(at.exporters, exporters), candidates("Selectable", o.Selectable), r, errs)
	errs.Add("", r.Err())
	if !d.disabled {
		d.exporters = newExporters(chosen, o.LookupEnv, errs)
	}
}

// close shuts down exporters that will not be used.
func (d *delivery) close() {
	ctx, cancel := context.WithTimeout(context.Background(), defaultTimeout)
	defer cancel()
	for _, e := range d.exporters {
		if e.exporter != nil {
			_ = guard.Do(func() error { return e.exporter.Shutdown(ctx) })
		}
	}
}
