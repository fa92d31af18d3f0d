package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// usageError is a mistake on the command line.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func usageErrorf(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// helpTemplate has the examples first, because most people look for a line to
// copy.
const helpTemplate = `{{.Short}}.

Examples:
{{.Example}}
{{with .Long}}
{{.}}
{{end}}
{{.UsageString}}`

const usageTemplate = `Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND{{else}}{{.UseLine}}{{end}}
{{- if .HasAvailableSubCommands}}

Commands:
{{- range .Commands}}{{if or .IsAvailableCommand (eq .Name "help")}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}
{{- if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
{{- if .HasAvailableInheritedFlags}}

Global flags:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`

// examples formats lines for the help.
func examples(lines ...string) string { return "  $ " + strings.Join(lines, "\n  $ ") }

// noArguments is the check of a command that only has flags.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageErrorf("unexpected argument %q", args[0])
	}
	return nil
}

// family makes cmd a command that only has subcommands. cobra's own behavior is
// to print the help with status 0 if the subcommand is wrong.
func family(cmd *cobra.Command, subcommands ...*cobra.Command) {
	cmd.AddCommand(subcommands...)
	cmd.SuggestionsMinimumDistance = 2
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageErrorf("a command is required: %s", names(cmd))
		}
		if meant := cmd.SuggestionsFor(args[0]); len(meant) > 0 {
			return usageErrorf("unknown command %q; did you mean %s?", args[0], strings.Join(meant, " or "))
		}
		return usageErrorf("unknown command %q: want one of %s", args[0], names(cmd))
	}
	// Args has refused every call, but cobra asks it only if there is a RunE.
	cmd.RunE = func(*cobra.Command, []string) error { return errUnknown }
}

// names lists the subcommands.
func names(cmd *cobra.Command) string {
	var all []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			all = append(all, c.Name())
		}
	}
	return strings.Join(all, ", ")
}

// helpCommand replaces cobra's, which exits with status 0 for an unknown
// command.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND…]",
		Short:   "Explain a command",
		Example: examples("sligo help", "sligo help table", "sligo help budget"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			at, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var all []cobra.Completion
			for _, c := range at.Commands() {
				if c.IsAvailableCommand() {
					all = append(all, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return all, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			at, rest, err := cmd.Root().Find(args)
			if err != nil {
				return &usageError{err}
			}
			if len(rest) > 0 && at.HasSubCommands() {
				return usageErrorf("unknown command %q: want one of %s", rest[0], names(at))
			}
			at.InitDefaultHelpFlag()
			return at.Help()
		},
	}
}
