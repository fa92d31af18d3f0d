// Package snapshot keeps the counts of a process's objectives in a file, so
// that budgets survive a restart.
//
// A [budget.Tracker] counts in memory. [Save] writes the Trackers of all
// objectives into one file, and [Load] restores them in the next process:
//
//	parts := []snapshot.Part{{
//		Objective: objective, Trackers: []*budget.Tracker{tracker},
//	}}
//	report, err := snapshot.Load("/var/lib/shop/slo.snapshot", parts)
//	if err != nil {
//		logger.Warn("snapshot", "error", err) // the process counts from now on
//	}
//	logger.Info(report.String())
//
// Save the file when the process ends, and every minute or so, since a process
// can be killed. Events after the last save are lost. The time from the save
// to the start of the next process is unknown, and the coverage of each budget
// says so. One process at a time uses a file.
//
// An objective is found by its ID. Its counts are restored only if the
// definition of its events is the same, so that the target and the window may
// change and the criterion may not. The code of a Func in a condition is not a
// part of this comparison.
//
// The file is replaced in one step, and holds a checksum. A file that cannot be
// read is set aside with the suffix ".bad". Functions are safe for concurrent
// use if their paths differ.
package snapshot
