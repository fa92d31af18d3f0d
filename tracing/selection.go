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
	path  string // of the field that holds it
	byEnv bool   // only the environment selects it
}

// namedExporter is an exporter in use.
type namedExporter struct {
	name     string
	exporter sdktrace.SpanExporter
}

// choose checks all exporters and returns those to use.
func choose(listed, selectable []candidate, r *env.Reader, errs *sli.FieldErrors) []candidate {
	var usable []candidate
	for i, c := range append(listed, selectable...) {
		c.byEnv = i >= len(listed)
		if c.check(usable, errs) {
			usable = append(usable, c)
		}
	}
	var chosen []candidate
	for _, name := range chosenNames(usable, r) {
		chosen = append(chosen, transport(named(usable, name), r))
	}
	return chosen
}

func candidates(field string, exporters []Exporter) []candidate {
	var all []candidate
	for i, e := range exporters {
		all = append(all, candidate{Exporter: e, path: fmt.Sprintf("%s[%d]", field, i)})
	}
	return all
}

// check adds the mistakes in an exporter and reports whether it is usable;
// before are the usable exporters listed before it. A name must fit into a list
// of names and into a metric's label.
func (c candidate) check(before []candidate, errs *sli.FieldErrors) bool {
	usable := true
	reject := func(field, format string, args ...any) {
		errs.Addf(c.path+field, format, args...)
		usable = false
	}
	switch {
	case c.Name == "":
		reject(".Name", "name is empty")
	case c.Name == none, !utf8.ValidString(c.Name), strings.ContainsAny(c.Name, ", \t\r\n"):
		reject(".Name", "invalid name %q: want UTF-8 without spaces and commas, and not %q", c.Name, none)
	case slices.ContainsFunc(named(before, c.Name), c.conflicts):
		reject(".Name", "duplicate exporter %q", c.Name)
	}
	if c.New == nil {
		reject(".New", "function is nil")
	}
	return usable
}

// chosenNames returns the names of the exporters that the environment lists, or
// else the names in Options.Exporters.
func chosenNames(all []candidate, r *env.Reader) []string {
	listed := r.Words(exporterVariable)
	if len(listed) == 1 && listed[0] == none {
		return nil
	}
	var chosen []string
	for i, name := range listed {
		switch {
		case slices.Contains(listed[:i], name):
			r.Reject(exporterVariable, "duplicate exporter %q", name)
		case name == none:
			r.Reject(exporterVariable, "%q excludes other exporters", name)
		case named(all, name) != nil:
			chosen = append(chosen, name)
		case exporterPackages[name] != "":
			r.Reject(exporterVariable, "exporter %q is not linked: import %q and add its Exporter to Options.Selectable", name, exporterPackages[name])
		default:
			r.Reject(exporterVariable, "unknown exporter %q: want one of %s", name, namesOf(all))
		}
	}
	if chosen != nil {
		return chosen
	}
	for _, c := range all {
		if !c.byEnv && !slices.Contains(chosen, c.Name) {
			chosen = append(chosen, c.Name)
		}
	}
	return chosen
}

// named returns the exporters of a name in any case.
func named(all []candidate, name string) []candidate {
	var found []candidate
	for _, c := range all {
		if strings.EqualFold(c.Name, name) {
			found = append(found, c)
		}
	}
	return found
}

func namesOf(all []candidate) string {
	var names []string
	for _, c := range all {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return strings.Join(append(names, none), ", ")
}

// newExporters creates the chosen exporters and adds the mistakes in their own
// options.
func newExporters(chosen []candidate, lookup func(string) (string, bool), errs *sli.FieldErrors) []namedExporter {
	var created []namedExporter
	for _, c := range chosen {
		exporter, err := c.New(lookup)
		if err == nil && exporter == nil {
			err = errors.New("function New returned no exporter")
		}
		addMistakes(c.path, err, errs)
		if exporter != nil {
			created = append(created, namedExporter{c.Name, exporter})
		}
	}
	return created
}

// addMistakes adds an exporter's mistakes below its path. The path of a mistake
// in the environment remains the name of the variable.
func addMistakes(path string, err error, errs *sli.FieldErrors) {
	for _, m := range sli.Mistakes(err) {
		if strings.HasPrefix(m.Path, "OTEL_") {
			errs.Add("", m)
		} else {
			errs.Add(path, m)
		}
	}
}
