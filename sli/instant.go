package sli

import (
	"sync/atomic"
	"time"
)

// instant is a time that only moves back. The zero instant is not set.
type instant struct{ at atomic.Pointer[time.Time] }

// time returns the time, or the zero Time.
func (i *instant) time() time.Time {
	if at := i.at.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// moveBack sets the time to an earlier one. A zero Time is unknown.
func (i *instant) moveBack(to time.Time) {
	for !to.IsZero() {
		at := i.at.Load()
		if at != nil && !to.Before(*at) || i.at.CompareAndSwap(at, &to) {
			return
		}
	}
}
