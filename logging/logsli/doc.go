// Package logsli counts the log lines of a process as SLI events while the
// process logs them.
//
//	observer, err := logsli.New(recorder, nil)
//	…
//	handler, err := logging.New("users", os.Stdout, &logging.Options{
//		Observers: []logging.Observer{observer},
//	})
//
// The fields of a line that make an event are the same as in log files:
// [slilog.Options] names them, and package slilog says which lines are events.
// An attribute that is a [time.Duration] needs no unit.
//
// An Observer sees every line that passes the handler's level, including lines
// that an exclusion keeps from the sinks.
//
// A service that logs through another handler puts [Observer.Handler] beside
// it, for example with slog.NewMultiHandler of Go 1.26. A service whose HTTP
// requests pass package middleware needs neither: the middleware records the
// same events.
package logsli
