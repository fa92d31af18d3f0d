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
// Errors with the same fingerprint form one issue. The fingerprint depends on
//
//   - the types in the error's chain, and the codes that their methods return,
//   - the error's text without its variable parts, such as numbers,
//     identifiers, addresses, names of hosts, paths and quoted values,
//   - codes and quoted names within the text, such as status 404, SQLSTATE
//     23505 and constraint "users_email_key",
//   - the innermost functions of the stack that the error carries, or of the
//     panic that is being recovered,
//   - the message and the function of the log call, but only if the text does
//     not name the operation that failed, such as "EOF".
//
// It does not depend on the order of joined errors, line numbers, files and
// addresses, and so it survives a release. Unrelated errors that are logged at
// one place stay apart. docs/logs.md has a table with examples.
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
