package sli

import (
	"sync"
	"sync/atomic"
	"time"
)

// walkEvery is the minimum time between two calls of the functions of OnRead.
// Readers in between see the counts of the last walk.
const walkEvery = 100 * time.Millisecond

// readers are the functions of OnRead.
type readers struct {
	mu    sync.Mutex // guards funcs and serializes the calls of edits
	funcs atomic.Pointer[[]func(time.Time)]

	walking sync.Mutex    // held during a walk
	last    time.Time     // the time of the last walk, guarded by walking
	shown   atomic.Uint32 // which number of tally.overdue readers see
}

// OnRead registers a function that the recorder calls before its counts are
// read, at most once in 100 ms. The function walks the events in flight of one
// reporter and calls [Operation.Check] for each. Several reporters may register
// a function each. Their walks do not run at the same time, and a reader does
// not wait for a walk that another reader began. The recorder holds no lock
// that a function could need. A nil function is not called.
func (r *Recorder) OnRead(walk func(now time.Time)) {
	if r == nil || walk == nil {
		return
	}
	r.readers.mu.Lock()
	defer r.readers.mu.Unlock()
	var funcs []func(time.Time)
	if old := r.readers.funcs.Load(); old != nil {
		funcs = append(funcs, *old...)
	}
	funcs = append(funcs, walk)
	r.readers.funcs.Store(&funcs)
}

// read lets the reporters judge their events in flight.
func (r *Recorder) read() {
	walks := r.readers.funcs.Load()
	if walks == nil || !r.readers.walking.TryLock() {
		return
	}
	defer r.readers.walking.Unlock()
	now := time.Now()
	if last := r.readers.last; !last.IsZero() && now.Sub(last) < walkEvery {
		return
	}
	r.readers.last = now
	for i := range r.counters {
		for t := range r.counters[i].tallies {
			t.overdue[r.hidden()].Store(0)
		}
	}
	for _, walk := range *walks {
		walk(now)
	}
	r.readers.shown.Store(r.hidden())
}

// hidden returns which number of tally.overdue the walk counts in.
func (r *Recorder) hidden() uint32 { return 1 - r.readers.shown.Load() }

// noteOverdue counts an event in flight as overdue.
func (r *Recorder) noteOverdue(t *tally) { t.overdue[r.hidden()].Add(1) }

// overdue returns the number of the last complete walk.
func (r *Recorder) overdue(t *tally) uint64 { return t.overdue[r.readers.shown.Load()].Load() }
