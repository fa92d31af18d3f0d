package logroute

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/sligo-go/sligo/logging/delivery"
)

const defaultQueue = 1024

// A queue hands records to a handler from a goroutine of its own. What reaches it
// is redacted already, so it holds nothing of the caller's.
type queue struct {
	jobs    chan job
	stopped chan struct{}
	mu      sync.RWMutex // read while sending: closing the channel excludes it
	closed  bool

	accepted, handled, full, failed atomic.Uint64
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

// put takes a record, or drops it when there is no room.
func (q *queue) put(j job) error {
	q.accepted.Add(1)
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		q.failed.Add(1)
		return errClosed
	}
	select {
	case q.jobs <- j:
		return nil
	default:
		q.full.Add(1)
		return errFull
	}
}

func (q *queue) run() {
	defer close(q.stopped)
	for j := range q.jobs {
		if handle(j) {
			q.handled.Add(1)
		} else {
			q.failed.Add(1)
		}
	}
}

func handle(j job) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return j.h.Handle(j.ctx, j.rec) == nil
}

// counts reads accepted last, so that what is neither handled nor dropped waits.
func (q *queue) counts() delivery.Counts {
	c := delivery.Counts{Written: q.handled.Load(), Full: q.full.Load(), Failed: q.failed.Load()}
	c.Accepted = q.accepted.Load()
	c.Buffered = c.Accepted - c.Written - c.Dropped()
	return c
}

func (q *queue) close(ctx context.Context) error {
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
	if c := q.counts(); c.Written != c.Accepted {
		return &delivery.LostError{Counts: c, Err: cause}
	}
	return nil
}

// queued is the handler that puts records into a queue.
type queued struct {
	q    *queue
	next slog.Handler
}

// Enabled asks the handler behind the queue; a panic of it means yes, the record
// will be counted as failed.
func (h *queued) Enabled(ctx context.Context, level slog.Level) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = true
		}
	}()
	return h.next.Enabled(ctx, level)
}

// Handle puts a record into the queue. The handler gets a context that is not
// cancelled when the request ends.
func (h *queued) Handle(ctx context.Context, rec slog.Record) error {
	return h.q.put(job{context.WithoutCancel(ctx), h.next, rec.Clone()})
}

// WithAttrs binds attributes; a handler that panics on them goes without.
func (h *queued) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.derive(func() slog.Handler { return h.next.WithAttrs(attrs) })
}

// WithGroup opens a group; a handler that panics on it goes without.
func (h *queued) WithGroup(name string) slog.Handler {
	return h.derive(func() slog.Handler { return h.next.WithGroup(name) })
}

func (h *queued) derive(f func() slog.Handler) (d slog.Handler) {
	defer func() {
		if recover() != nil {
			d = h
		}
	}()
	return &queued{h.q, f()}
}
