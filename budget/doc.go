// Package budget is the arithmetic of error budgets: what a target allows, what is left of it, how
// fast it goes, and what to do about it.
//
// The error budget is what a target leaves to 100 %. Two ways of counting give it a unit: a share of the
// valid events may be bad, or a share of the time may be lost. The first is this package's; package
// ledger keeps the books of the second.
//
// No traffic is no data: what divides by the number of events returns false then, never 100 %.
//
//   - A [Budget] is what the events in an objective's window made of its budget.
//   - A [Ratio] is an exact share of a budget, or a burn rate: at 1, all of it goes in one window.
//   - [Alerts] evaluates burn-rate alerts; an [Alarm] is what one makes of the present counts, and why.
//   - A [Policy] makes a [Decision] of a [State]: whether to release, what to do, and why.
//   - A [Tracker] keeps the counts of rolling windows in memory.
//   - [CountSlices] counts slices of time instead of events.
//   - [Downtime] is what a target allows of a period, [FormatDuration] how people say it.
//
// What is left of a budget, and what that means:
//
//	b := budget.New(slo.MustParseTarget("99.95%"), slo.MustParseWindow("30d"), sli.Counts{Good: 39984, Valid: 40000})
//	fmt.Println(b) // 20% left: 16 of 20 bad events spent, 99.95% over 30d
//
//	spent, ok := b.SpentOfWindow(now)
//	fmt.Println(budget.Policy{}.Decide(budget.State{Spent: spent, HasData: ok}))
//
// Results are exact. Where one is rounded its documentation says how. Everything but a Tracker is a
// value that reads no clock, and is safe for concurrent use as long as it is not changed; where a
// moment matters it is a parameter. A Tracker reads the monotonic clock.
//
// Below this package, ledger accounts for outages and maintenance in time, system relates components'
// objectives to a system's, evidence says what a sample of events proves, and plan looks ahead.
//
// The package measures and stores nothing, and sends no alert.
package budget
