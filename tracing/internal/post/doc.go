// Package post sends batches of spans over HTTP, once each, and reports their
// fate as [tracing.ExportError].
package post
