package promrules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Rules are the rules of objectives, ready to be written.
type Rules struct {
	// Groups are the groups in the order of the objectives. A group is evaluated
	// on its own, and reads the samples of others as they were recorded last.
	Groups []Group

	indicators []*indicator
	// split is set if a group of an indicator is divided.
	split bool
}

// Generate returns the rules of objectives. It reports all mistakes in the
// objectives and the options at once, as joined [*sli.FieldError] values with
// paths such as "objectives[2].Window" and "Options.Matchers[0]": the mistakes
// that [slo.Validate] reports, everything that the rules cannot express, and
// alerts that cannot fire. Nil options mean the defaults.
//
// The objectives of one indicator share the levels of their counters, so pass
// them in one call.
func Generate(objectives []slo.Objective, options *Options) (*Rules, error) {
	o := options.withDefaults()
	matchers, err := parseMatchers(o.Matchers)
	var errs sli.FieldErrors
	errs.Add("Options", errors.Join(o.validate(), err))
	if invalid := slo.Validate(objectives); invalid != nil {
		errs.Add("", invalid)
	} else {
		errs.Add("", check(objectives, o, matchers))
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	r := new(Rules)
	for _, own := range byIndicators(objectives) {
		ind := newIndicator(o, matchers, own)
		r.indicators = append(r.indicators, ind)
		r.Groups = append(r.Groups, ind.group(), ind.dayGroup())
	}
	return r, nil
}

// parseMatchers parses the matchers, sorted by their labels, and reports all
// mistakes.
func parseMatchers(texts []string) ([]promtext.Matcher, error) {
	var errs sli.FieldErrors
	matchers := promtext.ParseMatchers(texts, func(i int, err error) { errs.Add(fmt.Sprintf("Matchers[%d]", i), err) })
	slices.SortFunc(matchers, func(a, b promtext.Matcher) int { return strings.Compare(a.Label, b.Label) })
	return matchers, errs.Err()
}

// byIndicators returns the objectives of each indicator, in the order of their
// first objectives.
func byIndicators(objectives []slo.Objective) [][]slo.Objective {
	type id struct{ service, name string }
	var all [][]slo.Objective
	places := make(map[id]int)
	for _, o := range objectives {
		key := id{o.Indicator.Service, o.Indicator.Name}
		place, seen := places[key]
		if !seen {
			place = len(all)
			places[key] = place
			all = append(all, nil)
		}
		all[place] = append(all[place], o)
	}
	return all
}
