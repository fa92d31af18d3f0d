// Package budget is the arithmetic of error budgets: what a target allows, what is left of it, how
// fast it goes, and what to do about it.
//
// The error budget is what a target leaves to 100 %. Two ways of counting give it a unit: a share of the
// valid events may be bad, or a share of the time may be lost.
//
//   - A [Budget] is what the events in an objective's window made of its budget.
//   - A [Ratio] is an exact share of a budget, or a burn rate: 1 is all of the budget in one window.
//   - [Downtime] is what a target allows of a period, [FormatDuration] how people say it.
//
// No traffic is no data: functions that divide by the number of events return false then, never 100 %.
//
//	b := budget.New(slo.MustParseTarget("99.95%"), slo.Days(30), sli.Counts{Good: 39984, Valid: 40000})
//	fmt.Println(b) // 20% left: 16 of 20 bad events spent, 99.95% over 30d
//
// Results are exact. Where one must be rounded its documentation says how, and only what estimates or
// measures is a float64. Everything but a [Tracker] is a value without state that reads no clock, safe for
// concurrent use.
package budget
