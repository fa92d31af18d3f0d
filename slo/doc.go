// Package slo states promises: an objective is an indicator, the target that
// it must reach, and the window in which it must reach it.
//
//   - A [Target] is the share of valid events that must be good: 99.95 %.
//   - A [Share] is any other share of a definition, such as 2 % of a budget.
//   - A [Window] is a rolling period, "30d", or a calendar period in a time
//     zone, "month Asia/Seoul".
//   - An [AlertPolicy] has the alerts on an objective's error budget, each an
//     [Alert]. The default is the policy of The Site Reliability Workbook.
//   - [Slices] judge by slices of time instead of by events.
//   - A [Stage] says whether alerts are evaluated and whether they notify
//     people.
//   - An [Objective] is all of these for one indicator. An indicator can carry
//     several, each with a Name.
//
// A float64 cannot hold 0.999: the error budget computed from it prints as
// 0.0010000000000000009, in rules and reports. A Target and a Share are
// therefore whole parts per billion inside and decimal text outside. The
// package holds no percentage as a floating-point number.
//
//	slo.Objective{
//		Indicator: availability,
//		Target:    slo.MustParseTarget("99.95%"),
//		Window:    slo.MustParseWindow("30d"),
//	}
//
// # Text and JSON
//
// Every value prints on one line, and JSON holds it without loss, by the
// rules of package sli. Keys are the names of the fields in lower case with
// underscores ("min_bad"). Shares, targets, windows and durations are text
// ("2%", "99.95%", "30d", "1h30m"). Fields that are zero are left out, and
// unknown keys are errors. Reading does not validate; call Validate.
//
// # Concurrency and time
//
// All types are values. They are safe for concurrent use as long as nobody
// changes them. The package reads no clock: a method that depends on the time
// takes it as a parameter.
//
// The package knows nothing of counts. Package budget computes the remaining
// error budget.
package slo
