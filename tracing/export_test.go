package tracing

// HeldTraces returns the number of traces that the tail knows.
func HeldTraces(t *Provider) int {
	t.front.tail.mu.Lock()
	defer t.front.tail.mu.Unlock()
	return len(t.front.tail.traces)
}
