// Package logroute sends lines to several destinations by purpose: errors to
// one, all lines to another, the audit trail to a third.
//
//	errorsOnly := logging.Match{MinLevel: slog.LevelError}
//	auditOnly := logging.Match{Fields: map[string]string{"audit": "true"}}
//	router, err := logroute.New("my-app", []logroute.Route{
//		{Name: "stdout", Writer: delivery.NewDirect(os.Stdout, nil)},
//		{Name: "errors", Match: errorsOnly, Handler: sentryHandler},
//		{Name: "audit", Match: auditOnly, Writer: auditFile},
//	}, nil)
//
// It routes with github.com/samber/slog-multi and is the only package of this
// module that links it.
//
// # Isolation
//
// A route that is slow, fails or panics neither delays nor breaks another:
//
//   - A plain io.Writer gets its own buffer, which drops and counts lines when
//     it is full. Lines for writers are encoded once for all routes.
//   - A handler of another package gets its own queue of redacted records,
//     which share no memory with the caller. A full queue drops and counts
//     records.
//
// The exceptions are a *delivery.Direct, which is synchronous, and a
// *delivery.Buffer with its own options. The router uses them directly, so
// they can delay the other routes.
//
// Every route counts its lines or records as [telemetry.Counts].
package logroute
