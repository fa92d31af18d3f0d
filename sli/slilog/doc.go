// Package slilog reads log files and records their lines as events in an
// [sli.Recorder], for indicators whose data are a field of the server's log.
//
// It reads lines of JSON, lines in the combined format of Apache and nginx, and
// lines of Envoy:
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
// A [Follower] reads a log that grows and is rotated, and resumes from a saved
// [Position] after a restart.
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
//	Canceled    true for status 499, nginx's if the client disconnected, for
//	            status 0 or 000, a proxy's without an answer, and for Envoy's
//	            flags DC and DR
//	Group       Options.Group
//
// An event whose client disconnected is ignored with the reason client_left,
// unless Valid counts it. A log does not show whether an answer had begun, so
// Indicator.Patience and the bound of a latency do not matter here.
//
// Lines cannot add series: a Recorder counts for its indicators only, and an
// operation that no indicator lists is not counted.
//
// Unreadable lines are counted, and [Result] shows the first ones. A last line
// without its newline is not counted: Result.Offset says where to continue.
//
// # Envelopes
//
// Each line may be in the envelope that a collector adds, which needs no
// option:
//
//	CRI          Kubernetes and Podman: 2024-11-16T12:34:56.7Z stdout F text
//	json-file    Docker: {"log":"text\n","stream":"stdout","time":"…"}
//	RFC 5424     syslog: <165>1 2024-11-16T12:34:56.7Z host app 17 - - text
//	RFC 3164     syslog, with or without priority, host and tag:
//	             <190>Nov 16 12:34:56 host nginx[17]: text
//	time         rsyslog and kubectl: 2024-11-16T12:34:56.7Z host nginx: text
//
// The parts of a line that CRI or Docker split are joined, separately for each
// stream. While a line is unfinished, later lines wait, so that one offset
// divides the lines that are counted from the others. After 8 MiB, a line
// without its last part is unreadable. A byte order mark is ignored.
//
// # Memory and concurrency
//
// A line of more than 1 MiB is unreadable. It is skipped without being kept.
// A Reader and a Follower are safe for concurrent use. The package reads no
// clock; only [Follower.Run] waits.
package slilog
