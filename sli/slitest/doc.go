// Package slitest helps teams test their own indicators: a test feeds events
// and checks the verdicts and the counts.
//
// An indicator is code that pages people, and its mistakes are quiet: a status
// that should not be valid, or a route that was renamed. [Judge] checks single
// events against a table:
//
//	slitest.Judge(t, availability, slitest.Case{
//		Name:  "server error",
//		Event: sli.Event{Operation: "GET /users/{userid}", Status: 503},
//		Want:  sli.VerdictBad,
//	})
//
// [Recorder] checks how a service's own code counts. [Recorder.SLI] is passed
// to the code under test, for example to package middleware, and
// [Recorder.Observe] to its hook, so that a failure can list the events:
//
//	rec := slitest.New(t, availability, latency)
//	in, err := middleware.New(rec.SLI(), &middleware.Options{
//		Done: func(r middleware.Record) { rec.Observe(r.Event) },
//	})
//	…
//	request := httptest.NewRequest("GET", "/users/1", nil)
//	in.Handler(mux).ServeHTTP(httptest.NewRecorder(), request)
//	rec.Want("availability", sli.Counts{Good: 1, Valid: 1})
//
// Durations are real. In a bubble of [testing/synctest], time stops while
// code runs: a handler that sleeps for 100 ms takes exactly 100 ms, so
// a test checks the bound of a latency indicator to the nanosecond without
// waiting.
//
// A server in a test may send its response before it counts the event. Close
// the server, which waits for its handlers, before Want.
//
// Besides package sli, it imports the standard library only. It is not for
// production code.
package slitest
