package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/cmd/sligo/internal/source"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// definition is a valid file of objectives.
type definition struct {
	*slofile.File
	from source.File
}

// definitions are all files of one command, with the mistakes in them.
type definitions struct {
	valid    []definition
	files    int // valid or not
	findings []finding.Finding
	errs     []error // of reading
}

// readDefinitions reads the files in the arguments, and the objectives in them
// for an environment.
func (p *program) readDefinitions(args []string, environment string) definitions {
	files, errs := source.Read(args, p.in)
	d := definitions{files: len(files), errs: errs}
	for _, f := range files {
		content, err := slofile.Parse(f.Name, f.Data, &slofile.Options{Environment: environment})
		if err != nil {
			d.findings = append(d.findings, findings(err)...)
			continue
		}
		d.valid = append(d.valid, definition{content, f})
	}
	all := d.join()
	d.findings = finding.Sort(append(d.findings, all.locate(slo.Validate(all.objectives))...))
	return d
}

// err returns the error for the exit status, after the findings were written.
func (d definitions) err() error {
	switch {
	case len(d.errs) > 0:
		return errors.Join(d.errs...)
	case len(d.findings) > 0:
		return errNo
	}
	return nil
}

// invalid returns the number of files with mistakes.
func (d definitions) invalid() int {
	names := make(map[string]bool)
	for _, f := range d.findings {
		names[f.File] = true
	}
	return len(names)
}

// findings returns the mistakes that err joins.
func findings(err error) []finding.Finding {
	var all []finding.Finding
	for _, m := range sli.Mistakes(err) {
		f := finding.Finding{Message: m.Error()}
		if e := new(slofile.Error); errors.As(m, &e) {
			f = finding.Finding{File: e.File, Line: e.Line, Column: e.Column, Path: e.Path, Message: e.Err.Error()}
		}
		all = append(all, f)
	}
	return all
}

// joint has the objectives of several files as one list.
type joint struct {
	objectives []slo.Objective
	owners     []owner // of the objectives
}

// owner is the place of an objective.
type owner struct {
	definition
	index int
}

func (d definitions) join() joint { return join(d.valid) }

func join(all []definition) joint {
	var j joint
	for _, d := range all {
		for i, o := range d.Objectives {
			j.objectives = append(j.objectives, o)
			j.owners = append(j.owners, owner{d, i})
		}
	}
	return j
}

// ids returns the IDs of the objectives.
func (j joint) ids() []string {
	ids := make([]string, len(j.objectives))
	for i, o := range j.objectives {
		ids[i] = o.ID()
	}
	return ids
}

// inList is an objective of the list in a path or a text.
var inList = regexp.MustCompile(`objectives\[(\d+)\]`)

// locate returns the mistakes that err joins, at their places in the files.
// Paths and texts name objectives by their places in the list.
func (j joint) locate(err error) []finding.Finding {
	var all []finding.Finding
	for _, e := range sli.Mistakes(err) {
		at := inList.FindStringSubmatchIndex(e.Path)
		if at == nil || at[0] != 0 {
			all = append(all, findings(j.owners[0].Locate(e))...)
			continue
		}
		o := j.owner(e.Path[at[2]:at[3]])
		path := fmt.Sprintf("objectives[%d]%s", o.index, e.Path[at[1]:])
		located := findings(o.Locate(&sli.FieldError{Path: path, Err: e.Err}))
		for i := range located {
			located[i].Message = inList.ReplaceAllStringFunc(located[i].Message, j.nameOf)
		}
		all = append(all, located...)
	}
	return all
}

// nameOf returns the place of an objective in place of its path in the list.
func (j joint) nameOf(path string) string {
	place := j.owner(inList.FindStringSubmatch(path)[1]).place()
	return fmt.Sprintf("%s:%d", place.File, place.Line)
}

// owner returns the owner of the objective with an index in decimal.
func (j joint) owner(index string) owner {
	i, err := strconv.Atoi(index)
	if err != nil || i >= len(j.owners) {
		panic("the index " + index + " is in no list of objectives")
	}
	return j.owners[i]
}

// place returns the place of the objective, as a finding without a message.
func (o owner) place() finding.Finding {
	path := fmt.Sprintf("objectives[%d]", o.index)
	f := finding.Finding{File: o.from.Name}
	if located := findings(o.Locate(&sli.FieldError{Path: path, Err: errors.New("")})); len(located) > 0 {
		f.Line, f.Column = located[0].Line, located[0].Column
	}
	return f
}

// report writes the findings and the verdict, to the standard output if they
// are the result of the command.
func (p *program) report(r finding.Report, result bool) error {
	if p.quiet && p.format != finding.JSON {
		r.Verdict = ""
	}
	text, err := r.Encode(p.format)
	if err != nil {
		return err
	}
	if result {
		return p.write(text)
	}
	_, err = p.err.Write(text)
	return err
}

// needFiles is the check of a command that reads files.
func needFiles(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageErrorf("a file, a folder, or - for the standard input is required")
	}
	return nil
}
