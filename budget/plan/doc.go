// Package plan looks ahead: at what will be left of an error budget, and at the plain shares that
// teams plan by.
//
//   - A [Course] is how a budget was spent so far; its [Outlook] is what will be left, with an interval.
//   - [Toil] is the share of a team's time that manual work takes.
//   - [Commitment] is how much of a forecast demand to commit to.
//
// An Outlook is an estimate and so of float64; the shares are exact.
//
//	course := plan.Course{Target: slo.MustParseTarget("99.9%"), Past: days, Ahead: 30 - len(days)}
//	outlook, ok := course.Outlook()
//
// Functions are pure, read no clock, and are safe for concurrent use.
package plan
