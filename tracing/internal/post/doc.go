// Package post sends batches of spans by HTTP, once each, and says in the terms of
// [tracing.ExportError] what became of them.
package post
