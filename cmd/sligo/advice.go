package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// advice returns the advice on the indicators of all files. A file with
// mistakes would have advice that a repair makes pointless.
func (d definitions) advice() []finding.Finding {
	if len(d.findings) > 0 {
		return nil
	}
	all := d.join()
	indicators := slo.Indicators(all.objectives)
	var found []finding.Finding
	for _, a := range sli.Lint(indicators) {
		found = append(found, all.locate(all.subject(a, indicators))...)
	}
	return finding.Sort(found)
}

// subject returns advice as a mistake in the first objective whose indicator it
// is about.
func (l objectiveList) subject(a sli.Advice, indicators []sli.Indicator) error {
	var index int
	if n, _ := fmt.Sscanf(a.Path, "indicators[%d]", &index); n == 1 {
		ind := indicators[index]
		same := func(other sli.Indicator) bool { return other.Service == ind.Service && other.Name == ind.Name }
		return l.first(same, beforeField.ReplaceAllString(a.Path, ""), errors.New(a.Text))
	}
	kind, name, _ := strings.Cut(a.Path, " ")
	if kind == "journey" {
		return l.first(func(ind sli.Indicator) bool { return ind.Journey == name }, ".Journey", errors.New(a.String()))
	}
	return l.first(func(ind sli.Indicator) bool { return ind.Service == name }, ".Workload", errors.New(a.String()))
}

// beforeField is the indicator in a path, such as "indicators[2]".
var beforeField = regexp.MustCompile(`^indicators\[\d+\]`)

// first returns a mistake in a field of the first indicator that is meant.
func (l objectiveList) first(meant func(sli.Indicator) bool, field string, err error) error {
	i := slices.IndexFunc(l.objectives, func(o slo.Objective) bool { return meant(o.Indicator) })
	return &sli.FieldError{Path: fmt.Sprintf("objectives[%d].Indicator%s", i, field), Err: err}
}
