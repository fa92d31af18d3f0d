package middleware

// Walk judges the requests in flight, however short ago the counters were
// read.
func Walk(in *Instrument) { in.judgeInFlight() }
