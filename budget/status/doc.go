// Package status has the state of a service's objectives: which one is in
// trouble, how badly, until when, and which releases are allowed.
//
//   - A [Reading] is the state of all objectives at one moment. It is a plain
//     record that any source can fill in.
//   - An [Objective] is the state of one objective in it: the budget, the
//     recent windows, the alarms, the policy's decision and the history.
//   - [Books] are the embedded source. They keep the events of a recorder in
//     the memory of the process.
//
// A reading shows in package statuspage. A program without the page reads it
// itself:
//
//	books, err := status.Open(recorder, objectives, nil)
//	...
//	defer books.Close()
//	fmt.Println(books.Reading())
//
// Books know no event from before their start, and none of other instances.
// The coverage of each budget states the known part of the window, which is at
// most 90 days.
//
// Records are values, safe for concurrent use while nobody changes them, and
// read no clock. Books are safe for concurrent use and read the clock.
package status
