package main

import (
	"bytes"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// shells are the shells that completion supports.
var shells = []cobra.Completion{"bash", "fish", "powershell", "zsh"}

func (p *program) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Write the completion script of a shell",
		Example: examples(
			"source <(sligo completion bash)",
			`sligo completion zsh > "${fpath[1]}/_sligo"`,
			"sligo completion fish > ~/.config/fish/completions/sligo.fish",
		),
		Long: `The script completes commands, flags, files and the names of objectives and
environments in those files. SHELL is bash, fish, powershell or zsh.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(shells, args[0]) {
				return usageErrorf("invalid arguments %q: want one of %s", args, strings.Join(shells, ", "))
			}
			return nil
		},
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			var script bytes.Buffer
			if err := writeCompletion(&script, cmd.Root(), args[0]); err != nil {
				return err
			}
			return p.write(script.Bytes())
		},
	}
}

func writeCompletion(script *bytes.Buffer, root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(script, true)
	case "fish":
		return root.GenFishCompletion(script, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(script)
	}
	return root.GenZshCompletion(script)
}
