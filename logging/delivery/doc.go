// Package delivery brings log lines to a writer and accounts for each of them.
//
// [Direct] writes each line before the call returns, with one Write: nothing is
// lost when the process ends, however it ends. [Buffer] takes lines into memory
// and writes them from a goroutine: it costs the caller less, and what has not
// been written is lost at os.Exit, a panic or SIGKILL. Both survive a writer
// that fails, writes short or panics: there is no sticky error, the next line is
// tried again.
//
// Every line is accounted for ([Counts]): at any time
//
//	Accepted = Written + Dropped() + Buffered
//
// Only whole lines count as written. A line torn by a failing writer is dropped,
// and ended before the next one so that this can be read.
//
// All types are safe for concurrent use. The package takes no signals: a service
// that stops on SIGTERM calls Close on its way out.
package delivery
