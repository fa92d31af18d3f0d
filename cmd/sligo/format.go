package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/cmd/sligo/internal/artifact"
	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/cmd/sligo/internal/source"
	"github.com/sligo-go/sligo/slo/slofile"
)

func (p *program) fmtCommand() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "fmt FILE…",
		Short: "Bring files of objectives into the usual form",
		Example: examples(
			"sligo fmt slo.yaml",
			"sligo fmt slo/ --check",
			"sligo fmt - < slo.yaml",
		),
		Long: `sligo changes the files in place and prints the names of those that changed. The
standard input is formatted to the standard output. Comments stay. With --check,
sligo changes nothing, and the exit status is 1 if a file has another form.`,
		Args:              needFiles,
		ValidArgsFunction: completeFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			files, errs := source.Read(args, p.in)
			f := formatting{program: p, check: check, files: len(files), errs: errs}
			for _, file := range files {
				f.format(file)
			}
			return f.finish()
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "change nothing, and exit with 1 if a file has another form")
	p.formatFlag(cmd, finding.Text, finding.JSON, finding.GitHub)
	return cmd
}

// formatting is one run of the command fmt.
type formatting struct {
	*program
	check    bool
	files    int
	invalid  int
	changed  int
	out      bytes.Buffer // for the standard output
	findings []finding.Finding
	errs     []*source.Error // of reading and writing
}

func (f *formatting) format(file source.File) {
	formatted, err := slofile.Format(file.Name, file.Data)
	if err == nil && !file.IsDefinition() {
		// Format would take any YAML.
		err = &slofile.Error{File: file.Name, Err: errors.New("not a file of objectives: want version: sligo/v1")}
	}
	if err != nil {
		f.findings = append(f.findings, findings(err)...)
		f.invalid++
		return
	}
	same := bytes.Equal(formatted, file.Data)
	if !same {
		f.changed++
	}
	switch {
	case f.check && !same:
		line := artifact.FirstDifference(file.Data, formatted)
		f.findings = append(f.findings, finding.Finding{File: file.Name, Line: line, Message: "not formatted; run sligo fmt"})
	case f.check:
	case file.IsStdin():
		f.out.Write(formatted)
	case !same:
		f.save(artifact.File{Name: file.Name, Data: formatted})
	}
}

func (f *formatting) save(file artifact.File) {
	if err := file.Write(); err != nil {
		f.errs = append(f.errs, &source.Error{Name: file.Name, Err: err})
		return
	}
	fmt.Fprintln(&f.out, file.Name)
}

// finish writes the results and returns the error for the exit status.
func (f *formatting) finish() error {
	if err := f.write(f.out.Bytes()); err != nil {
		return err
	}
	if err := f.report(f.judge(), f.check); err != nil {
		return err
	}
	return f.status(f.errs, f.findings)
}

// judge returns the mistakes in the files and, with check, the files that have
// another form.
func (f *formatting) judge() finding.Report {
	r := finding.Report{
		OK: len(f.errs)+len(f.findings) == 0, Files: f.files,
		Findings: finding.Sort(slices.Concat(f.findings, f.failures(f.errs))),
	}
	switch {
	case f.invalid > 0:
		r.Verdict = "invalid: " + ofFiles(f.invalid, f.files)
	case len(f.errs) > 0:
		r.Verdict = unreadable
	case f.check && f.changed > 0:
		r.Verdict = "unformatted: " + ofFiles(f.changed, f.files)
	default:
		r.Verdict = fmt.Sprintf("formatted: %s, %d changed", plural(f.files, "file"), f.changed)
	}
	return r
}
