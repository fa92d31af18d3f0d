package middleware

import (
	"time"

	"github.com/sligo-go/sligo/sli"
)

// maxEarly bounds the time before a deadline in which a cancellation counts as
// the deadline.
const maxEarly = 50 * time.Millisecond

// expired reports whether a caller's deadline has passed after the time that a
// call took. A caller that leaves in the last tenth before its deadline, at
// most 50 ms, does so because of the deadline: its message can overtake the
// service's clock.
func expired(took, allowed time.Duration, left func() bool) bool {
	return took >= allowed || took >= allowed-min(allowed/10, maxEarly) && left()
}

// Expired reports whether the time that the caller allows passed before the
// answer began: by the clock, or because the caller left in the last tenth
// before, at most 50 ms. Its message can overtake the service's clock. Without
// [CallInfo.Allowed] it is false.
func (c *Call) Expired() bool { return c.expired(c.in.now()) }

func (c *Call) expired(now time.Duration) bool {
	return c.allowed > 0 && expired(c.waited(now), c.allowed, func() bool { return c.ctx.Err() != nil })
}

// tooShort returns the reason to ignore the event of a caller that allowed less
// time than a service is judged by.
func (c *Call) tooShort() sli.Reason {
	return c.in.tooShort(c.allowed)
}

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

func (c *Call) groupNow() string {
	if group := c.group.Load(); group != nil {
		return group.name
	}
	return ""
}
