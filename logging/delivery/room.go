package delivery

import (
	"log/slog"
	"time"
)

// admit makes room for n bytes or waits for it, and returns an error if there
// is no room. The caller must hold b.mu, which admit releases while it waits.
func (b *Buffer) admit(level slog.Level, n int) error {
	if wait, err := b.decide(level, n); !wait {
		return err
	}
	timer := time.NewTimer(b.opts.BlockFor)
	defer timer.Stop()
	for written := b.written; ; {
		turned := b.turned
		b.mu.Unlock()
		select {
		case <-turned:
			b.mu.Lock()
		case <-timer.C:
			b.mu.Lock()
			// Not stuck if the writer completed a Write and others took the room.
			b.stuck = b.stuck || b.written == written
			return b.displace(level, n)
		}
		if wait, err := b.decide(level, n); !wait {
			return err
		}
	}
}

// decide reports whether a line of n bytes must wait for room. If it must not,
// there is room, or the error says why the line is dropped.
func (b *Buffer) decide(level slog.Level, n int) (wait bool, err error) {
	switch {
	case b.closed && b.stuck:
		return false, errClosed
	case !b.lacksRoom(n):
		return false, nil
	case b.opts.Full == FullDrop || b.stuck:
		return false, b.displace(level, n)
	}
	return true, nil
}

// displace makes room by dropping lines of lower levels, or returns an error.
func (b *Buffer) displace(level slog.Level, n int) error {
	if !b.lacksRoom(n) {
		return nil
	}
	dropped, ok := b.filling.free(level, len(b.filling.text)+n-b.opts.Bytes)
	b.tally.Drop(dropped)
	if !ok {
		return errFull
	}
	return nil
}

// lacksRoom reports whether n bytes do not fit. A line larger than the buffer
// fits if the buffer is empty.
func (b *Buffer) lacksRoom(n int) bool {
	size := len(b.filling.text)
	return size > 0 && size+n > b.opts.Bytes
}
