package middleware

import (
	"context"

	"github.com/sligo-go/sligo/sli"
)

// inFlight is an exchange in the list of requests in flight.
type inFlight struct{ *exchange }

// Judge judges a request whose handler runs, by the rows of the table that
// need no answer. It reports whether nothing remains to be judged before the
// handler returns.
func (e inFlight) Judge() bool {
	if e.omit&SignalEvent != 0 {
		return true
	}
	now := e.in.now()
	event := sli.Event{Duration: now - e.start, Group: e.groupNow(), Allowed: promised(e.allowed()), Ignore: e.ignore()}
	switch {
	case e.contextDeadlinePassed():
		event.Err = context.DeadlineExceeded
	case e.status.Load() != 0, e.noted.has(streams):
		_, limited := e.ctx.Deadline()
		return !limited || e.noted.has(reached)
	case e.callExpired(now):
		event.Err = context.DeadlineExceeded
	default:
		event.Canceled = e.clientLeft(now)
	}
	rt := e.routeInFlight()
	if rt == nil {
		// Indicators without Requests can judge it. Others may list its route.
		unknown := e.in.routes[e.methodScheme].find("")
		unknown.events.Check(&e.pending, event, e.waited(now))
		return false
	}
	return rt.events.Check(&e.pending, event, e.waited(now)) == 0
}
