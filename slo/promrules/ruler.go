package promrules

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
)

// Split returns the rules in groups of at most maxRules rules, at least 2, for
// a ruler with such a limit. The rules keep their order, and rules for good and
// for valid events stay together. The parts of a group are named by a number,
// "sligo:users:availability:2".
//
// Parts are evaluated on their own. A rule that reads a series of an earlier
// part may see the value of the evaluation before, so that each part between a
// counter and an alert delays it by up to a minute. docs/rules.md has the
// delays. Split returns a [*sli.FieldError] if maxRules is too small.
func (r *Rules) Split(maxRules int) (*Rules, error) {
	if maxRules < 2 {
		return nil, &sli.FieldError{Path: "maxRules", Err: fmt.Errorf("invalid maximum %d: want at least 2, because good and valid must see the same samples", maxRules)}
	}
	split := &Rules{indicators: r.indicators, split: r.split}
	for _, g := range r.Groups {
		parts := partition(g.Rules, maxRules)
		split.split = split.split || len(parts) > 1
		for i, rules := range parts {
			part := g
			part.Rules = rules
			if len(parts) > 1 {
				part.Name = fmt.Sprintf("%s:%d", g.Name, i+1)
			}
			split.Groups = append(split.Groups, part)
		}
	}
	return split, nil
}

// partition divides rules into parts of at most most rules, as few as possible,
// without separating two rules of the same level or window.
func partition(rules []Rule, most int) [][]Rule {
	var parts [][]Rule
	start := 0
	for i := 0; i < len(rules); {
		size := 1
		if i+1 < len(rules) && isPair(rules[i], rules[i+1]) {
			size = 2
		}
		if i+size-start > most {
			parts = append(parts, rules[start:i:i])
			start = i
		}
		i += size
	}
	return append(parts, rules[start:len(rules):len(rules)])
}

func isPair(a, b Rule) bool {
	other := strings.Replace(a.Record, ":"+promtext.SignalGood+":", ":"+promtext.SignalValid+":", 1)
	return a.Record != "" && other != a.Record && other == b.Record
}

// Mimir returns the rules as a rule file of mimirtool, for a namespace of the
// ruler of Grafana Mimir. It reports mistakes as joined [*sli.FieldError]
// values.
//
// If there are source tenants, the raw counters are read from these. The rules
// that read them are then in groups of their own, named
// "sligo:users:availability:sources". All others read what these record in the
// ruler's tenant, because a federated group reads nothing but its source
// tenants. An alert may come a minute later.
//
// Mimir limits the rules of a group, by default to 20: see [Rules.Split].
func (r *Rules) Mimir(namespace string, sourceTenants ...string) ([]byte, error) {
	var errs sli.FieldErrors
	if namespace == "" || strings.TrimSpace(namespace) != namespace || strings.ContainsFunc(namespace, special) {
		errs.Addf("namespace", "invalid namespace %q: want a name without quotes, and spaces only inside", namespace)
	}
	var tenants []string
	for i, tenant := range sourceTenants {
		errs.Add(fmt.Sprintf("sourceTenants[%d]", i), checkTenant(tenant))
		tenants = append(tenants, quote(tenant))
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	var w writer
	w.line(0, "namespace: %s", quote(namespace))
	if len(tenants) == 0 || len(r.Groups) == 0 {
		w.groups(0, r.Groups)
		return w.Bytes(), nil
	}
	w.line(0, "groups:")
	for _, g := range r.Groups {
		w.federated(g, "source_tenants: ["+strings.Join(tenants, ", ")+"]")
	}
	return w.Bytes(), nil
}

// federated writes the rules of a group that read raw counters, with a line for
// their source, and then the others.
func (w *writer) federated(g Group, source string) {
	sources, others := g, g
	sources.Rules, others.Rules = nil, nil
	for _, rule := range g.Rules {
		if rawSeries.MatchString(rule.Expr) {
			sources.Rules = append(sources.Rules, rule)
		} else {
			others.Rules = append(others.Rules, rule)
		}
	}
	if len(sources.Rules) > 0 {
		sources.Name += ":sources"
		w.group(0, sources, source)
	}
	if len(others.Rules) > 0 {
		w.group(0, others)
	}
}

// rawSeries matches the selectors of series that the rules do not record.
var rawSeries = regexp.MustCompile(`\b(` + strings.Join([]string{
	promtext.MetricGoodEvents, promtext.MetricValidEvents, promtext.MetricIgnoredEvents, promtext.MetricOverdueEvents,
}, "|") + `)\{`)

// checkTenant accepts the names of tenants in Mimir.
func checkTenant(name string) error {
	const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!-_.*'()"
	switch {
	case name == "":
		return errors.New("name is empty")
	case len(name) > 150, strings.Trim(name, characters) != "", name == ".", name == "..":
		return fmt.Errorf("invalid tenant %q: want at most 150 letters, digits and characters of \"!-_.*'()\"", name)
	}
	return nil
}

// Thanos returns the rules as a rule file of Thanos Ruler. If a store does not
// answer, a group fails and is evaluated again in the next minute. With
// partial, it uses the answers of the other stores, so that the counts may be
// too small.
func (r *Rules) Thanos(partial bool) []byte {
	strategy := "abort"
	if partial {
		strategy = "warn"
	}
	var w writer
	w.groups(0, r.Groups, "partial_response_strategy: "+strategy)
	return w.Bytes()
}
