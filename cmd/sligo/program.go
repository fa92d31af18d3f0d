package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
)

// The exit statuses.
const (
	statusYes     = 0
	statusNo      = 1
	statusUnknown = 2
)

// The answers besides yes. The command has written the reasons.
var (
	errNo      = errors.New("no")
	errUnknown = errors.New("unknown")
)

// program is one run of sligo.
type program struct {
	in       io.Reader
	out, err io.Writer
	format   finding.Format // of results
	quiet    bool           // without verdicts
}

// run executes the command in args and returns the exit status.
func (p *program) run(args []string) int {
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	cmd, err := root.ExecuteC()
	switch {
	case err == nil:
		return statusYes
	case errors.Is(err, errNo):
		return statusNo
	case errors.Is(err, errUnknown):
		return statusUnknown
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(p.err, "sligo: %s\n", line)
	}
	if usage := new(usageError); errors.As(err, &usage) {
		fmt.Fprintf(p.err, "Run \"%s --help\" for usage.\n", cmd.CommandPath())
	}
	return statusUnknown
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "sligo",
		Short: "Check objectives, make rules and documents from them, and compute error budgets",
		Example: examples(
			"sligo validate slo.yaml",
			"sligo generate rules slo.yaml --out rules.yaml",
			"sligo budget slo.yaml --counts counts.json",
		),
		Long: `Exit status: 0 if the answer is yes or the work is done, 1 if the answer is no,
and 2 if there is no answer, because of a wrong command line, a file or the
network.`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.PersistentFlags().BoolVarP(&p.quiet, "quiet", "q", false, "leave out the verdict")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.SetHelpTemplate(helpTemplate)
	root.SetUsageTemplate(usageTemplate)
	family(root,
		p.validateCommand(),
		p.fmtCommand(),
		p.generateCommand(),
		p.tableCommand(),
		p.budgetCommand(),
		p.completionCommand(),
		p.versionCommand(),
	)
	root.SetHelpCommand(helpCommand())
	return root
}

// write writes a result to the standard output.
func (p *program) write(text []byte) error {
	_, err := p.out.Write(text)
	return err
}

// formatFlag adds the flag for the format of the result.
func (p *program) formatFlag(cmd *cobra.Command, formats ...finding.Format) {
	choiceFlag(cmd, &p.format, "output", "o", "FORMAT", "format of the result", formats...)
}
