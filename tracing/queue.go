package tracing

import "github.com/sligo-go/sligo/tracing/internal/pack"

// queue is a ring of spans with a fixed size. It is not safe for concurrent
// use.
type queue struct {
	ring  []*pack.Span
	first int
	n     int
	bytes int // of the n spans
}

// push adds a span and reports whether there was room.
func (q *queue) push(s *pack.Span) bool {
	if q.n == len(q.ring) {
		return false
	}
	q.ring[(q.first+q.n)%len(q.ring)] = s
	q.n++
	q.bytes += s.Size()
	return true
}

// popAll moves spans to the end of batch until that has the given length or
// number of bytes, or the queue is empty. It exceeds the bytes by less than the
// last span.
func (q *queue) popAll(batch []*pack.Span, length, bytes int) []*pack.Span {
	for popped := 0; q.n > 0 && len(batch) < length && popped < bytes; {
		s := q.ring[q.first]
		batch = append(batch, s)
		popped += s.Size()
		q.ring[q.first] = nil
		q.first = (q.first + 1) % len(q.ring)
		q.n--
		q.bytes -= s.Size()
	}
	return batch
}
