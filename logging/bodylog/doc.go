// Package bodylog writes the bodies of HTTP requests to debug logs, redacted.
//
//	handler = bodylog.New(handler, logger, nil)
//
// A body is looked at only while the logger's level is DEBUG, and only as the
// service's own handler reads it: what the handler does not read is not read, and
// what is read is kept up to a limit. After the handler has returned, one line of
// level DEBUG has in additional_info
//
//	"request_body"        the redacted body, or "[1532 bytes image/png]"
//	"request_body_bytes"  how much of it the handler read
//
// Shown are JSON and URL-encoded forms, redacted by the rules of package redact,
// whatever handler the logger has. A body of any other type, one that is not what
// its type says, and one longer than the limit, of which there is only the start
// to parse, are replaced by size and type.
package bodylog
