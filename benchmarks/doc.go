// Package benchmarks measures sligo beside the libraries that services use
// today. It also shows how those libraries count a panic.
//
// It is a module of its own, so that their dependencies never reach users. Run
//
//	GOWORK=off go run ./table
//
// for one table of their costs, which marks the goals that sligo misses. It
// runs all benchmarks in each of ten rounds, so that a slow minute of the
// machine affects them alike. The flag -count of go test would measure one
// after the other. Compare the costs that each stack adds to the bare one in
// the same run. Times from other runs or other machines are not comparable.
package benchmarks
