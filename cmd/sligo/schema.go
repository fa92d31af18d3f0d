package main

import (
	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/cmd/sligo/internal/artifact"
	"github.com/sligo-go/sligo/slo/slofile"
)

func (p *program) schemaCommand() *cobra.Command {
	g := &generator{program: p, noun: "schema"}
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Write the JSON Schema of files of objectives, for editors",
		Example: examples(
			"sligo generate schema",
			"sligo generate schema --out slo.schema.json",
			"sligo generate schema --out slo.schema.json --check",
		),
		Long:              `If --out is a folder, the file in it is slo.schema.json.`,
		Args:              noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			name := g.out
			if g.toFolder() {
				name = g.nameOf(unit{name: "slo.schema.json"})
			}
			return g.deliver([]artifact.File{{Name: name, Data: slofile.Schema()}})
		},
	}
	return g.flags(cmd, "file or folder")
}
