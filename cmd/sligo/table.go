package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// The periods of the table, as service level agreements round them.
const (
	day     = 24 * time.Hour
	month   = 30 * day
	quarter = 90 * day
	year    = 365 * day
)

// usualTargets are the rows of the table without arguments.
var usualTargets = []string{"90%", "95%", "99%", "99.5%", "99.9%", "99.95%", "99.99%", "99.999%"}

func (p *program) tableCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "table [TARGET…]",
		Short:   "Show how long a service may be down",
		Example: examples("sligo table", "sligo table 99.95% 99.97%", "sligo table 99.9 -o json"),
		Long: `A row shows the downtime that spends the whole error budget of a target within a
year, a quarter and 30 days. Without a target, the rows are the usual targets.
The text is a table of Markdown.`,
		ValidArgsFunction: cobra.FixedCompletions(usualTargets, cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = usualTargets
			}
			targets, err := parseTargets(args)
			if err != nil {
				return err
			}
			return p.writeTable(targets)
		},
	}
	p.formatFlag(cmd, finding.Text, finding.JSON)
	return cmd
}

// parseTargets reports all mistakes at once.
func parseTargets(args []string) ([]slo.Target, error) {
	targets := make([]slo.Target, len(args))
	var wrong []string
	for i, arg := range args {
		target, err := slofile.ParsePercentage(arg)
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		targets[i] = target
	}
	if wrong != nil {
		return nil, usageErrorf("%s", strings.Join(wrong, "\n"))
	}
	return targets, nil
}

func (p *program) writeTable(targets []slo.Target) error {
	if p.format == finding.JSON {
		text, err := indented(tableJSON(targets))
		if err != nil {
			return err
		}
		return p.write(text)
	}
	return p.write(markdownTable(tableCells(targets)))
}

// downtimeRow is a row of the table in JSON. Its downtimes are exact.
type downtimeRow struct {
	Target  slo.Target `json:"target"`
	Year    string     `json:"year"`
	Quarter string     `json:"quarter"`
	Month   string     `json:"30d"`
}

func tableJSON(targets []slo.Target) any {
	rows := make([]downtimeRow, len(targets))
	for i, t := range targets {
		rows[i] = downtimeRow{
			t, budget.Downtime(t, year).String(), budget.Downtime(t, quarter).String(), budget.Downtime(t, month).String(),
		}
	}
	return struct {
		Version  int           `json:"version"`
		Downtime []downtimeRow `json:"downtime"`
	}{1, rows}
}

func tableCells(targets []slo.Target) [][]string {
	rows := [][]string{{"objective", "per year (365 d)", "per quarter (90 d)", "per 30 days"}}
	for _, target := range targets {
		row := []string{strings.TrimSuffix(target.String(), "%") + " %"}
		for _, period := range []time.Duration{year, quarter, month} {
			row = append(row, budget.FormatDuration(budget.Downtime(target, period)))
		}
		rows = append(rows, row)
	}
	return rows
}

// markdownTable returns rows, of which the first is the title, as a table of
// Markdown whose columns line up.
func markdownTable(rows [][]string) []byte {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var text bytes.Buffer
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(&text, "| %-*s ", widths[i], cell)
		}
		text.WriteString("|\n")
		if n == 0 {
			for _, width := range widths {
				fmt.Fprintf(&text, "| %s ", strings.Repeat("-", width))
			}
			text.WriteString("|\n")
		}
	}
	return text.Bytes()
}
