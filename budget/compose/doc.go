// Package compose relates the objectives of components to the objective of the system that they make.
//
//   - [Serial], [Parallel] and [AtLeast] are what a system of components can promise.
//   - [Allocate] divides a system's error budget among its components by weight.
//   - A [Balance] says whether components were given more budget than the system has.
//
// The usual mix is an objective for the system, and separate ones for its important components.
// Adding the components' budgets up into the system's is not good: each may keep its own while the
// system misses its objective, which a Balance shows.
//
//	shop := compose.Serial(slo.MustParseTarget("99.95%"), slo.MustParseTarget("99.9%"))
//	fmt.Println(shop) // 99.85005%
//
// A journey through several pages is not a system in this sense. Its SLI adds up their events, which is
// what sli.Sum does.
//
// All functions are pure and safe for concurrent use, and calculate exactly; a result that is more
// than parts per billion can hold is rounded down, to the safe side.
package compose
