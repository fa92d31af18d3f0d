package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// complete sets the completion of a flag's values.
func complete(cmd *cobra.Command, flag string, completion cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, completion); err != nil {
		panic(err) // the flag does not exist
	}
}

// completeFiles completes the names of files of objectives.
func completeFiles(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return []cobra.Completion{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

// environments returns the names of the environments in files, for completion.
func (p *program) environments(args []string) []cobra.Completion {
	seen := make(map[string]bool)
	var all []cobra.Completion
	for _, d := range p.readDefinitions(withoutStdin(args), "").valid {
		for _, name := range d.Environments() {
			if !seen[name] {
				seen[name] = true
				all = append(all, name)
			}
		}
	}
	return all
}

// objectives returns the IDs of the objectives in files, for completion.
func (p *program) objectives(args []string) []cobra.Completion {
	var all []cobra.Completion
	for _, o := range p.readDefinitions(withoutStdin(args), "").join().objectives {
		all = append(all, cobra.CompletionWithDesc(o.ID(), fmt.Sprintf("%v %s", o.Target, o.Window.Words())))
	}
	return all
}

// withoutStdin removes the standard input from arguments, since a completion
// must not wait for it.
func withoutStdin(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "-" })
}
