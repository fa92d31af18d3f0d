// Package evidence tells how much a sample of events proves, so that nobody
// concludes too much from a small one.
//
//   - [ConfidenceInterval] returns the [Interval] in which an SLI lies, given
//     the counts of a sample.
//   - A [Canary] compares a canary release with its baseline, and tells how
//     much traffic it takes to detect a given degradation.
//   - A [Comparison] is the result, with its p-value.
//
// One bad request in ten does not prove an SLI of 90 %:
//
//	sample := sli.Counts{Good: 9, Valid: 10}
//	interval, ok := evidence.ConfidenceInterval(sample, slo.Share{})
//	fmt.Println(interval, ok) // 59.585% to 98.2124% true
//
// Ten requests cannot tell a bad service from a good one.
//
// Intervals and p-values are estimates, so they are float64, from 0 to 1. The
// caller's choices, such as a confidence or a significance, are exact
// [slo.Share] values. All methods assume that events are independent. The
// events of one outage are not, and an interval is then too narrow.
//
// Without traffic there is no data, and functions return false. All types
// round-trip through JSON, and reading refuses unknown fields. All functions
// are pure and safe for concurrent use.
package evidence
