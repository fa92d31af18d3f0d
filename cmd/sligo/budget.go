package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// budgetFlags are the flags of the command budget.
type budgetFlags struct {
	target           slo.Target
	window           slo.Window
	good, bad, valid countValue
	counts           string
	objectives       []string
	environment      string
	now              string
	check            bool
}

func (p *program) budgetCommand() *cobra.Command {
	f := new(budgetFlags)
	cmd := &cobra.Command{
		Use:   "budget [FILE…]",
		Short: "Compute the error budgets that counts of events leave",
		Example: examples(
			"sligo budget --target 99.95% --window 30d --good 1999160 --valid 2000000",
			"sligo budget slo.yaml --objective users/availability --bad 12 --valid 40000",
			"sligo budget slo.yaml --counts counts.json --check -o github",
		),
		Long: `The counts must include every event in the window: of the last 30 days, or of the
month so far. The file of --counts is JSON, with the events of each objective:

  {"users/availability": {"good": 39984, "valid": 40000}}

With --check, the exit status is 1 if a budget is overspent, and otherwise 2
if an objective has no data.`,
		ValidArgsFunction: completeFiles,
		RunE:              func(_ *cobra.Command, args []string) error { return p.budget(args, f) },
	}
	flags := cmd.Flags()
	flags.Var(named{targetValue{&f.target}, "TARGET"}, "target", "share of valid events that must be good, such as 99.95%")
	flags.Var(named{windowValue{&f.window}, "WINDOW"}, "window", `period of the target, such as 30d or "month Asia/Seoul"`)
	flags.Var(named{&f.good, "N"}, "good", "good events in the window")
	flags.Var(named{&f.bad, "N"}, "bad", "bad events in the window, instead of --good")
	flags.Var(named{&f.valid, "N"}, "valid", "valid events in the window")
	flags.StringVar(&f.counts, "counts", "", "JSON file with the events of objectives, or - for the standard input")
	flags.StringSliceVar(&f.objectives, "objective", nil, "ID of an objective in FILE, such as users/availability (default all)")
	flags.StringVar(&f.now, "now", "", "time for calendar windows, such as 2026-11-26T12:00:00Z (default now)")
	flags.BoolVar(&f.check, "check", false, "exit with 1 if a budget is overspent")
	p.environmentFlag(cmd, &f.environment)
	p.formatFlag(cmd, finding.Text, finding.JSON, finding.GitHub)
	p.completeBudget(cmd)
	return cmd
}

func (p *program) completeBudget(cmd *cobra.Command) {
	complete(cmd, "target", cobra.FixedCompletions(usualTargets, cobra.ShellCompDirectiveNoFileComp))
	complete(cmd, "window", cobra.FixedCompletions([]cobra.Completion{"7d", "28d", "30d", "month", "quarter"}, cobra.ShellCompDirectiveNoFileComp))
	complete(cmd, "counts", cobra.FixedCompletions([]cobra.Completion{"json"}, cobra.ShellCompDirectiveFilterFileExt))
	complete(cmd, "objective", func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return p.objectives(args), cobra.ShellCompDirectiveNoFileComp
	})
}

func (p *program) budget(args []string, f *budgetFlags) error {
	now, err := f.time()
	if err != nil {
		return err
	}
	var rows []budgetRow
	if len(args) == 0 {
		rows, err = f.rowOfFlags()
	} else {
		rows, err = p.rowsOfFiles(args, f)
	}
	if err != nil {
		return err
	}
	return p.writeBudgets(rows, now, f.check)
}

// time returns the value of --now.
func (f *budgetFlags) time() (time.Time, error) {
	if f.now == "" {
		return time.Now(), nil
	}
	now, err := time.Parse(time.RFC3339, f.now)
	if err != nil {
		return time.Time{}, usageErrorf(`invalid time %q for --now: want one such as "2026-11-26T12:00:00Z"`, f.now)
	}
	return now, nil
}

// rowOfFlags returns the budget if the flags have the target.
func (f *budgetFlags) rowOfFlags() ([]budgetRow, error) {
	if f.counts != "" || f.objectives != nil || f.environment != "" {
		return nil, usageErrorf("--counts, --objective and --environment need a file of objectives")
	}
	if !f.target.IsValid() || !f.window.IsValid() {
		return nil, usageErrorf("a file, or --target and --window, are required")
	}
	counts, err := f.countsOfFlags()
	if err != nil {
		return nil, err
	}
	return []budgetRow{{budget: budget.New(f.target, f.window, counts)}}, nil
}

// countsOfFlags returns the events in the flags.
func (f *budgetFlags) countsOfFlags() (sli.Counts, error) {
	if f.good.set == f.bad.set || !f.valid.set {
		return sli.Counts{}, usageErrorf("--valid and one of --good and --bad are required")
	}
	name, part, valid := "good", f.good.n, f.valid.n
	if f.bad.set {
		name, part = "bad", f.bad.n
	}
	if part > valid {
		return sli.Counts{}, usageErrorf("invalid counts: --%s %d is more than --valid %d", name, part, valid)
	}
	if f.bad.set {
		part = valid - part
	}
	return sli.Counts{Good: part, Valid: valid}, nil
}

// rowsOfFiles returns the budgets of the objectives in files.
func (p *program) rowsOfFiles(args []string, f *budgetFlags) ([]budgetRow, error) {
	if f.target.IsValid() || f.window.IsValid() {
		return nil, usageErrorf("--target and --window are for a budget without a file")
	}
	if f.counts == "-" && slices.Contains(args, "-") {
		return nil, usageErrorf("the standard input cannot be both a file of objectives and of counts")
	}
	d := p.readDefinitions(args, f.environment)
	if err := p.refuse(d); err != nil {
		return nil, err
	}
	all := d.join()
	rows, err := f.selectRows(all)
	if err != nil {
		return nil, err
	}
	counts, err := p.countsOf(rows, f)
	if err != nil {
		return nil, err
	}
	ids := all.ids()
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		if !slices.Contains(ids, id) {
			return nil, fmt.Errorf("counts in %s: unknown objective %q: want one of %s", f.counts, id, strings.Join(ids, ", "))
		}
	}
	for i, r := range rows {
		rows[i].budget = budget.New(r.budget.Target(), r.budget.Window(), counts[r.id])
	}
	return rows, nil
}

// selectRows returns a row for each objective of the flag, or for all.
func (f *budgetFlags) selectRows(l objectiveList) ([]budgetRow, error) {
	var rows []budgetRow
	for i, o := range l.objectives {
		if f.objectives == nil || slices.Contains(f.objectives, o.ID()) {
			rows = append(rows, budgetRow{id: o.ID(), place: l.origins[i].place(), budget: budget.New(o.Target, o.Window, sli.Counts{})})
		}
	}
	for _, id := range f.objectives {
		if !slices.Contains(l.ids(), id) {
			return nil, usageErrorf("unknown objective %q: want one of %s", id, strings.Join(l.ids(), ", "))
		}
	}
	return rows, nil
}

// countsOf returns the counts of the rows by ID, from the file of counts or the
// flags.
func (p *program) countsOf(rows []budgetRow, f *budgetFlags) (map[string]sli.Counts, error) {
	flags := f.good.set || f.bad.set || f.valid.set
	switch {
	case flags && f.counts != "":
		return nil, usageErrorf("--counts excludes --good, --bad and --valid")
	case f.counts != "":
		return p.readCounts(f.counts)
	case !flags:
		return nil, usageErrorf("--counts, or --valid and one of --good and --bad, are required")
	case len(rows) != 1:
		return nil, usageErrorf("the counts are of one objective, but there are %d: add --objective or --counts", len(rows))
	}
	counts, err := f.countsOfFlags()
	return map[string]sli.Counts{rows[0].id: counts}, err
}
