// Package logissue groups errors into issues, as error trackers do. An [Issue]
// has the number of occurrences of one error, the times of the first and the
// last, and the latest occurrence, redacted: enough to open a ticket.
//
//	tracker, err := logissue.New(&logissue.Options{OnChange: openTicket})
//	handler, err := logging.New("my-app", os.Stdout, &logging.Options{
//		Observers: []logging.Observer{tracker},
//	})
//	mux.Handle("/issues", tracker.Page())
//
// # Grouping
//
// Errors with the same [Fingerprint] form one issue. The fingerprint depends on
//
//   - the types in the error's chain, and the codes they carry (Code() string),
//   - the error's text without its variable parts, such as numbers,
//     identifiers, addresses, paths and quoted text,
//   - the innermost frames of the stack, if the error carries one.
//
// It does not depend on line numbers, files and addresses, and so it survives a
// release. It does not depend on the place of the log call either, so unrelated
// errors that are logged at one place stay apart.
//
// A service can override the grouping with an error that has a method
// Fingerprint() []string, or with the attribute error_issue on the log line.
//
// # Bounds
//
// The number of issues is limited. At the limit, a new issue replaces the one
// whose last occurrence is the oldest. The count of the replaced issue moves
// to [Summary].Other, so the sum of all counts is always the number of errors
// seen.
package logissue
