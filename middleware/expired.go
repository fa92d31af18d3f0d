package middleware

import (
	"time"

	"github.com/sligo-go/sligo/sli"
)

// maxEarly bounds the time before a deadline in which a cancellation counts as
// the deadline.
const maxEarly = 50 * time.Millisecond

// expired reports whether a call took longer than its caller allowed. A caller
// that leaves in the last tenth before its deadline, at most 50 ms, does so
// because of the deadline: its message can overtake the service's clock.
func expired(took, allowed time.Duration, left func() bool) bool {
	return took >= allowed || took >= allowed-min(allowed/10, maxEarly) && left()
}

// Expired reports whether the time that the caller allows passed before the
// answer began. A caller that leaves in the last tenth of that time, at most
// 50 ms before its end, left because of it. Without [CallInfo.Allowed], Expired
// returns false.
func (c *Call) Expired() bool { return c.expired(c.in.now()) }

func (c *Call) expired(now time.Duration) bool {
	return c.allowed > 0 && expired(c.waited(now), c.allowed, func() bool { return c.ctx.Err() != nil })
}

func (c *Call) tooShort() sli.Reason { return c.in.tooShort(c.allowed) }

// tooShort returns the reason to ignore the event of a caller that allowed less
// than the shortest deadline that the service is judged by.
func (in *Instrument) tooShort(allowed time.Duration) sli.Reason {
	if allowed > 0 && allowed < in.opts.MinDeadline {
		return sli.ReasonNotValid
	}
	return ""
}

// promised returns the time that a caller meant to allow: a whole number of
// milliseconds. Its clock has run for some microseconds when it sends the rest.
func promised(allowed time.Duration) time.Duration {
	return (allowed + time.Millisecond - 1).Truncate(time.Millisecond)
}
