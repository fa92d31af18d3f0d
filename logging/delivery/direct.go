package delivery

import (
	"context"
	"io"
	"log/slog"
	"sync"
)

// Direct writes each line with one Write before the call returns. Use
// [NewDirect]; the zero value is not valid.
type Direct struct {
	ledger
	wmu sync.Mutex // held while writing: lines must not mix
	out output
}

// NewDirect returns a Direct for w. Errors of w go to onError, which must not
// log through the same writer; nil reports them on standard error, at most one
// every ten seconds.
func NewDirect(w io.Writer, onError func(error)) *Direct {
	return &Direct{out: output{w: w, warn: guarded(onError)}}
}

// WriteLine writes a line, which ends with its only newline. An error says that
// the line is lost.
func (d *Direct) WriteLine(_ slog.Level, line []byte) error {
	return d.write(line, 1)
}

func (d *Direct) write(p []byte, lines uint64) error {
	d.accept(lines)
	d.wmu.Lock()
	written, failed, err := d.out.write(p, lines)
	d.wmu.Unlock()
	d.settle(written, failed, err)
	return err
}

// Write writes lines of which the last may miss its newline, for handlers that
// know only io.Writer.
func (d *Direct) Write(p []byte) (int, error) {
	if err := d.write(whole(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush does nothing: there is nothing to wait for.
func (d *Direct) Flush(context.Context) error { return nil }

// Close returns a [*LostError] if a line was lost. It does not close the writer
// underneath, and lines are still written afterwards.
func (d *Direct) Close(context.Context) error { return d.lost(nil) }
