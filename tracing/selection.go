package tracing

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// exporterVariable names the exporters to use.
const exporterVariable = "OTEL_TRACES_EXPORTER"

// none, as the only name in [exporterVariable], selects no exporter.
const none = "none"

// exporterPackages are the import paths of this module's exporters by their
// names, for the error about an exporter that the program does not link.
var exporterPackages = map[string]string{
	"otlp":    "github.com/sligo-go/sligo/tracing/otlp",
	"zipkin":  "github.com/sligo-go/sligo/tracing/zipkin",
	"console": "github.com/sligo-go/sligo/tracing/console",
}

// candidate is an exporter that can be used.
type candidate struct {
	Exporter
	path string // of the field that holds it
}

// namedExporter is an exporter in use.
type namedExporter struct {
	name     string
	exporter sdktrace.SpanExporter
}

// choose checks all exporters and returns those to use.
func choose(listed, selectable []candidate, r *env.Reader, errs *sli.FieldErrors) []candidate {
	all := append(listed, selectable...)
	for i, c := range all {
		c.check(all[:i], errs)
	}
	names := r.Words(exporterVariable)
	if names == nil {
		return all[:len(listed)]
	}
	return selectExporters(names, all, r)
}

func candidates(field string, exporters []Exporter) []candidate {
	var all []candidate
	for i, e := range exporters {
		all = append(all, candidate{e, fmt.Sprintf("%s[%d]", field, i)})
	}
	return all
}

// check adds the mistakes in an exporter; before are the exporters listed
// before it. A name must fit into a list of names and into a metric's label.
func (c candidate) check(before []candidate, errs *sli.FieldErrors) {
	switch {
	case c.Name == "":
		errs.Addf(c.path+".Name", "name is empty")
	case c.Name == none, !utf8.ValidString(c.Name), strings.ContainsAny(c.Name, ", \t\r\n"):
		errs.Addf(c.path+".Name", "invalid name %q: want UTF-8 without spaces and commas, and not %q", c.Name, none)
	case slices.ContainsFunc(before, func(b candidate) bool { return strings.EqualFold(b.Name, c.Name) }):
		errs.Addf(c.path+".Name", "duplicate exporter %q", c.Name)
	}
	if c.New == nil {
		errs.Addf(c.path+".New", "function is nil")
	}
}

// selectExporters returns the exporters that the environment lists.
func selectExporters(names []string, all []candidate, r *env.Reader) []candidate {
	var chosen []candidate
	for i, name := range names {
		at := slices.IndexFunc(all, func(c candidate) bool { return strings.EqualFold(c.Name, name) })
		switch {
		case slices.Contains(names[:i], name):
			r.Reject(exporterVariable, "duplicate exporter %q", name)
		case name == none && len(names) > 1:
			r.Reject(exporterVariable, "%q excludes other exporters", name)
		case name == none:
		case at >= 0:
			chosen = append(chosen, all[at])
		case exporterPackages[name] != "":
			r.Reject(exporterVariable, "exporter %q is not linked: import %q and add its Exporter to Options.Selectable", name, exporterPackages[name])
		default:
			r.Reject(exporterVariable, "unknown exporter %q: want one of %s", name, namesOf(all))
		}
	}
	return chosen
}

func namesOf(all []candidate) string {
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	return strings.Join(append(names, none), ", ")
}

// newExporters creates the chosen exporters and adds the mistakes in their own
// options.
func newExporters(chosen []candidate, lookup func(string) (string, bool), errs *sli.FieldErrors) []namedExporter {
	var created []namedExporter
	for _, c := range chosen {
		if c.New == nil {
			continue // check has reported it
		}
		exporter, err := c.New(lookup)
		if err == nil && exporter == nil {
			err = errors.New("function New returned no exporter")
		}
		addMistakes(c.path, err, errs)
		created = append(created, namedExporter{c.Name, exporter})
	}
	return created
}

// addMistakes adds an exporter's mistakes below its path. The path of a mistake
// in the environment remains the name of the variable.
func addMistakes(path string, err error, errs *sli.FieldErrors) {
	var flat sli.FieldErrors
	flat.Add("", err)
	joined, ok := flat.Err().(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, mistake := range joined.Unwrap() {
		var field *sli.FieldError
		if errors.As(mistake, &field) && strings.HasPrefix(field.Path, "OTEL_") {
			errs.Add("", mistake)
		} else {
			errs.Add(path, mistake)
		}
	}
}
