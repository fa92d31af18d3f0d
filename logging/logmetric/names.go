package logmetric

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sligo-go/sligo/sli"
)

// reserved are the families of package logprom itself, counters without the
// suffix _total.
var reserved = []struct{ counter, gauge string }{
	{counter: "log_lines"},
	{counter: "log_excluded_lines"},
	{counter: "log_sink_lines"},
	{counter: "log_errors"},
	{counter: "log_new_issues"},
	{counter: "log_regressed_issues"},
	{counter: "log_unreadable_fields"},
	{gauge: "log_issues"},
	{gauge: "log_sink_queued_lines"},
}

// names are the names that a registry of Prometheus knows, with their owners.
// A registry refuses two families of one name, and a family that has the name
// of another's series. In OpenMetrics the family of the counter x_total is x.
type names map[string]string

func newNames() names {
	n := make(names)
	for _, r := range reserved {
		if r.gauge != "" {
			n.claim("package logprom", family+r.gauge, r.gauge)
		} else {
			n.claim("package logprom", counterNames(r.counter)...)
		}
	}
	return n
}

const family = "family " // keeps names of families apart from names of series

func counterNames(name string) []string {
	return []string{family + name, name + "_total", name + "_created"}
}

func histogramNames(name string) []string {
	return []string{family + name, name, name + "_bucket", name + "_count", name + "_sum", name + "_created"}
}

// claim takes names for an owner. It returns the owner of a name that is taken,
// or "".
func (n names) claim(owner string, list ...string) (other string) {
	for _, name := range list {
		if n[name] == "" {
			n[name] = owner
		} else if other == "" {
			other = n[name]
		}
	}
	return other
}

// add takes the names of rules[i], or reports that they are taken.
func (n names) add(errs *sli.FieldErrors, i int, r *Rule) {
	list := counterNames(r.Name)
	if r.Field != "" {
		list = histogramNames(r.Name)
	}
	owner := fmt.Sprintf("rules[%d]", i)
	if other := n.claim(owner, list...); other != "" {
		errs.Addf(owner+".Name", "name %q collides with a metric of %s", r.Name, other)
	}
}

func (r *Rule) validateName(errs *sli.FieldErrors) {
	if !validName.MatchString(r.Name) {
		errs.Addf("Name", "invalid name %q: want letters, digits and underscores", r.Name)
	}
	if strings.HasSuffix(r.Name, "_total") {
		errs.Addf("Name", "invalid name %q: want it without _total, which a counter gains", r.Name)
	}
	if !utf8.ValidString(r.Help) {
		errs.Addf("Help", "invalid text %q: want UTF-8", r.Help)
	}
}
