package slofile

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/sligo-go/sligo/internal/identifier"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// reader makes a File of a text.
type reader struct {
	*decoder
	source *source
	doc    document
	ids    map[string]int // the objectives by ID

	// lost says that an objective's indicator is not known. It may be the one
	// that no objective uses, or the objective that an environment changes.
	lost bool
}

// read decodes the text, and reports whether its content can be checked.
func (r *reader) read(data []byte) bool {
	document := parseDocument(data, r.problems)
	if document == nil {
		return false
	}
	root := document.Content[0]
	if version := versionOf(root); version != nil && version.Value != Version {
		r.addf(version, "version", "unknown version %q: want %q", version.Value, Version)
		return false
	}
	r.value(root, "", reflect.ValueOf(&r.doc).Elem())
	if r.failed[""] || r.nodes > maxNodes {
		return false
	}
	if r.doc.Version == "" {
		r.missing("version", "want %q", Version)
	}
	r.source.environments = slices.Sorted(maps.Keys(r.doc.Environments))
	return true
}

// versionOf returns the node of a file's version. A file of another version has
// other fields, which are not mistakes.
func versionOf(root *yaml.Node) *yaml.Node {
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		if value := target(root.Content[i+1]); root.Content[i].Value == "version" && value.Kind == yaml.ScalarNode && !isNull(value) {
			return value
		}
	}
	return nil
}

// missing reports a required value, unless it has another mistake.
func (r *reader) missing(path, format string, args ...any) {
	if !r.failed[path] {
		r.problems.addf(r.source.place(path), path, "required: "+format, args...)
		r.failed[path] = true
	}
}

// content returns the content without an environment.
func (r *reader) content() *File {
	r.services()
	indices := r.indicators()
	used := make([]bool, len(r.doc.Indicators))
	for i := range r.doc.Objectives {
		path := fmt.Sprintf("objectives[%d].indicator", i)
		ref := r.doc.Objectives[i].Indicator.Name
		r.doc.Objectives[i].Indicator = sli.Indicator{}
		k, found := indices[r.id(ref)]
		if !found {
			k, found = indices[r.doc.Service+"/"+ref] // a wrong name with a slash
		}
		switch {
		case found:
			r.doc.Objectives[i].Indicator = r.doc.Indicators[k]
			r.source.moved[path] = fmt.Sprintf("indicators[%d]", k)
			used[k] = true
		case ref == "":
			r.lost = true
			r.missing(path, "want the name of an indicator")
		default:
			r.lost = true
			r.fail(path, "unknown indicator %q%s", ref, r.suggest(ref, indices))
		}
	}
	r.unused(used)
	return &File{
		Objectives: r.doc.Objectives, Policy: r.doc.Policy,
		Matchers: r.doc.Matchers, Exclusions: r.doc.Exclusions, source: r.source,
	}
}

// unused reports indicators without an objective, which nothing would read.
func (r *reader) unused(used []bool) {
	if len(r.doc.Objectives) == 0 || r.lost {
		return
	}
	for k, ind := range r.doc.Indicators {
		if path := fmt.Sprintf("indicators[%d]", k); !used[k] && ind.Name != "" && !r.failed[path+".name"] {
			r.fail(path, `no objective uses indicator %q: want one, with "stage: measure" if nothing is promised yet`, ind.Name)
		}
	}
}

// fail reports a mistake in the value of a path, unless it has another one.
func (r *reader) fail(path, format string, args ...any) {
	if !r.failed[path] {
		r.failed[path] = true
		r.problems.addf(r.source.place(path), path, format, args...)
	}
}

// failName reports a mistake in the name that is the key of a path, unless the
// value has another one.
func (r *reader) failName(path, format string, args ...any) {
	if !r.failed[path] {
		r.failed[path] = true
		r.problems.addf(r.names[path], path, format, args...)
	}
}

// services gives indicators without a service the file's.
func (r *reader) services() {
	for k := range r.doc.Indicators {
		ind := &r.doc.Indicators[k]
		own := fmt.Sprintf("indicators[%d].service", k)
		if ind.Service != "" || r.failed[own] {
			continue
		}
		ind.Service = r.doc.Service
		if r.doc.Service == "" {
			r.missing("service", `want a name such as "users"`)
			r.failed[own] = true
		}
	}
}

// indicators checks the indicators, and returns their indices by ID.
func (r *reader) indicators() map[string]int {
	indices := make(map[string]int, len(r.doc.Indicators))
	for k, ind := range r.doc.Indicators {
		path := fmt.Sprintf("indicators[%d]", k)
		r.report(path, checkIndicator(ind), "")
		id := ind.Service + "/" + ind.Name
		if same, twice := indices[id]; !twice {
			indices[id] = k
		} else if ind.Name != "" {
			r.fail(path+".name", "duplicate indicator %q: indicators[%d] has it", id, same)
		}
	}
	return indices
}

// checkIndicator reports the mistakes that an objective of the indicator has
// by its definition.
func checkIndicator(ind sli.Indicator) error {
	valid := slo.Objective{Indicator: ind, Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("30d")}
	var errs sli.FieldErrors
	for _, e := range sli.Mistakes(valid.Validate()) {
		errs.Add(strings.TrimPrefix(e.Path, "Indicator."), e.Err)
	}
	return errs.Err()
}

// id returns the ID for a name. A name without a service is of the file's.
func (r *reader) id(name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	return r.doc.Service + "/" + name
}

// maxSuggestions is the number of names that are compared with a wrong one.
const maxSuggestions = 1000

// suggest returns "; did you mean x?" if a known ID is similar to a name.
func (r *reader) suggest(name string, indices map[string]int) string {
	if r.full() || len(indices) > maxSuggestions {
		return "" // for nobody to read, or too slow
	}
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(indices)), func(id string) bool { return !isID(id) })
	meant := nearest(r.id(name), ids)
	if meant == "" {
		for _, id := range ids {
			if strings.HasSuffix(id, "/"+name) {
				meant = id // of another service
			}
		}
	}
	if meant == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", strings.TrimPrefix(meant, r.doc.Service+"/"))
}

// isID reports whether a text is an ID. Names with mistakes are not suggested.
func isID(text string) bool {
	service, name, _ := strings.Cut(text, "/")
	return service != "" && name != "" && identifier.Check(service) == nil && identifier.Check(name) == nil
}

// check reports the mistakes of the content without an environment.
func (r *reader) check(f *File) {
	if len(f.Objectives) == 0 {
		r.missing("objectives", "want at least one objective")
	}
	objectives := slices.Clone(f.Objectives)
	for i := range objectives {
		objectives[i] = withoutDefinition(objectives[i])
	}
	for _, e := range sli.Mistakes(slo.Validate(objectives)) {
		if _, field, _ := strings.Cut(e.Path, "."); !strings.HasPrefix(field, "Indicator") {
			r.report("", e, "")
		}
	}
	r.report("policy", f.Policy.Validate(), "")
	r.report("matchers", validateMatchers(f.Matchers), "")
	r.report("exclusions", validateExclusions(f.Exclusions), "")
}

// withoutDefinition returns an objective of an indicator with the same name
// and service only. Each indicator is checked once, and not again for each of
// its objectives.
func withoutDefinition(o slo.Objective) slo.Objective {
	o.Indicator = sli.Indicator{Service: o.Indicator.Service, Name: o.Indicator.Name}
	return o
}

// report adds the mistakes of a value at a path. It leaves out those that
// follow from a mistake that is reported already.
func (r *reader) report(path string, err error, suffix string) {
	var errs sli.FieldErrors
	errs.Add(path, err)
	for _, e := range sli.Mistakes(errs.Err()) {
		at := r.source.path(e.Path)
		if place := r.source.place(at); !r.follows(at) && !r.hides(place, at) {
			r.problems.addf(place, at, "%w%s", reword(e.Err), suffix)
		}
	}
}

// follows reports whether a value, a value that contains it, or the value that
// it must suit has a mistake.
func (r *reader) follows(path string) bool {
	for at := path; at != ""; at = parent(at) {
		if r.failed[at] {
			return true
		}
	}
	for key, other := range map[string]string{"until": "from", "short": "long", "end": "start"} {
		if before, ok := strings.CutSuffix(path, "."+key); ok && r.failed[before+"."+other] {
			return true
		}
	}
	return false
}
