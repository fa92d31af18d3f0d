package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/cmd/sligo/internal/artifact"
	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
)

func (p *program) generateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Make rules, tests and documents from files of objectives",
		Example: examples(
			"sligo generate rules slo.yaml --out rules.yaml",
			"sligo generate tests slo.yaml --rules-file rules.yaml --out rules.test.yaml",
			"sligo generate doc slo/ --out docs/slo/ --check",
		),
		Long: `The result is written to the standard output, or to --out. If that is a folder or
ends with a slash, each FILE has a result of its own in it. Missing folders are
made. A file is replaced at once, and only if its content changes.

With --check, sligo writes nothing, and the exit status is 1 if a file differs.
That is for CI, which then finds a change of objectives without its rules.`,
	}
	family(cmd,
		p.rulesCommand(),
		p.testsCommand(),
		p.docCommand(),
		p.schemaCommand(),
		p.inhibitCommand(),
		p.monitorCommand(),
	)
	return cmd
}

// generator is a command that makes a document from objectives.
type generator struct {
	*program
	noun        string // of the result, such as "rules"
	suffix      string // of the names of results in a folder
	environment string
	out         string
	check       bool
	// render returns the document. Its errors are usage errors, or mistakes with
	// paths in the list of objectives.
	render func(unit) ([]byte, error)
	// unsupported reports files that cannot have such documents. It is optional.
	unsupported func([]unit) []finding.Finding
}

// unit is the input of one document.
type unit struct {
	objectiveList
	definitions []definition
	name        string // of the document, without its suffix
}

// flags adds the flags that every generator has. The text is for --out.
func (g *generator) flags(cmd *cobra.Command, out string) *cobra.Command {
	cmd.Flags().Var(named{(*fileValue)(&g.out), "string"}, "out", out+", made if missing (default the standard output)")
	cmd.Flags().BoolVar(&g.check, "check", false, "write nothing, and exit with 1 if the file of --out differs")
	g.formatFlag(cmd, finding.Text, finding.JSON, finding.GitHub)
	return cmd
}

// command makes cmd read files of objectives.
func (g *generator) command(cmd *cobra.Command) *cobra.Command {
	cmd.Args = needFiles
	cmd.ValidArgsFunction = completeFiles
	cmd.RunE = func(_ *cobra.Command, args []string) error { return g.run(args) }
	g.environmentFlag(cmd, &g.environment)
	return g.flags(cmd, "file, or folder for a result of each FILE")
}

func (g *generator) run(args []string) error {
	d := g.readDefinitions(args, g.environment)
	if err := g.refuse(d); err != nil {
		return err
	}
	var made []artifact.File
	var mistakes []finding.Finding
	units := g.units(d.valid)
	if g.unsupported != nil {
		mistakes = g.unsupported(units)
	}
	for _, u := range units {
		data, err := g.render(u)
		if usage := new(usageError); errors.As(err, &usage) {
			return err
		}
		mistakes = append(mistakes, u.locate(err)...)
		made = append(made, artifact.File{Name: g.nameOf(u), Data: data})
	}
	if len(mistakes) > 0 {
		d.findings = finding.Sort(mistakes)
		return g.refuse(d)
	}
	if err := keepInput(made, d.valid); err != nil {
		return err
	}
	return g.deliver(made)
}

// keepInput reports a document that would replace a file of objectives.
func keepInput(made []artifact.File, from []definition) error {
	for _, f := range made {
		to, err := os.Stat(f.Name)
		if err != nil || !to.Mode().IsRegular() {
			continue // a new file, a terminal
		}
		for _, d := range from {
			if info, err := os.Stat(d.from.Name); err == nil && os.SameFile(info, to) {
				return usageErrorf("--out %s is a file of objectives: want another name", f.Name)
			}
		}
	}
	return nil
}

// units returns a unit for each file if there is a folder for the results, and
// otherwise one for all files.
func (g *generator) units(all []definition) []unit {
	if !g.toFolder() {
		u := unit{objectiveList: join(all), definitions: all, name: "slo"}
		if len(all) == 1 {
			u.name = filepath.Base(baseName(all[0]))
		}
		return []unit{u}
	}
	units := make([]unit, len(all))
	for i, d := range all {
		units[i] = unit{objectiveList: join(all[i : i+1]), definitions: all[i : i+1], name: baseName(d)}
	}
	return units
}

// baseName returns the name of a file below the folder in the arguments,
// without its extension.
func baseName(d definition) string {
	return strings.TrimSuffix(d.from.Short, filepath.Ext(d.from.Short))
}

// toFolder reports whether --out is a folder.
func (g *generator) toFolder() bool {
	if g.out == "" {
		return false
	}
	info, err := os.Stat(g.out)
	return err == nil && info.IsDir() || os.IsPathSeparator(g.out[len(g.out)-1])
}

// nameOf returns the name of the file for a unit.
func (g *generator) nameOf(u unit) string {
	if g.toFolder() {
		return filepath.Join(g.out, u.name+g.suffix)
	}
	return g.out
}

// deliver writes the documents, or compares them with the files that exist.
func (g *generator) deliver(made []artifact.File) error {
	names := make(map[string]bool)
	for _, f := range made {
		if names[f.Name] {
			return usageErrorf("two files would become %s: give them different names, or name their common folder", f.Name)
		}
		names[f.Name] = true
	}
	switch {
	case g.check && (g.out == "" || g.out == "-"):
		return usageErrorf("--check needs --out, the file or folder to compare with")
	case g.check:
		return g.compare(made)
	case g.out == "" || g.out == "-":
		return g.write(made[0].Data)
	}
	return g.save(made)
}

// save writes the files that differ, and their names to the standard output.
func (g *generator) save(made []artifact.File) error {
	var changed bytes.Buffer
	n := 0
	for _, f := range made {
		if line, err := f.Compare(); err == nil && line == 0 {
			continue
		}
		if err := f.Write(); err != nil {
			return err
		}
		n++
		if f.IsFile() {
			fmt.Fprintln(&changed, f.Name)
		}
	}
	if err := g.write(changed.Bytes()); err != nil {
		return err
	}
	return g.report(finding.Report{
		OK: true, Files: len(made),
		Verdict: fmt.Sprintf("generated: %s, %d changed", plural(len(made), "file"), n),
	}, false)
}

// compare reports the files that differ.
func (g *generator) compare(made []artifact.File) error {
	r := finding.Report{Files: len(made)}
	for _, f := range made {
		line, err := f.Compare()
		switch {
		case errors.Is(err, fs.ErrNotExist):
			r.Findings = append(r.Findings, finding.Finding{File: f.Name, Message: "missing; run sligo generate " + g.noun})
		case err != nil:
			return err
		case line > 0:
			r.Findings = append(r.Findings, finding.Finding{File: f.Name, Line: line, Message: "outdated; run sligo generate " + g.noun})
		}
	}
	r.Findings = finding.Sort(r.Findings)
	r.OK = len(r.Findings) == 0
	r.Verdict = "current: " + plural(len(made), "file")
	if !r.OK {
		r.Verdict = "outdated: " + ofFiles(len(r.Findings), len(made))
	}
	if err := g.report(r, true); err != nil {
		return err
	}
	if !r.OK {
		return errNo
	}
	return nil
}
