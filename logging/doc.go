// Package logging writes a service's log lines in one standard schema: one
// JSON object per line, the same fields in every service, the request's
// identity on each line, and secrets redacted everywhere.
//
//	handler, err := logging.New("my-app", os.Stdout, nil)
//	…
//	logger := slog.New(handler)
//	logger.InfoContext(ctx, "Request processed successfully",
//		field.ResponseCode(200), field.ExecutionTime(took),
//		field.Endpoint("/api/v1/login"))
//
// writes (on one line)
//
//	{"timestamp":"2024-11-16T12:34:56.789Z","level":"INFO",
//	 "application":"my-app","message":"Request processed successfully",
//	 "user_id":"12345","request_id":"abc-123","response_code":200,
//	 "execution_time_ms":150,"additional_info":{"endpoint":"/api/v1/login"}}
//
// # The line
//
// docs/logs.md is the contract, and [Schema.JSONSchema] returns it as a JSON
// Schema. The fields of the schema are at the top of the line; all other
// attributes are in additional_info. Only the handler writes timestamp, level,
// application and message. The context ([WithRequest], [SetUser],
// [Options.Trace]) takes precedence over attributes: an attribute that would
// change an identity given by the context moves to additional_info. If
// attributes have the same name, the last one wins, and groups of the same name
// become one, so no name occurs twice in an object.
//
// # Secrets
//
// The encoding passes every value, name and message through package redact,
// and nothing can bypass it. The documentation of package redact says which
// secrets it promises to find, and which it finds as a best effort.
//
// # Sinks
//
// The handler encodes a line once and writes it to every [Sink] whose [Match]
// it meets. A writer gets one Write per line before the call returns, unless
// it is a delivery.Buffer. Package logroute adds handlers of other packages.
//
// # Order
//
// A record first passes the level. Then every [Observer] sees it, because
// issues, metrics and SLI events must not depend on sampling. Then come the
// exclusions ([Exclusion]) and the sinks.
//
// A [Handler] is safe for concurrent use and never panics. It returns the
// errors of its sinks, which slog discards; [Options.OnError] receives them.
package logging
