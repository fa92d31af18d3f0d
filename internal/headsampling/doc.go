// Package headsampling decides about a span before it starts. Package tracing
// makes the decision, and package middleware asks for it.
//
// A service that samples does not record most of its spans. OpenTelemetry's SDK
// costs such a span three allocations and more time than its metrics. A caller
// that knows the decision beforehand needs no more than the IDs.
package headsampling
