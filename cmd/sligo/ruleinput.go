package main

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/sli"
)

// unsupportedByRules reports everything in files that rules cannot express, and
// files that cannot have common rules or rules of their own.
func unsupportedByRules(units []unit) []finding.Finding {
	found := sharedIndicators(units)
	for _, u := range units {
		for _, d := range u.definitions {
			found = append(found, findings(u.checkCommon(d))...)
			if len(d.Exclusions) > 0 {
				found = append(found, findings(d.Locate(&sli.FieldError{
					Path: "Exclusions", Err: errors.New("rules cannot express exclusions yet"),
				}))...)
			}
		}
	}
	return found
}

// checkCommon reports a file with another policy or other matchers than the
// first file of the unit, since common rules have one of each.
func (u unit) checkCommon(d definition) error {
	first := u.definitions[0]
	field := ""
	switch {
	case !d.samePolicy(first):
		field = "Policy"
	case !reflect.DeepEqual(d.Matchers, first.Matchers):
		field = "Matchers"
	default:
		return nil
	}
	return d.Locate(&sli.FieldError{
		Path: field, Err: fmt.Errorf("different from %s: make rules for each file, in a folder for --out", first.from.Name),
	})
}

// sharedIndicators reports objectives of one indicator in several units. Each
// unit would record the indicator's series, and Prometheus refuses the second
// sample.
func sharedIndicators(units []unit) []finding.Finding {
	type series struct{ service, name, matchers string }
	type first struct{ unit, objective int }
	seen := make(map[series]first)
	var found []finding.Finding
	for i, u := range units {
		for j, o := range u.objectives {
			from := u.origins[j]
			key := series{o.Indicator.Service, o.Indicator.Name, fmt.Sprintf("%q", from.Matchers)}
			at, twice := seen[key]
			if !twice {
				seen[key] = first{i, j}
				continue
			}
			if at.unit == i {
				continue
			}
			f := from.place()
			f.Path = fmt.Sprintf("objectives[%d]", from.index)
			f.Message = fmt.Sprintf("the indicator %s/%s has an objective at %s, too: their rules must be one file",
				key.service, key.name, units[at.unit].nameOf(fmt.Sprintf("objectives[%d]", at.objective)))
			found = append(found, f)
		}
	}
	return found
}
