package main

import (
	"errors"

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
	errs     []*source.Error // of reading
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

// failures returns the failures of files as findings in the formats for
// programs. In text, each is a line on the standard error instead.
func (p *program) failures(errs []*source.Error) []finding.Finding {
	if p.format == finding.Text {
		return nil
	}
	var all []finding.Finding
	for _, err := range errs {
		all = append(all, err.Finding())
	}
	return all
}

// status returns the error for the exit status, after the report was written.
func (p *program) status(errs []*source.Error, mistakes []finding.Finding) error {
	switch {
	case len(errs) > 0 && p.format != finding.Text:
		return errUnknown
	case len(errs) > 0:
		var all []error
		for _, err := range errs {
			all = append(all, err)
		}
		return errors.Join(all...)
	case len(mistakes) > 0:
		return errNo
	}
	return nil
}

// refuse writes the mistakes in files to the standard error. It returns an
// error if there is one.
func (p *program) refuse(d definitions) error {
	if len(d.findings) > 0 || len(p.failures(d.errs)) > 0 {
		if err := p.report(p.judge(d), false); err != nil {
			return err
		}
	}
	return p.status(d.errs, d.findings)
}

// needFiles is the check of a command that reads files.
func needFiles(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageErrorf("a file, a folder, or - for the standard input is required")
	}
	return nil
}
