package delivery

import (
	"fmt"
	"sync/atomic"
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
	Counts Counts // at the end of Close
	Err    error  // why the wait for the rest ended, or the last error of the writer
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

// A ledger keeps Counts without a lock, so that they can be read while a
// write hangs. A line is accepted before it is settled, and read in the opposite
// order: what is neither written nor dropped is buffered.
type ledger struct {
	accepted, written, dropped, failed atomic.Uint64
	last                               atomic.Pointer[error]
}

func (l *ledger) accept(lines uint64) { l.accepted.Add(lines) }

func (l *ledger) full(lines uint64) { l.dropped.Add(lines) }

func (l *ledger) settle(written, failed uint64, err error) {
	if written > 0 {
		l.written.Add(written)
	}
	if failed > 0 {
		l.failed.Add(failed)
	}
	if err != nil {
		last := err // on the heap only when there is one
		l.last.Store(&last)
	}
}

// Counts returns what became of the lines so far.
func (l *ledger) Counts() Counts {
	c := Counts{Written: l.written.Load(), Full: l.dropped.Load(), Failed: l.failed.Load()}
	c.Accepted = l.accepted.Load() // last: never less than what became of them
	c.Buffered = c.Accepted - c.Written - c.Dropped()
	return c
}

// lost returns a *LostError unless every line accepted was written.
func (l *ledger) lost(cause error) error {
	c := l.Counts()
	if c.Written == c.Accepted {
		return nil
	}
	if last := l.last.Load(); cause == nil && last != nil {
		cause = *last
	}
	return &LostError{c, cause}
}
