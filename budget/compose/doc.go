// Package compose relates the objectives of components to the objective of
// the system that they form.
//
//   - [Serial], [Parallel] and [AtLeast] return the target that a system of
//     components can promise.
//   - [Allocate] divides a system's error budget among its components by
//     weight.
//   - A [Balance] shows whether the components have more budget than the
//     system.
//
// Usually the system has an objective, and its important components have
// objectives of their own. Do not define the system's budget as the sum of
// its components' budgets: each component can keep its own while the system
// misses its objective. A Balance shows that.
//
//	frontend := slo.MustParseTarget("99.95%")
//	users := slo.MustParseTarget("99.9%")
//	fmt.Println(compose.Serial(frontend, users)) // 99.85005%
//
// A user journey through several pages is not a system in this sense. Its SLI
// adds up their events with [github.com/sligo-go/sligo/sli.Sum].
//
// All functions are pure and safe for concurrent use. They calculate exactly.
// A target that needs more digits than parts per billion is rounded down, so
// that it never promises too much.
package compose
