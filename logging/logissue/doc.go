// Package logissue makes the same error one entry, with how often it occurred,
// when first and last, and a redacted sample: what to open a ticket from.
//
//	groups, err := logissue.New(&logissue.Options{OnChange: openTicket})
//	handler, err := logging.New("my-app", os.Stdout, &logging.Options{Observers: []logging.Observer{groups}})
//	mux.Handle("/errors", groups.Page())
//
// # What is the same
//
// Two errors are the same when their [Fingerprint] is. It is made of the types in
// the error's chain, of the codes they carry (Code() string), and of the text of
// which all that varies (numbers, identifiers, addresses, paths, quoted text) is
// taken out; of stack frames only when the error itself carries a stack. There is
// no line number, no file and no address in it, so it survives a release, and
// the place that logs does not merge errors that have nothing in common. A
// service that knows better says so: an error with Fingerprint() []string, or the
// attribute error_group.
//
// # Bounds
//
// The number of groups is bounded. When it is reached, the group not seen for
// longest makes room, and its count goes to Other: the sum of all counts is
// always the number of errors seen.
package logissue
