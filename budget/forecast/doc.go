// Package forecast estimates how much of an error budget will be left.
//
// A [Course] is how a budget has been spent so far. Its [Outlook] is how much
// will be left, with an interval.
//
//	target := slo.MustParseTarget("99.9%")
//	course := forecast.Course{Target: target, Past: days, Ahead: 30 - len(days)}
//	outlook, ok := course.Outlook()
//
// An Outlook is an estimate, so its fields are float64. Both types round-trip
// through JSON. All functions are pure, read no clock, and are safe for
// concurrent use.
package forecast
