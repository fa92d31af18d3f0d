// Package budget calculates error budgets: how much a target allows, how much
// is left, how fast it burns, and which action follows.
//
// The error budget is 100 % minus the target. It can be counted in two
// ways: as a share of the valid events that may be bad, or as a share of the
// time that may be lost. This package counts events. Package ledger accounts
// for time.
//
// Without traffic there is no data. Methods that divide by the number of
// events then return false, never 100 %.
//
//   - A [Budget] is the error budget of a target and the events in its
//     window.
//   - A [Ratio] is an exact share of a budget, or a burn rate: at a rate of
//     1, one window spends the whole budget.
//   - [Alerts] evaluates burn-rate alerts. An [Alarm] is the result for one
//     alert, with the reason.
//   - A [Policy] turns a [State] into a [Decision]: the allowed releases, the
//     actions and the reasons.
//   - A [Tracker] keeps the counts of rolling windows in memory. A [Coverage]
//     tells how much of a window it knows, and its [Cell] values hold the
//     events over time, for [History] and [Policy.OpensAt].
//   - [Downtime] is the time that a target allows, and [FormatDuration] its
//     text.
//
// To see how much of a budget is left, and which action follows:
//
//	target, window := slo.MustParseTarget("99.95%"), slo.MustParseWindow("30d")
//	b := budget.New(target, window, sli.Counts{Good: 39984, Valid: 40000})
//	fmt.Println(b) // 20% left: 16 of 20 bad events spent, 99.95% over 30d
//
//	decision := budget.Policy{}.Decide(b.State(now, previous.Step))
//	fmt.Println(decision.Step, decision.Release) // caution reviewed
//
// Results are exact, unless their documentation says how they are rounded.
// Values round-trip through JSON; reading refuses unknown fields. All types
// except Tracker are values that read no clock, and are safe for concurrent
// use while nobody changes them. Functions that depend on the time take it as
// a parameter. A Tracker reads the monotonic clock.
//
// Below this package, ledger accounts for outages and maintenance in time, and
// compose relates the objectives of components and systems. Package evidence
// tells how much a sample proves, forecast looks ahead, and planning has toil
// and commitments. Package snapshot keeps Trackers in a file.
//
// The package measures and stores nothing, and sends no alerts.
package budget
