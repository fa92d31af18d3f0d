// Package slitest helps teams to unit-test their own indicators: feed events or whole requests, and
// assert what they count as.
//
// An indicator is code that pages people, and the mistakes in it are quiet: a status that should not
// be valid, a route that was renamed. [Judge] checks single events against a table:
//
//	slitest.Judge(t, availability,
//		slitest.Case{Name: "answered", Event: sli.Event{Operation: "GET /users/{userid}", Status: 200}, Want: sli.VerdictGood},
//		slitest.Case{Name: "our fault", Event: sli.Event{Operation: "GET /users/{userid}", Status: 503}, Want: sli.VerdictBad},
//	)
//
// A [Recorder] counts what a service's handlers do with whole requests:
//
//	rec := slitest.New(t, availability, latency)
//	rec.Serve(mux, httptest.NewRequest("GET", "/users/1", nil))
//	rec.Want("availability", sli.Counts{Good: 1, Valid: 1})
//
// Durations are real. In a bubble of [testing/synctest] time stands still while code runs, so that a
// handler that sleeps for 100 ms takes exactly 100 ms, and the bound of a latency indicator can be
// tested to the nanosecond without waiting.
//
// A failure lists the events and what each counted as. Nothing here is for production code.
package slitest
