package delivery

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/sligo-go/sligo/logging/internal/tally"
	"github.com/sligo-go/sligo/telemetry"
)

// A Buffer keeps lines in memory and writes them from one goroutine. It has
// two buffers: callers fill one while the goroutine writes the other, and then
// the two swap. Adding a line copies it once and does not allocate. Use
// [NewBuffer]; the zero value is not valid.
type Buffer struct {
	opts  Options
	tally tally.Tally

	mu      sync.Mutex // guards the next five fields
	filling batch
	turns   uint64        // how often the buffers have swapped
	written uint64        // turns whose lines are written
	turned  chan struct{} // closed when turns or written changes, or at Close
	closed  bool

	wake    chan struct{} // holds one token: there are lines or Close was called
	stopped chan struct{} // closed when the goroutine has ended

	wmu     sync.Mutex // guards out
	out     output
	writing []byte // used by the goroutine only
}

// NewBuffer returns a Buffer that writes to w, and starts its goroutine, which
// [Buffer.Close] ends. Nil options mean the defaults.
func NewBuffer(w io.Writer, opts *Options) *Buffer {
	o := opts.withDefaults()
	b := &Buffer{
		opts:    o,
		out:     output{w: w, report: reporter(o.OnError)},
		filling: batch{text: make([]byte, 0, o.Bytes)},
		writing: make([]byte, 0, o.Bytes),
		turned:  make(chan struct{}),
		wake:    make(chan struct{}, 1),
		stopped: make(chan struct{}),
	}
	go b.run()
	return b
}

// WriteLine accepts a line and adds a missing newline. If it returns an error,
// the line is lost. After Close it writes the line before it returns.
func (b *Buffer) WriteLine(level slog.Level, line []byte) error {
	line, lines := whole(line)
	b.tally.Accept(lines)
	b.mu.Lock()
	if !b.room(level, len(line)) {
		b.mu.Unlock()
		b.tally.Drop(lines)
		return errFull
	}
	if b.closed {
		b.mu.Unlock()
		<-b.stopped
		return b.write(line, lines)
	}
	b.filling.add(level, line, lines)
	turn := b.turns + 1
	b.mu.Unlock()
	b.wakeUp()
	if level >= b.opts.FlushLevel.Level() && b.opts.Full == FullBlock {
		b.flush(turn)
	}
	return nil
}

// Write is WriteLine at level INFO, for handlers that know only io.Writer.
func (b *Buffer) Write(p []byte) (int, error) {
	if err := b.WriteLine(slog.LevelInfo, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Counts returns the counts of the lines so far.
func (b *Buffer) Counts() telemetry.Counts { return b.tally.Counts() }

// Flush waits until all lines accepted so far are written or lost, or until
// ctx is done. If ctx is done first, it returns the cause of ctx.
func (b *Buffer) Flush(ctx context.Context) error {
	b.mu.Lock()
	turn := b.turns
	if len(b.filling.text) > 0 {
		turn++
	}
	b.mu.Unlock()
	return b.wait(ctx, turn)
}

// Close writes the queued lines and ends the goroutine. It returns a
// [*telemetry.LossError] unless every line since the start was written. If
// ctx is done first, Close returns and writing continues. Close can be called
// again. It does not close the underlying writer.
func (b *Buffer) Close(ctx context.Context) error {
	b.end()
	var cause error
	select {
	case <-b.stopped:
	case <-ctx.Done():
		cause = context.Cause(ctx)
	}
	return b.tally.Loss("", "lines", cause)
}

// end closes the Buffer and wakes the callers that wait for room. These then
// write their lines themselves.
func (b *Buffer) end() {
	b.mu.Lock()
	if !b.closed {
		b.closed = true
		b.announce()
	}
	b.mu.Unlock()
	b.wakeUp()
}

// room makes room for n bytes or waits for it, and reports whether there is
// room. The caller must hold b.mu, which room releases while it waits. A line
// larger than the buffer fits if the buffer is empty.
func (b *Buffer) room(level slog.Level, n int) bool {
	var expired <-chan time.Time
	for b.lacksRoom(n) {
		if b.opts.Full == FullDrop {
			dropped, ok := b.filling.free(level, len(b.filling.text)+n-b.opts.Bytes)
			b.tally.Drop(dropped)
			return ok
		}
		if expired == nil && b.opts.BlockFor > 0 {
			t := time.NewTimer(b.opts.BlockFor)
			defer t.Stop()
			expired = t.C
		}
		turned := b.turned
		b.mu.Unlock()
		select {
		case <-turned:
		case <-expired:
			b.mu.Lock()
			return false
		}
		b.mu.Lock()
	}
	return true
}

func (b *Buffer) lacksRoom(n int) bool {
	size := len(b.filling.text)
	return !b.closed && size > 0 && size+n > b.opts.Bytes
}

// run writes lines until the Buffer is closed and empty.
func (b *Buffer) run() {
	defer close(b.stopped)
	for {
		if b.turn() {
			continue
		}
		b.mu.Lock()
		ended := b.closed && len(b.filling.text) == 0
		b.mu.Unlock()
		if ended {
			return
		}
		<-b.wake
	}
}

// turn swaps the buffers and writes the filled one. It reports whether there
// were lines to write.
func (b *Buffer) turn() bool {
	b.mu.Lock()
	if len(b.filling.text) == 0 {
		b.mu.Unlock()
		return false
	}
	lines := uint64(len(b.filling.levels))
	b.filling.text, b.writing = b.writing[:0], b.filling.text
	b.filling.levels = b.filling.levels[:0]
	b.turns++
	b.announce()
	b.mu.Unlock()

	_ = b.write(b.writing, lines) // the tally keeps the error
	if cap(b.writing) > 2*b.opts.Bytes {
		b.writing = make([]byte, 0, b.opts.Bytes) // free the memory of a huge line
	}

	b.mu.Lock()
	b.written = b.turns
	b.announce()
	b.mu.Unlock()
	return true
}

func (b *Buffer) write(text []byte, lines uint64) error {
	b.wmu.Lock()
	defer b.wmu.Unlock()
	done, failed, err := b.out.write(text, lines)
	b.tally.Settle(done, failed, err)
	return err
}

// wait waits until a turn is written or ctx is done.
func (b *Buffer) wait(ctx context.Context, turn uint64) error {
	for {
		b.mu.Lock()
		written, turned := b.written >= turn, b.turned
		b.mu.Unlock()
		if written {
			return nil
		}
		select {
		case <-turned:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// flush waits until a turn is written, for at most FlushFor.
func (b *Buffer) flush(turn uint64) {
	ctx, cancel := context.WithTimeout(context.Background(), b.opts.FlushFor)
	defer cancel()
	_ = b.wait(ctx, turn) // if it ends early, the line is still queued
}

// announce wakes all goroutines that wait for b.turned. The caller must hold
// b.mu.
func (b *Buffer) announce() {
	close(b.turned)
	b.turned = make(chan struct{})
}

// wakeUp wakes the goroutine that writes.
func (b *Buffer) wakeUp() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}
