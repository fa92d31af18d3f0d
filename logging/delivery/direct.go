package delivery

import (
	"context"
	"io"
	"log/slog"
	"sync"

	"github.com/sligo-go/sligo/logging/internal/tally"
	"github.com/sligo-go/sligo/telemetry"
)

// Direct writes each line with one Write before the call returns. Use
// [NewDirect]; the zero value is not valid.
type Direct struct {
	tally tally.Tally
	wmu   sync.Mutex // guards out, so that lines do not mix
	out   output
}

// NewDirect returns a Direct that writes to w. The Direct calls onError with
// each error of w. The function must not log through the same writer. If it is
// nil, errors are reported on standard error, at most one every ten seconds.
func NewDirect(w io.Writer, onError func(error)) *Direct {
	return &Direct{out: output{w: w, report: reporter(onError)}}
}

// WriteLine writes a line, which must end with its only newline. If it returns
// an error, the line is lost.
func (d *Direct) WriteLine(_ slog.Level, line []byte) error {
	return d.write(line, 1)
}

func (d *Direct) write(p []byte, lines uint64) error {
	d.tally.Accept(lines)
	d.wmu.Lock()
	done, failed, err := d.out.write(p, lines)
	d.wmu.Unlock()
	d.tally.Settle(done, failed, err)
	return err
}

// Write writes one or more lines for handlers that know only io.Writer. It adds
// a missing newline to the last line.
func (d *Direct) Write(p []byte) (int, error) {
	if err := d.write(whole(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Counts returns the counts of the lines so far.
func (d *Direct) Counts() telemetry.Counts { return d.tally.Counts() }

// Flush returns nil: no line waits to be written.
func (d *Direct) Flush(context.Context) error { return nil }

// Close returns a [*telemetry.LossError] if a line was lost. It does not close
// the underlying writer, and Direct still writes lines afterwards.
func (d *Direct) Close(context.Context) error { return d.tally.Loss("", "lines", nil) }
