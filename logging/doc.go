// Package logging writes a service's log lines: one JSON object a line, the same
// fields in every service, the request's identity on each line, and secrets
// redacted on all.
//
//	handler, err := logging.New("my-app", os.Stdout, nil)
//	…
//	logger := slog.New(handler)
//	logger.InfoContext(ctx, "Request processed successfully",
//		field.ResponseCode(200), field.ExecutionTime(took), field.Endpoint("/api/v1/login"))
//
// writes (on one line)
//
//	{"timestamp":"2024-11-16T12:34:56.789Z","level":"INFO","application":"my-app",
//	 "message":"Request processed successfully","user_id":"12345","request_id":"abc-123",
//	 "response_code":200,"execution_time_ms":150,"additional_info":{"endpoint":"/api/v1/login"}}
//
// # The line
//
// docs/logs.md is the contract, [Schema] its JSON Schema. The fields of the
// schema stand at the top, everything else in additional_info. The handler alone
// writes timestamp, level, application and message. The context ([WithRequest],
// [SetUser], [Options.Trace]) comes before attributes: an attribute that would
// change an identity the context gives is moved to additional_info. Of attributes
// with one name the last wins, so no name is twice on a line.
//
// # Secrets
//
// Every value, name and message passes package redact, as part of the encoding
// and without a way around it. The package documentation of redact says what is
// promised and what is best effort.
//
// # Sinks
//
// A line is encoded once and written to every [Sink] whose [Match] it meets. A
// writer gets one Write per line before the call returns, unless it is a
// delivery.Buffer. Package logroute adds handlers of other packages.
//
// # Order
//
// A record passes the level, then every [Observer] sees it (error groups, metrics,
// SLI events: they must not depend on what is sampled away), then the
// [Exclusion] rules, then the sinks.
//
// A [Handler] is safe for concurrent use, never panics and returns the errors of
// its sinks, which slog discards; [Options.OnError] hears of them.
package logging
