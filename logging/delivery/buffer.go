package delivery

import (
	"context"
	"io"
	"log/slog"
	"sync"

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

	mu      sync.Mutex // guards the next eight fields
	filling batch
	turns   uint64        // how often the buffers have swapped
	written uint64        // turns whose lines are written
	turned  chan struct{} // closed when turns, written or stuck changes
	closed  bool
	stopped chan struct{} // closed when the goroutine has ended

	// A call waited in vain: for its line to be written (unflushed), or for room
	// or in Close (stuck). A completed Write resets both.
	unflushed, stuck bool

	wake chan struct{} // holds one token: there are lines or Close was called

	out     output // used by the goroutine only, as is writing
	writing []byte
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
// the line is lost.
//
// After Close it accepts lines too. Unless Full is [FullDrop], it then waits
// for at most FlushFor until the line is written, whatever its level. If Close
// gave up on the writer, WriteLine drops the line at once, until the writer
// completes a Write.
func (b *Buffer) WriteLine(level slog.Level, line []byte) error {
	line, lines := whole(line)
	b.tally.Accept(lines)
	b.mu.Lock()
	if err := b.admit(level, len(line)); err != nil {
		b.mu.Unlock()
		b.tally.Drop(lines)
		return err
	}
	b.filling.add(level, line, lines)
	turn, closed := b.turns+1, b.closed
	b.resume()
	b.mu.Unlock()
	b.wakeUp()
	if b.opts.Full == FullBlock && (closed || level >= b.opts.FlushLevel.Level()) {
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
	stopped := b.end()
	var cause error
	select {
	case <-stopped:
	case <-ctx.Done():
		if b.giveUp() {
			cause = context.Cause(ctx)
		}
	}
	return b.tally.Loss("", "lines", cause)
}

// end closes the Buffer and returns a channel that is closed when the goroutine
// has ended.
func (b *Buffer) end() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.wakeUp()
	return b.stopped
}

// giveUp ends the waits for room and keeps later calls from waiting. It reports
// false if the goroutine has ended.
func (b *Buffer) giveUp() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended() {
		return false
	}
	b.unflushed, b.stuck = true, true
	b.announce()
	return true
}

// resume starts the goroutine again for a line that arrives after its end. The
// caller must hold b.mu.
func (b *Buffer) resume() {
	if b.closed && b.ended() {
		b.stopped = make(chan struct{})
		go b.run()
	}
}

// ended reports whether the goroutine has ended. The caller must hold b.mu.
func (b *Buffer) ended() bool {
	select {
	case <-b.stopped:
		return true
	default:
		return false
	}
}

// run writes lines until the Buffer is closed and empty.
func (b *Buffer) run() {
	for !b.finish() {
		if !b.turn() {
			<-b.wake
		}
	}
}

// finish announces the end of the goroutine if the Buffer is closed and empty.
// It holds b.mu for both, so that no line arrives in between.
func (b *Buffer) finish() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	done := b.closed && len(b.filling.text) == 0
	if done {
		close(b.stopped)
	}
	return done
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

	b.tally.Settle(b.out.write(b.writing, lines))
	if cap(b.writing) > 2*b.opts.Bytes {
		b.writing = make([]byte, 0, b.opts.Bytes) // free the memory of a huge line
	}

	b.mu.Lock()
	b.written = b.turns
	b.unflushed, b.stuck = false, false
	b.announce()
	b.mu.Unlock()
	return true
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

// flush waits until a turn is written, for at most FlushFor. It does not wait
// if an earlier call did so in vain.
func (b *Buffer) flush(turn uint64) {
	b.mu.Lock()
	unflushed := b.unflushed
	b.mu.Unlock()
	if unflushed {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), b.opts.FlushFor)
	defer cancel()
	if b.wait(ctx, turn) == nil {
		return
	}
	b.mu.Lock() // the line is still queued
	b.unflushed = b.unflushed || b.written < turn
	b.mu.Unlock()
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
