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
	if c.allowed > 0 && c.allowed < minAllowed {
		return sli.ReasonNotValid
	}
	return ""
}

func (c *Call) groupNow() string {
	if group := c.group.Load(); group != nil {
		return group.name
	}
	return ""
}
