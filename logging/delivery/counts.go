package delivery

import (
	"fmt"
	"sync"
)

// Counts says what became of the lines given to one writer. They are of one
// moment: Accepted is always the sum of the others.
type Counts struct {
	Accepted uint64 // lines given to the writer
	Written  uint64 // lines written whole
	Buffered uint64 // lines not yet written, those being written included
	Full     uint64 // lines dropped because the buffer was full
	Failed   uint64 // lines dropped because the writer failed, wrote short or panicked
}

// Dropped returns the lines that will never be written.
func (c Counts) Dropped() uint64 { return c.Full + c.Failed }

// A LostError is what Close returns when not every line was written.
type LostError struct {
	Counts Counts
	Err    error // why the wait for the rest ended, or the last error of the writer
}

// Error says how many lines are lost, and how many could not be waited for.
func (e *LostError) Error() string {
	s := fmt.Sprintf("delivery: %d of %d lines lost (%d buffer full, %d failed), %d not written yet",
		e.Counts.Dropped(), e.Counts.Accepted, e.Counts.Full, e.Counts.Failed, e.Counts.Buffered)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns Err.
func (e *LostError) Unwrap() error { return e.Err }

// A ledger keeps Counts so that every line is in exactly one place. Its lock is
// its own: counts can be read while a write hangs.
type ledger struct {
	mu   sync.Mutex
	c    Counts
	last error
}

func (l *ledger) accept(lines uint64) {
	l.mu.Lock()
	l.c.Accepted += lines
	l.c.Buffered += lines
	l.mu.Unlock()
}

func (l *ledger) full(lines uint64) {
	l.mu.Lock()
	l.c.Buffered -= lines
	l.c.Full += lines
	l.mu.Unlock()
}

func (l *ledger) settle(written, failed uint64, err error) {
	l.mu.Lock()
	l.c.Buffered -= written + failed
	l.c.Written += written
	l.c.Failed += failed
	if err != nil {
		l.last = err
	}
	l.mu.Unlock()
}

// Counts returns what became of the lines so far.
func (l *ledger) Counts() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.c
}

// lost returns a *LostError unless every line accepted was written.
func (l *ledger) lost(cause error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.c.Written == l.c.Accepted {
		return nil
	}
	if cause == nil {
		cause = l.last
	}
	return &LostError{l.c, cause}
}
