// Package delivery writes log lines to a writer and accounts for each line.
//
// [Direct] writes each line with one Write before the call returns. No line is
// lost when the process ends, however it ends. [Buffer] keeps lines in memory
// and writes them from a goroutine. It costs the caller less, but os.Exit, a
// panic or SIGKILL loses the lines that are not yet written. Both survive a
// writer that fails, writes short or panics: an error is not sticky, and the
// next line is written as usual.
//
// Both count lines as [telemetry.Counts]. A line is done only if the writer
// took all of it. If a failing writer tears a line, the line has failed, and
// a newline ends it before the next line so that the next line stays
// readable.
//
// All types are safe for concurrent use. The package handles no signals: a
// service that stops on SIGTERM must call Close before it exits.
package delivery
