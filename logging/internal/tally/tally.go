// Package tally counts the lines given to a writer or a queue. It takes no
// lock, so that the counts can be read while a delivery hangs.
package tally

import (
	"sync/atomic"

	"github.com/sligo-go/sligo/telemetry"
)

// Tally counts items from their acceptance to their delivery or loss. The zero
// Tally is ready to use. It is safe for concurrent use and must not be copied.
//
// Callers accept an item before they drop or settle it, and Counts reads in the
// opposite order. An accepted item is therefore queued until it is counted as
// done, dropped or failed.
type Tally struct {
	accepted, done, dropped, failed atomic.Uint64
	last                            atomic.Pointer[error] // of a delivery
}

// Accept counts items that arrive.
func (t *Tally) Accept(items uint64) { t.accepted.Add(items) }

// Drop counts accepted items that are discarded without a delivery attempt.
func (t *Tally) Drop(items uint64) { t.dropped.Add(items) }

// Settle counts accepted items after a delivery attempt, and keeps its error,
// if any, for [Tally.Loss].
func (t *Tally) Settle(done, failed uint64, err error) {
	if done > 0 {
		t.done.Add(done)
	}
	if failed > 0 {
		t.failed.Add(failed)
	}
	if err != nil {
		last := err // a copy, so that err moves to the heap only here
		t.last.Store(&last)
	}
}

// Counts returns the current counts.
func (t *Tally) Counts() telemetry.Counts {
	c := telemetry.Counts{Done: t.done.Load(), Dropped: t.dropped.Load(), Failed: t.failed.Load()}
	accepted := t.accepted.Load() // last, so that it is at least their sum
	c.Queued = accepted - c.Done - c.Lost()
	return c
}

// Loss returns a [*telemetry.LossError] for the items, nil if all of them are
// done. Its Err is cause, or the last delivery error if cause is nil.
func (t *Tally) Loss(name, items string, cause error) error {
	c := t.Counts()
	if c.Done == c.Accepted() {
		return nil
	}
	if last := t.last.Load(); cause == nil && last != nil {
		cause = *last
	}
	return &telemetry.LossError{Name: name, Items: items, Counts: c, Err: cause}
}
