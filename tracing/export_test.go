package tracing

import sdktrace "go.opentelemetry.io/otel/sdk/trace"

// HeldTraces returns the number of traces that the tail remembers.
func HeldTraces(t *Provider) int {
	tail := t.processor.tail
	tail.mu.Lock()
	defer tail.mu.Unlock()
	return len(tail.traces)
}

// RedactedName redacts a span and returns its name.
func RedactedName(s sdktrace.ReadOnlySpan) string { return defaultRedaction.span(s).Name() }

var defaultRedaction = newRedaction(nil)
