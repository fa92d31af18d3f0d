// Package sli turns finished requests and jobs into counts of good and valid
// events, by service level indicators on one standard template.
//
// "Response time" is the device's time to a mobile developer, the log's time
// to a server developer and the load balancer's time to an operator. An
// [Indicator] therefore says which requests count, which of them are valid
// and good, where and how they are collected, and how the SLI is shown.
//
//   - An [Event] is one finished request or job, with its duration.
//   - A [Condition] selects events. It is plain data.
//   - A [Verdict] is an indicator's judgment of an event: ignored, bad or good.
//   - [Counts] are numbers of good and valid events. The SLI is good/valid.
//   - A [Recorder] judges the events of one service and counts them.
//
// An event is valid if it counts at all, which excludes the client's own
// mistakes and failures outside the service. It is good if it is valid and met
// the criterion.
//
//	rec, err := sli.NewRecorder(sli.Indicator{
//		Service:  "users",
//		Name:     "availability",
//		Requests: []string{"GET /users/{userid}"},
//		Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
//		Valid:    sli.Condition{Status: []string{"!400"}},
//	})
//	…
//	rec.Record(sli.Event{
//		Operation: "GET /users/{userid}", Status: 200, Duration: took,
//	})
//
// A latency is compared with its bound when it is measured. An indicator of
// latency is therefore exact and needs no histogram bucket at its bound.
//
// # Text and JSON
//
// Every value prints on one line, and JSON holds it without loss: keys are
// the names of the fields in lower case, durations are text such as "100ms",
// fields that are zero are left out except in Counts, and unknown keys are
// errors. Reading does not validate; call Validate. Only a Func in a
// Condition cannot be read back.
//
// # Concurrency and time
//
// A Recorder is safe for concurrent use. The other values are safe as long as
// nobody changes them. Durations come from the caller; the package reads the
// clock only for [Recorder.Created].
//
// The package exports nothing by itself: package sliprom exposes a Recorder to
// Prometheus, package middleware records HTTP requests, and package slo sets
// targets.
package sli
