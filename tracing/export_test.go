package tracing

// HeldTraces returns the number of traces that the tail remembers.
func HeldTraces(t *Provider) int {
	tail := t.processor.tail
	tail.mu.Lock()
	defer tail.mu.Unlock()
	return len(tail.traces)
}
