package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
)

// build describes the program itself.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func (p *program) versionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "version",
		Short:             "Show the version of sligo",
		Example:           examples("sligo version", "sligo version -o json", "sligo version | cut -d' ' -f2"),
		Args:              noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild()
			if p.format == finding.JSON {
				text, err := indented(b)
				if err != nil {
					return err
				}
				return p.write(text)
			}
			return p.write([]byte(b.String()))
		},
	}
	p.formatFlag(cmd, finding.Text, finding.JSON)
	return cmd
}

func thisBuild() build {
	b := build{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// String returns a line such as "sligo v0.3.0 (1f2e3d4, modified) go1.25.0
// linux/amd64".
func (b build) String() string {
	source := ""
	if b.Revision != "" {
		source = fmt.Sprintf(" (%.12s", b.Revision)
		if b.Modified {
			source += ", modified"
		}
		source += ")"
	}
	return fmt.Sprintf("sligo %s%s %s %s\n", b.Version, source, b.Go, b.Platform)
}

// indented returns a value as JSON for people and programs.
func indented(value any) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(value)
	return text.Bytes(), err
}
