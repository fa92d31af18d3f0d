// Package logroute sends lines to several destinations by purpose: errors to one,
// everything to another, the audit trail to a third. It routes with
// github.com/samber/slog-multi and is the only package that links it.
//
//	router, err := logroute.New("my-app", []logroute.Route{
//		{Name: "stdout", Writer: delivery.NewDirect(os.Stdout, nil)},
//		{Name: "errors", Match: logging.Match{MinLevel: slog.LevelError}, Handler: sentryHandler},
//		{Name: "audit", Match: logging.Match{Fields: map[string]string{"audit": "true"}}, Writer: auditFile},
//	}, nil)
//
// # How routes are kept apart
//
// Lines for writers are encoded once for all of them. A plain io.Writer gets a
// buffer of its own that drops lines when it is full, and counts them; a
// *delivery.Direct (synchronous) or a *delivery.Buffer (as configured) is used as
// it is, and then delays the others as much as it was told to.
//
// A handler of another package gets a queue of its own, with redacted records
// that share nothing with the caller; a full queue drops and counts. So a route
// that is slow, broken or panics neither delays nor breaks another.
package logroute
