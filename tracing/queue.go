package tracing

import sdktrace "go.opentelemetry.io/otel/sdk/trace"

// queue is a ring of spans with a fixed size. It is not safe for concurrent
// use.
type queue struct {
	ring  []sdktrace.ReadOnlySpan
	first int
	n     int
}

// push adds a span and reports whether there was room.
func (q *queue) push(s sdktrace.ReadOnlySpan) bool {
	if q.n == len(q.ring) {
		return false
	}
	q.ring[(q.first+q.n)%len(q.ring)] = s
	q.n++
	return true
}

// popAll moves spans to the end of batch until that has the given length or the
// queue is empty.
func (q *queue) popAll(batch []sdktrace.ReadOnlySpan, length int) []sdktrace.ReadOnlySpan {
	for q.n > 0 && len(batch) < length {
		batch = append(batch, q.ring[q.first])
		q.ring[q.first] = nil
		q.first = (q.first + 1) % len(q.ring)
		q.n--
	}
	return batch
}
