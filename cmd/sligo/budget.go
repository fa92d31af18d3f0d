package main

import (
	"fmt"
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
	now              string
	check            bool
}

func (p *program) budgetCommand() *cobra.Command {
	f := new(budgetFlags)
	cmd := &cobra.Command{
		Use:   "budget",
		Short: "Compute the error budget that counts of events leave",
		Example: examples(
			"sligo budget --target 99.95% --window 30d --good 1999160 --valid 2000000",
			"sligo budget --target 99.9 --window month --bad 12 --valid 40000 -o json",
			"sligo budget --target 99.9 --window 30d --bad 41 --valid 40000 --check",
		),
		Long: `The counts must include every event in the window: of the last 30 days, or of the
month so far. With --check, the exit status is 1 if the budget is overspent, and
2 if there is no data.`,
		Args:              noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(*cobra.Command, []string) error { return p.budget(f) },
	}
	flags := cmd.Flags()
	flags.Var(targetValue{&f.target}, "target", "share of valid events that must be good, such as 99.95%")
	flags.Var(windowValue{&f.window}, "window", `period of the target, such as 30d or "month Asia/Seoul"`)
	flags.Var(&f.good, "good", "good events in the window")
	flags.Var(&f.bad, "bad", "bad events in the window, instead of --good")
	flags.Var(&f.valid, "valid", "valid events in the window")
	flags.StringVar(&f.now, "now", "", "time for calendar windows, such as 2026-11-26T12:00:00Z (default now)")
	flags.BoolVar(&f.check, "check", false, "exit with 1 if the budget is overspent")
	complete(cmd, "target", cobra.FixedCompletions(usualTargets, cobra.ShellCompDirectiveNoFileComp))
	complete(cmd, "window", cobra.FixedCompletions([]cobra.Completion{"7d", "28d", "30d", "month", "quarter"}, cobra.ShellCompDirectiveNoFileComp))
	p.formatFlag(cmd, finding.Text, finding.JSON, finding.GitHub)
	return cmd
}

func (p *program) budget(f *budgetFlags) error {
	now, err := f.time()
	if err != nil {
		return err
	}
	if !f.target.IsValid() || !f.window.IsValid() {
		return usageErrorf("--target and --window are required")
	}
	counts, err := f.counts()
	if err != nil {
		return err
	}
	return p.writeBudgets([]budgetRow{{budget: budget.New(f.target, f.window, counts)}}, now, f.check)
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

// counts returns the events in the flags.
func (f *budgetFlags) counts() (sli.Counts, error) {
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

// budgetRow is the budget of one objective.
type budgetRow struct {
	id     string // empty if the objective is in flags
	place  finding.Finding
	budget budget.Budget
}

// The states of a budget, each the first word of a verdict.
const (
	met     = "met"
	missed  = "missed"
	unknown = "unknown"
)

func (r budgetRow) state() string {
	remaining, ok := r.budget.Remaining()
	switch {
	case !ok:
		return unknown
	case remaining.Sign() < 0:
		return missed
	}
	return met
}

// verdict returns a line such as "met: users/availability: 16% left: …".
func (r budgetRow) verdict() string {
	text := r.state() + ": "
	if r.id != "" {
		text += r.id + ": "
	}
	return text + r.budget.String()
}

// inState returns the number of rows in a state.
func inState(rows []budgetRow, state string) int {
	n := 0
	for _, r := range rows {
		if r.state() == state {
			n++
		}
	}
	return n
}

// totalVerdict sums up several rows, and repeats the verdict of a single one.
func totalVerdict(rows []budgetRow) string {
	if len(rows) == 1 {
		return rows[0].verdict()
	}
	missing, lacking := inState(rows, missed), inState(rows, unknown)
	switch {
	case missing > 0:
		return fmt.Sprintf("%s: %d of %d objectives, %d without data", missed, missing, len(rows), lacking)
	case lacking > 0:
		return fmt.Sprintf("%s: %d of %d objectives are without data, the others are met", unknown, lacking, len(rows))
	}
	return fmt.Sprintf("%s: all %d objectives", met, len(rows))
}

// answer returns the error for the exit status of --check.
func answer(rows []budgetRow) error {
	if inState(rows, missed) > 0 {
		return errNo
	}
	if inState(rows, unknown) > 0 {
		return errUnknown
	}
	return nil
}
