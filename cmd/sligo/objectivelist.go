package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// objectiveList has the objectives of several files as one list.
type objectiveList struct {
	objectives []slo.Objective
	origins    []origin // of the objectives
}

// origin is the file of an objective, and its place in that file.
type origin struct {
	definition
	index int
}

func (d definitions) join() objectiveList { return join(d.valid) }

func join(all []definition) objectiveList {
	var l objectiveList
	for _, d := range all {
		for i, o := range d.Objectives {
			l.objectives = append(l.objectives, o)
			l.origins = append(l.origins, origin{d, i})
		}
	}
	return l
}

// ids returns the IDs of the objectives.
func (l objectiveList) ids() []string {
	ids := make([]string, len(l.objectives))
	for i, o := range l.objectives {
		ids[i] = o.ID()
	}
	return ids
}

// inList is an objective of the list in a path or a text.
var inList = regexp.MustCompile(`objectives\[(\d+)\]`)

// locate returns the mistakes that err joins, at their places in the files.
// Paths and texts name objectives by their places in the list.
func (l objectiveList) locate(err error) []finding.Finding {
	var all []finding.Finding
	for _, e := range sli.Mistakes(err) {
		at := inList.FindStringSubmatchIndex(e.Path)
		if at == nil || at[0] != 0 {
			all = append(all, findings(l.origins[0].Locate(e))...)
			continue
		}
		o := l.origin(e.Path[at[2]:at[3]])
		path := fmt.Sprintf("objectives[%d]%s", o.index, e.Path[at[1]:])
		located := findings(o.Locate(&sli.FieldError{Path: path, Err: e.Err}))
		for i := range located {
			located[i].Message = inList.ReplaceAllStringFunc(located[i].Message, l.nameOf)
		}
		all = append(all, located...)
	}
	return all
}

// nameOf returns the place of an objective in place of its path in the list.
func (l objectiveList) nameOf(path string) string {
	place := l.origin(inList.FindStringSubmatch(path)[1]).place()
	return fmt.Sprintf("%s:%d", place.File, place.Line)
}

// origin returns the origin of the objective with an index in decimal.
func (l objectiveList) origin(index string) origin {
	i, err := strconv.Atoi(index)
	if err != nil || i >= len(l.origins) {
		panic("the index " + index + " is in no list of objectives")
	}
	return l.origins[i]
}

// place returns the place of the objective, as a finding without a message.
func (o origin) place() finding.Finding {
	path := fmt.Sprintf("objectives[%d]", o.index)
	f := finding.Finding{File: o.from.Name}
	if located := findings(o.Locate(&sli.FieldError{Path: path, Err: errors.New("")})); len(located) > 0 {
		f.Line, f.Column = located[0].Line, located[0].Column
	}
	return f
}

// services returns the services of the objectives, in the order of their first
// objectives.
func (l objectiveList) services() []string {
	var services []string
	seen := make(map[string]bool)
	for _, o := range l.objectives {
		if name := o.Indicator.Service; !seen[name] {
			seen[name] = true
			services = append(services, name)
		}
	}
	return services
}
