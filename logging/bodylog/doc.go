// Package bodylog writes the bodies of HTTP requests to debug logs, redacted.
//
//	handler = bodylog.New(handler, logger, nil)
//
// It reads a body only if the logger's level is DEBUG, and only as far as the
// service's own handler reads it. It keeps the bytes up to a limit. After the
// handler has returned, it logs one line of level DEBUG with two members in
// additional_info:
//
//	"request_body"        the redacted body, or "[1532 bytes image/png]"
//	"request_body_bytes"  the number of bytes that the handler read
//
// It shows JSON and URL-encoded forms, redacted by package redact whichever
// handler the logger has. It shows only the size and the type of a body of
// another type, of a body that does not match its type, and of a body beyond
// the limit, which it cannot parse.
package bodylog
