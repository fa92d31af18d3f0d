// Package sli says what happened: it turns finished requests and jobs into counts of good and valid
// events, by service level indicators on one standard template.
//
// The same words, "response time", mean the device's time to a mobile developer, the log's time to a
// server developer and the load balancer's time to an operator. An [Indicator] therefore says all of
// it: which requests, what is good, what is valid, where and how it is collected, and over what it
// is aggregated.
//
//   - An [Event] is one finished request or job.
//   - A [Condition] selects events, as plain data.
//   - A [Verdict] is what an indicator makes of an event: Ignored, Bad or Good.
//   - [Counts] are how many events were good and valid; good/valid is the SLI.
//   - A [Recorder] judges events and counts them.
//
// An event is valid if it counts at all: a client's own mistake and a cause outside the service do
// not. It is good if it is valid and met the criterion.
//
//	rec, err := sli.NewRecorder(sli.Indicator{
//		Service:  "users",
//		Name:     "availability",
//		Requests: []string{"GET /users/{userid}"},
//		Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
//		Valid:    sli.Condition{Status: []string{"!400"}},
//	})
//	…
//	rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: took})
//
// KindLatency is compared with its bound where it is measured, so an indicator of latency is exact, and
// needs no histogram bucket at the bound.
//
// Values of this package are safe for concurrent use unless they are changed. Durations come from
// callers; the package reads no clock but for the time at which a Recorder is made. It exports
// nothing by itself: package sliprom exposes a Recorder's counts to Prometheus, package middleware
// feeds it from HTTP requests, and package slo sets targets.
package sli
