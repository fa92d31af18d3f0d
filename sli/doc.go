// Package sli turns finished requests and jobs into counts of good and valid
// events, by service level indicators on one standard template.
//
// A mobile developer measures "response time" on the device, a server developer
// in the log, and an operator at the load balancer. An [Indicator] therefore
// says which requests count, which of them are valid and good, where and how
// they are collected, and how the SLI is shown.
//
//   - An [Event] is one finished request or job, with its duration.
//   - A [Condition] selects events. It is plain data.
//   - A [Verdict] is an indicator's judgment of an event: ignored, bad or good.
//     An ignored event has a [Reason].
//   - [Counts] are numbers of good and valid events. The SLI is good/valid.
//   - A [Recorder] judges the events of one service and counts them.
//
// An event is valid if it counts at all. The client's own mistakes and failures
// outside the service do not count. A valid event is good if it met the
// criterion.
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
// # A hang is an outage
//
// If callers give up before the service answers, nobody knows which answer
// would have come. Then the time that they waited decides. The indicator's
// bound is Good.Within, or else Patience, which is 1 s by default. The first
// row that applies gives the verdict:
//
//	a deadline of the service passed without an answer    bad
//	Valid.Canceled is PresenceInclude or PresenceOnly     by the definition
//	the caller left, and had waited beyond the bound      bad
//	the caller left earlier                               ignored, client_left
//	any other event                                       by the definition
//
// A reporter that knows its events in flight keeps a [Pending] for each. It
// judges them whenever the counts are read, even if their handlers never
// return; see [Operation.Check]. An event that is judged early has no answer
// (Event.Unanswered). It is never good, and meets each list of Status and Code
// in Valid. If the caller still waits beyond the bound, or if nobody can see it
// leave, the event is overdue. [Tally] has the number of overdue events.
//
// # Definitions that match nothing
//
// A mistyped route would count nothing for ever. The recorder therefore notes
// which entries of Requests have matched an event, and counts the events that
// no indicator lists. [Recorder.Report] shows them, and [Recorder.Warnings]
// returns a warning about each, with the closest operation that was recorded.
//
// # Text and JSON
//
// Every value prints on one line, and JSON holds it without loss. Keys are the
// names of the fields in lower case, durations are text such as "100ms", and
// unknown keys are errors. Fields that are zero are left out, except in Counts.
// Reading does not validate; call Validate. Only a Func in a Condition cannot
// be read back.
//
// # Concurrency and time
//
// A Recorder is safe for concurrent use. The other values are safe as long as
// nobody changes them. Durations come from the caller. A Recorder reads the
// clock for [Recorder.Created], for the start of a group, and to call the
// functions of [Recorder.OnRead] at most once in 100 ms.
//
// The package exports nothing by itself: package sliprom exposes a Recorder to
// Prometheus, package middleware records HTTP requests, and package slo sets
// targets.
package sli
