package middleware

import "unsafe"

// ExchangeSize is the number of bytes that a request without a body allocates.
const ExchangeSize = unsafe.Sizeof(exchange{})

// Walk judges the requests in flight, however short ago the counters were
// read.
func Walk(in *Instrument) { in.judgeInFlight() }
