package middleware

import "reflect"

// ResponseSize returns the number of bytes that a request without a body
// allocates.
func ResponseSize() uintptr { return reflect.TypeFor[response]().Size() }

// Walk judges the requests in flight, however short ago the counters were
// read.
func Walk(in *Instrument) { in.inFlight.Walk() }

// WalkCalls judges the calls in flight, however short ago the counters were
// read.
func WalkCalls(in *Instrument) {
	in.client.attempts.Walk()
	in.calls.Walk()
}

// CallsInFlight returns the number of calls that have not ended.
func CallsInFlight(in *Instrument) int {
	active := in.calls.Active()
	return int(active[otherCalls] + active[servedCalls])
}
