package sligo

import (
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// usable returns the indicators that the service can count and the objectives
// that it can judge. Each mistake is added to errs and leaves out its own
// objective only. An indicator counts even if its objective is wrong.
func usable(objectives []slo.Objective, service string, errs *sli.FieldErrors) ([]sli.Indicator, []slo.Objective) {
	mistakes := slo.Validate(objectives)
	errs.Add("", mistakes)
	wrong := positions(mistakes)
	var counted, judged []slo.Objective
	for i, o := range objectives {
		if err := countable(o.Indicator, service); err != nil {
			wrong[i] = true
			if o.Indicator.Validate() == nil { // else slo.Validate has reported it
				errs.Add(fmt.Sprintf("objectives[%d].Indicator", i), err)
			}
			continue
		}
		counted = append(counted, o)
		if !wrong[i] {
			judged = append(judged, o)
		}
	}
	return slo.Indicators(counted), judged
}

// countable returns the mistakes that keep a service's recorder from counting
// an indicator.
func countable(ind sli.Indicator, service string) error {
	if ind.Service != service {
		return &sli.FieldError{Path: "Service", Err: fmt.Errorf("invalid service %q: want %q, because a kit is for one service", ind.Service, service)}
	}
	_, err := sli.NewRecorder(ind)
	return mapFields(err, func(path string) string { return strings.TrimPrefix(path, "indicators[0].") })
}

// positions returns the objectives that mistakes name.
func positions(mistakes error) map[int]bool {
	wrong := map[int]bool{}
	for _, m := range sli.Mistakes(mistakes) {
		var i int
		if n, _ := fmt.Sscanf(m.Path, "objectives[%d]", &i); n == 1 {
			wrong[i] = true
		}
	}
	return wrong
}

// serviceOf returns the service of the first objective that names one, or "".
func serviceOf(objectives []slo.Objective) string {
	for _, o := range objectives {
		if o.Indicator.Service != "" {
			return o.Indicator.Service
		}
	}
	return ""
}

// mapFields returns err with other paths.
func mapFields(err error, path func(string) string) error {
	var moved sli.FieldErrors
	for _, f := range sli.Mistakes(err) {
		moved.Add("", &sli.FieldError{Path: path(f.Path), Err: f.Err})
	}
	return moved.Err()
}
