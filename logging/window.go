package logging

import (
	"hash/maphash"
	"log/slog"
	"sync/atomic"
	"time"
)

// windows admit the first lines of each message and level in an interval. They
// need no lock, and their number is fixed. A message that finds no window is
// admitted, so that a flood of one message never hides another.
type windows struct {
	first, per int64 // per in nanoseconds
	seed       maphash.Seed
	all        [windowCount]window
}

// A window counts the lines of one message and level in one interval. Once the
// interval has ended, another message may take it.
type window struct {
	key         atomic.Uint64 // hash of message and level; 0 if free
	ends, lines atomic.Int64  // ends in nanoseconds since 1970
}

// windowCount is the number of windows, and probes the number that a message
// tries.
const (
	windowCount = 1 << 10
	probes      = 4
)

// newWindows returns windows for the first lines in each interval of per; 0
// means one second.
func newWindows(first int, per time.Duration) *windows {
	if per == 0 {
		per = time.Second
	}
	return &windows{first: int64(first), per: int64(per), seed: maphash.MakeSeed()}
}

type windowKey struct {
	message string
	level   slog.Level
}

// admit reports whether a line is among the first of its message and level.
func (ws *windows) admit(l *Line) bool {
	key := maphash.Comparable(ws.seed, windowKey{l.Message, l.Level}) | 1
	now := l.Time.UnixNano()
	for i := range uint64(probes) {
		w := &ws.all[(key>>1+i)%windowCount]
		if w.take(key, now) {
			return w.count(now, ws.per) <= ws.first
		}
	}
	return true
}

// take reports whether the window belongs to the key, and takes it for the
// key if it is free or has ended.
func (w *window) take(key uint64, now int64) bool {
	owner := w.key.Load()
	if owner != key && (owner == 0 || now >= w.ends.Load()) && w.key.CompareAndSwap(owner, key) {
		w.ends.Store(0)
	}
	return w.key.Load() == key
}

// count counts a line and returns the number of lines in the current interval.
func (w *window) count(now, per int64) int64 {
	if ends := w.ends.Load(); now >= ends && w.ends.CompareAndSwap(ends, now+per) {
		w.lines.Store(0)
	}
	return w.lines.Add(1)
}
