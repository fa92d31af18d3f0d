package logroute

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/logging/internal/tally"
)

const defaultQueue = 1024

// A queue passes records to a handler from its own goroutine. The records are
// already redacted, and the queue keeps no memory of the caller.
type queue struct {
	tally   tally.Tally
	jobs    chan job
	stopped chan struct{} // closed when the goroutine has ended
	mu      sync.RWMutex  // read-locked to send, so that close excludes senders
	closed  bool
}

type job struct {
	ctx context.Context
	h   slog.Handler
	rec slog.Record
}

func newQueue(size int) *queue {
	if size == 0 {
		size = defaultQueue
	}
	q := &queue{jobs: make(chan job, size), stopped: make(chan struct{})}
	go q.run()
	return q
}

var (
	errFull   = errors.New("logroute: queue full, record dropped")
	errClosed = errors.New("logroute: router closed, record dropped")
)

// put adds a record, or drops it if there is no room.
func (q *queue) put(j job) error {
	q.tally.Accept(1)
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		q.tally.Drop(1)
		return errClosed
	}
	select {
	case q.jobs <- j:
		return nil
	default:
		q.tally.Drop(1)
		return errFull
	}
}

func (q *queue) run() {
	defer close(q.stopped)
	for j := range q.jobs {
		if err := guard.Do(func() error { return j.h.Handle(j.ctx, j.rec) }); err != nil {
			q.tally.Settle(0, 1, err)
		} else {
			q.tally.Settle(1, 0, nil)
		}
	}
}

// close ends the goroutine after the queued records are handled. It returns a
// *telemetry.LossError if a record was lost or ctx is done first.
func (q *queue) close(ctx context.Context, route string) error {
	q.mu.Lock()
	if !q.closed {
		q.closed = true
		close(q.jobs)
	}
	q.mu.Unlock()
	var cause error
	select {
	case <-q.stopped:
	case <-ctx.Done():
		cause = context.Cause(ctx)
	}
	return q.tally.Loss(route, "records", cause)
}

// queued is the handler that puts records into a queue.
type queued struct {
	q    *queue
	next slog.Handler
}

// Enabled reports whether the handler behind the queue is enabled. If that
// handler panics, it reports true, so that the record is counted as failed.
func (h *queued) Enabled(ctx context.Context, level slog.Level) bool {
	enabled := true
	_ = guard.Call(func() { enabled = h.next.Enabled(ctx, level) })
	return enabled
}

// Handle puts a record into the queue. The handler behind the queue gets a
// context that outlives the request.
func (h *queued) Handle(ctx context.Context, rec slog.Record) error {
	return h.q.put(job{context.WithoutCancel(ctx), h.next, rec.Clone()})
}

// WithAttrs binds attributes. If the handler panics, it is used without them.
func (h *queued) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.derive(func() slog.Handler { return h.next.WithAttrs(attrs) })
}

// WithGroup opens a group. If the handler panics, it is used without the
// group.
func (h *queued) WithGroup(name string) slog.Handler {
	return h.derive(func() slog.Handler { return h.next.WithGroup(name) })
}

func (h *queued) derive(f func() slog.Handler) slog.Handler {
	next := h.next
	_ = guard.Call(func() { next = f() })
	return &queued{h.q, next}
}
