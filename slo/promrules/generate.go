package promrules

import (
	"errors"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Rules are the rules of objectives, ready to be written.
type Rules struct {
	// Groups are the groups in the order of the objectives. A group is evaluated
	// on its own, and reads the samples of others as they were recorded last.
	Groups []Group

	indicators []*indicator
}

// Generate returns the rules of objectives. It reports all mistakes in the
// objectives and the options at once, as joined [*sli.FieldError] values with
// paths such as "objectives[2].Window" and "o.Matchers[0]": the mistakes that
// [slo.Validate] reports, everything that the rules cannot express, and alerts
// that cannot fire. A nil o means the defaults.
//
// The objectives of one indicator share the levels of their counters, so they
// belong into one call.
func Generate(objectives []slo.Objective, o *Options) (*Rules, error) {
	options := o.withDefaults()
	matchers, err := parseMatchers(options.Matchers)
	var errs sli.FieldErrors
	errs.Add("o", errors.Join(options.validate(), err))
	if invalid := slo.Validate(objectives); invalid != nil {
		errs.Add("", invalid)
	} else {
		errs.Add("", check(objectives, options, matchers))
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	r := new(Rules)
	for _, own := range byIndicators(objectives) {
		ind := newIndicator(options, matchers, own)
		r.indicators = append(r.indicators, ind)
		r.Groups = append(r.Groups, ind.group(), ind.dayGroup())
	}
	return r, nil
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
