package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
)

func (p *program) validateCommand() *cobra.Command {
	var environment string
	var advise bool
	cmd := &cobra.Command{
		Use:   "validate FILE…",
		Short: "Report every mistake in files of objectives",
		Example: examples(
			"sligo validate slo.yaml",
			"sligo validate slo/ -o github",
			"sligo validate slo.yaml --advice",
			"git show HEAD:slo.yaml | sligo validate -",
		),
		Long: `FILE is a file, a folder, or - for the standard input. In a folder, sligo reads all
files *.yaml and *.yml with version: sligo/v1. It also compares the files with
each other: an objective must not be in two files.

With --advice, it also shows how to improve SLIs that are valid and may mislead
their readers. Advice does not change the exit status.`,
		Args:              needFiles,
		ValidArgsFunction: completeFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			d := p.readDefinitions(args, environment)
			r := p.judge(d)
			if advise {
				r.Advice = d.advice()
			}
			if err := p.report(r, true); err != nil {
				return err
			}
			return p.status(d.errs, d.findings)
		},
	}
	cmd.Flags().BoolVar(&advise, "advice", false, "also show how to improve valid SLIs")
	p.environmentFlag(cmd, &environment)
	p.formatFlag(cmd, finding.Text, finding.JSON, finding.GitHub)
	return cmd
}

// unreadable is the verdict if a file is missing and no other is wrong.
const unreadable = "unknown: not every file can be read"

// judge returns the answer about files.
func (p *program) judge(d definitions) finding.Report {
	r := finding.Report{
		OK: len(d.errs) == 0 && len(d.findings) == 0, Files: d.files,
		Findings: finding.Sort(slices.Concat(d.findings, p.failures(d.errs))),
	}
	for _, f := range d.valid {
		r.Objectives += len(f.Objectives)
	}
	switch {
	case len(d.findings) > 0:
		r.Verdict = fmt.Sprintf("invalid: %s in %s", plural(len(d.findings), "mistake"), ofFiles(d.invalid(), d.files))
	case len(d.errs) > 0:
		r.Verdict = unreadable
	default:
		r.Verdict = fmt.Sprintf("valid: %s in %s", plural(r.Objectives, "objective"), plural(d.files, "file"))
	}
	return r
}

// environmentFlag adds the flag for the environment of the files.
func (p *program) environmentFlag(cmd *cobra.Command, environment *string) {
	cmd.Flags().StringVarP(environment, "environment", "e", "", "entry of environments that changes the files")
	complete(cmd, "environment", func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return p.environments(args), cobra.ShellCompDirectiveNoFileComp
	})
}
