package tracing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Options is how a service is traced. The zero Options and nil mean the defaults: every trace
// that begins here is sampled, and nothing is exported.
//
// OpenTelemetry's environment variables override the config, so that the same program can be
// deployed anywhere.
type Options struct {
	// Exporters are where the spans go, each by a queue of its own. None means that there are ids
	// for logs and for the callees, and nothing else.
	Exporters []Exporter

	// Selectable are exporters that are used only if OTEL_TRACES_EXPORTER names them. That variable
	// lists the names of exporters, here or in Exporters, to use instead of Exporters; beside them it
	// knows "console", which prints spans, and "none".
	Selectable []Exporter

	// Resource describes the service further, such as service.version. The service's name, the name
	// of the host and of the SDK are there already; OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME
	// override it.
	Resource []attribute.KeyValue

	// Sampling says which spans are recorded.
	Sampling Sampling

	// Batch says how spans are collected and sent.
	Batch Batch

	// Propagation says how a trace crosses from one service to the next. OTEL_PROPAGATORS overrides
	// its formats.
	Propagation Propagation

	// Logger gets a line when an exporter begins to lose spans, at most one a minute while it does,
	// and one when it has recovered; nil means lines of text on standard error.
	Logger *slog.Logger

	// Globals makes the provider and the propagator OpenTelemetry's global ones, which libraries use
	// that are not given any. A tracer that was taken from the global provider before stays with the
	// first provider that is set.
	Globals bool

	// LookupEnv reads an environment variable; nil means [os.LookupEnv].
	LookupEnv func(name string) (value string, ok bool)
}

// settings is what a config and the environment come to.
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

type namedExporter struct {
	name     string
	exporter sdktrace.SpanExporter
}

// close releases exporters that will not be used.
func (s *settings) close(ctx context.Context) {
	for _, e := range s.exporters {
		if e.exporter != nil {
			guard(func() { _ = e.exporter.Shutdown(ctx) })
		}
	}
}

// resolve returns the settings and everything that is wrong with them. The propagator is usable even so.
func (c *Options) resolve(service string) (settings, error) {
	if c == nil {
		c = &Options{}
	}
	lookup := c.LookupEnv
	if lookup == nil {
		lookup = os.LookupEnv
	}
	r := env.NewReader(lookup)
	var errs sli.FieldErrors
	s := settings{
		disabled: r.Bool("OTEL_SDK_DISABLED"),
		limits:   c.Sampling.limits(r),
		tail:     c.Sampling.Tail,
		batch:    c.Batch.withEnv(r).withDefaults(),
		logger:   c.Logger,
	}
	s.sampler = newSampler(c.Sampling.rootSampler(r))
	s.resource = c.resource(service, r, &errs)
	s.batch.check(&errs)
	if s.tail != nil {
		s.tail.check(&errs)
	}
	if s.logger == nil {
		s.logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	var err error
	s.propagator, err = c.Propagation.resolve(r)
	errs.Add("Propagation", err)
	chosen := c.choose(r, &errs)
	errs.Add("", r.Err())
	if !s.disabled {
		s.exporters = newExporters(chosen, lookup, &errs)
	}
	return s, errs.Err()
}

// choose returns the exporters to use.
func (c *Options) choose(r *env.Reader, errs *sli.FieldErrors) []Exporter {
	known := slices.Concat(c.Exporters, c.Selectable)
	for i, e := range known {
		path := fmt.Sprintf("Exporters[%d]", i)
		if i >= len(c.Exporters) {
			path = fmt.Sprintf("Selectable[%d]", i-len(c.Exporters))
		}
		switch {
		case e.Name == "", e.Name == "none", !utf8.ValidString(e.Name), strings.ContainsAny(e.Name, ", \t\r\n"):
			errs.Addf(path+".Name", "%q is no name", e.Name) // that a list and a metric's label can have
		case e.New == nil:
			errs.Addf(path+".New", "is missing from exporter %q", e.Name)
		case slices.ContainsFunc(known[:i], func(b Exporter) bool { return strings.EqualFold(b.Name, e.Name) }):
			errs.Addf(path+".Name", "%q is the name of two exporters", e.Name)
		}
	}
	names := r.Words("OTEL_TRACES_EXPORTER")
	if names == nil {
		return c.Exporters
	}
	return selectExporters(names, append(known, console()), r)
}

// selectExporters returns the exporters that OTEL_TRACES_EXPORTER lists.
func selectExporters(names []string, known []Exporter, r *env.Reader) []Exporter {
	const variable = "OTEL_TRACES_EXPORTER"
	var chosen []Exporter
	for i, name := range names {
		at := slices.IndexFunc(known, func(e Exporter) bool { return strings.EqualFold(e.Name, name) })
		switch {
		case slices.Contains(names[:i], name):
			r.Reject(variable, "%q stands twice", name)
		case name == "none" && len(names) > 1:
			r.Reject(variable, "%q stands with others", name)
		case name == "none":
		case at < 0:
			r.Reject(variable, "%q is not an exporter of this program, which has %s", name, namesOf(known))
		default:
			chosen = append(chosen, known[at])
		}
	}
	return chosen
}

func namesOf(exporters []Exporter) string {
	var names []string
	for _, e := range exporters {
		names = append(names, e.Name)
	}
	return strings.Join(append(names, "none"), ", ")
}

// newExporters makes the exporters, whose settings may have mistakes of their own.
func newExporters(chosen []Exporter, lookup func(string) (string, bool), errs *sli.FieldErrors) []namedExporter {
	var made []namedExporter
	for _, e := range chosen {
		if e.New == nil {
			continue // has been said
		}
		exporter, err := e.New(lookup)
		if err == nil && exporter == nil {
			err = errors.New("no exporter was returned by New")
		}
		errs.Add(e.Name, err)
		made = append(made, namedExporter{e.Name, exporter})
	}
	return made
}

// console prints spans as JSON to standard output.
func console() Exporter {
	return Exporter{Name: "console", New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) {
		return stdouttrace.New()
	}}
}
