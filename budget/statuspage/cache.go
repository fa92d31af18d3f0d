package statuspage

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/internal/guard"
)

const (
	// fresh is how long a reading serves all readers, so that many of them cost
	// the source no more than one.
	fresh = time.Second
	// readTimeout bounds a reading of the source.
	readTimeout = 10 * time.Second
)

// cache shares readings of a source among all readers.
type cache struct {
	source Source
	logger *slog.Logger

	mu      sync.Mutex // guards all below
	last    *board     // the last good reading, empty before the first
	readAt  time.Time  // of the last good reading
	triedAt time.Time  // of the last reading
	err     error      // of the last reading
	running chan struct{}
}

func newCache(source Source, logger *slog.Logger) *cache {
	return &cache{source: source, logger: logger, last: newBoard(status.Reading{})}
}

// board returns the last reading and its age, and reports whether it is
// current. It reads the source if the last attempt is older than a second. If
// another goroutine is reading, board waits for it. An end of the context ends
// the wait only.
func (c *cache) board(ctx context.Context) (b *board, age time.Duration, live bool) {
	c.mu.Lock()
	if time.Since(c.triedAt) >= fresh && c.running == nil {
		c.running = make(chan struct{})
		go c.read(context.WithoutCancel(ctx), c.running)
	}
	running := c.running
	c.mu.Unlock()
	if running != nil {
		select {
		case <-running:
		case <-ctx.Done():
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last.At.IsZero() {
		return c.last, 0, false
	}
	age = time.Since(c.readAt)
	return c.last, age, c.err == nil && age < staleAfter
}

// read reads the source once.
func (c *cache) read(ctx context.Context, done chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	var r status.Reading
	err := guard.Do(func() (err error) {
		r, err = c.source.Read(ctx)
		return err
	})
	var b *board
	if err == nil {
		b = newBoard(r)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil && c.err == nil {
		c.logger.Warn("Status page: the source failed", slog.String("error", err.Error()))
	}
	c.err, c.triedAt, c.running = err, time.Now(), nil
	if b != nil {
		c.last, c.readAt = b, c.triedAt
	}
	close(done)
}
