// Package forecast estimates how much of an error budget will be left.
//
// A [Course] is how a budget was spent so far; its [Outlook] is how much will be
// left, with an interval. An Outlook is an estimate, so its fields are float64.
//
//	course := forecast.Course{Target: slo.MustParseTarget("99.9%"), Past: days, Ahead: 30 - len(days)}
//	outlook, ok := course.Outlook()
//
// Functions are pure, read no clock, and are safe for concurrent use.
package forecast
