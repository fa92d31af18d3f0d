// Package slo says what was promised: an objective is an indicator, the target that it must reach, and
// the window in which it must.
//
// A [Target] is exact. A float64 cannot hold 0.999, and what a budget computed from one prints as
// 0.0010000000000000009 ends up in rules and reports; so a Target is parts per billion inside and
// decimal text outside, and no percentage in this package is a floating-point number.
//
// A [Window] is rolling ("30d") or a calendar period in a time zone ("month Asia/Seoul").
//
// An [AlertPolicy] is the alerts on an objective's error budget, each an [Alert]; the default is that of The
// Site Reliability Workbook. [Slices] judge by slices of time instead of by events.
//
//	slo.Objective{
//		Indicator: availability,
//		Target:    slo.MustParseTarget("99.95%"),
//		Window:    slo.MustParseWindow("30d"),
//	}
//
// Everything here is a value, safe for concurrent use as long as it is not changed, and pure: where
// a moment matters it is a parameter. What is left of an error budget is the business of package
// budget.
package slo
