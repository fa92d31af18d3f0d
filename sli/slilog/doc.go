// Package slilog reads log files and records their lines as events in an
// [sli.Recorder], for indicators whose data are a field of the server's log.
//
// It reads lines of JSON and lines in the combined format of Apache and nginx:
//
//	reader, err := slilog.New(recorder, &slilog.Options{
//		Routes: []string{"GET /users/{userid}"},
//	})
//	…
//	result, err := reader.ReadCombined(file)
//
// For other formats, [Reader.Event] builds the event of a line from a
// function that looks up fields by name. To count lines while the process
// logs them, use package logging/logsli.
//
// # Lines and events
//
// A line is an event if it has the fields that [Options] names: a status and
// a duration. A line that has neither is not an event. A line that has only
// one of them is unreadable: without its duration, the event would count as
// fast.
//
//	Operation   Options.Operation, or method and path matched with Routes
//	Status      Options.Status
//	Duration    Options.Duration, in Options.Unit
//	Canceled    true for status 499, nginx's if the client disconnected
//	Group       Options.Group
//
// A client that disconnected is always ignored, with the reason client_left
// unless Valid counts it: a log does not show whether an answer had begun, so
// that Indicator.Patience and the bound of a latency have no part in it.
//
// Lines cannot add series: a Recorder counts for its indicators only, and an
// operation that no indicator lists is not counted.
//
// A Reader is safe for concurrent use. The package reads no clock and does not
// follow files that grow.
package slilog
