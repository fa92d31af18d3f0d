package statuspage

import (
	"context"
	"errors"
	"fmt"
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
	// answerTimeout is how long a page waits for a reading. A source that
	// respects its context has ended by then.
	answerTimeout = readTimeout + time.Second
)

// errSilent is the error of a source that ignores the end of its context.
var errSilent = fmt.Errorf("no answer within %v", answerTimeout)

// errNoReading is the error of a source that ends its goroutine.
var errNoReading = errors.New("the source ended without a reading")

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
	begunAt time.Time // of the running reading
}

func newCache(source Source, logger *slog.Logger) *cache {
	return &cache{source: source, logger: logger, last: newBoard(status.Reading{})}
}

// board returns the last reading and its age, and reports whether it is
// current. It reads the source if the last attempt is older than a second, and
// waits for the reading that is running. The wait ends with the context, and
// after the time in which the source should answer: a second if its last
// reading failed, so that a source that is down does not slow each page.
func (c *cache) board(ctx context.Context) (b *board, age time.Duration, live bool) {
	c.mu.Lock()
	if time.Since(c.triedAt) >= fresh && c.running == nil {
		c.running, c.begunAt = make(chan struct{}), time.Now()
		go c.read(context.WithoutCancel(ctx), c.running)
	}
	running, wait := c.running, answerTimeout
	if c.err != nil {
		wait = fresh
	}
	late := time.NewTimer(wait - time.Since(c.begunAt))
	c.mu.Unlock()
	defer late.Stop()
	if running != nil {
		select {
		case <-running:
		case <-ctx.Done():
		case <-late.C:
			c.fail(running)
		}
	}
	return c.latest()
}

// fail notes that a reading has no result in time. If it has one later, that
// counts.
func (c *cache) fail(running chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running == running {
		c.note(errSilent)
	}
}

// note sets the error of the last reading, and logs the first one. The caller
// holds the lock.
func (c *cache) note(err error) {
	if err != nil && c.err == nil {
		c.logger.Warn("Status page: the source failed", slog.String("error", err.Error()))
	}
	c.err = err
}

// latest returns the last reading as it is, without a wait.
func (c *cache) latest() (b *board, age time.Duration, live bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last.At.IsZero() {
		return c.last, 0, false
	}
	age = time.Since(c.readAt)
	return c.last, age, c.err == nil && age < staleAfter
}

// read reads the source once. A source that calls runtime.Goexit has failed.
func (c *cache) read(ctx context.Context, done chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	var b *board
	err := errNoReading
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.note(err)
		c.triedAt, c.running = time.Now(), nil
		if b != nil {
			c.last, c.readAt = b, c.triedAt
		}
		close(done)
	}()
	err = guard.Do(func() error {
		r, err := c.source.Read(ctx)
		if err == nil {
			b = newBoard(r)
		}
		return err
	})
}
