package delivery

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// A Buffer takes lines into memory and writes them from one goroutine. There are
// two buffers, one being filled and one being written, which change places: a
// line is copied once and no object is made for it. Use [NewBuffer]; the zero
// value is not valid.
type Buffer struct {
	ledger
	opts Options

	mu      sync.Mutex
	filling []byte
	levels  []slog.Level  // of the lines in filling
	rounds  uint64        // how often the buffers have changed places
	done    uint64        // rounds that are written
	turned  chan struct{} // closed when a buffer changes place or is written
	wake    chan struct{} // tells the goroutine that there are lines
	closed  bool
	stopped chan struct{} // closed when the goroutine has ended

	wmu     sync.Mutex // held while writing
	out     output
	writing []byte
}

// Full says what a Buffer does with a line for which it has no room.
type Full int

const (
	// FullBlock waits until there is room: no line is lost, and a writer that hangs
	// makes the service hang. It is the default.
	FullBlock Full = iota
	// FullDrop never waits. It drops lines of a lower level than the new line's from
	// the buffer, the lowest first, or else the new line, and counts them.
	FullDrop
)

// Options configures a [Buffer]. The zero value is the default.
type Options struct {
	// Bytes is the size of each of the two buffers; 0 means 256 KiB.
	Bytes int

	// Full says what happens when it is full; 0 means Block.
	Full Full

	// BlockFor bounds the wait of Block, after which the line is dropped; 0 waits
	// without bound.
	BlockFor time.Duration

	// FlushLevel is the level from which a line is written before the call
	// returns, with all before it; nil means ERROR. With Drop the call does not
	// wait, and the writing starts at once.
	FlushLevel slog.Leveler

	// FlushFor bounds that wait; the line then stays in the buffer. 0 means 1 s.
	FlushFor time.Duration

	// OnError hears of errors of the writer, from the goroutine that writes; nil
	// reports them on standard error, at most one every ten seconds.
	OnError func(error)
}

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Bytes <= 0 {
		d.Bytes = 256 << 10
	}
	if d.FlushLevel == nil {
		d.FlushLevel = slog.LevelError
	}
	if d.FlushFor <= 0 {
		d.FlushFor = time.Second
	}
	return d
}

// NewBuffer returns a Buffer that writes to w, and starts its goroutine, which
// [Buffer.Close] ends.
func NewBuffer(w io.Writer, opts *Options) *Buffer {
	o := opts.withDefaults()
	b := &Buffer{
		opts:    o,
		out:     output{w: w, warn: guarded(o.OnError)},
		filling: make([]byte, 0, o.Bytes),
		writing: make([]byte, 0, o.Bytes),
		turned:  make(chan struct{}),
		wake:    make(chan struct{}, 1),
		stopped: make(chan struct{}),
	}
	go b.run()
	return b
}

// WriteLine takes a line; a missing newline is added. An error says that the line
// is lost. After Close it is written before the call returns.
func (b *Buffer) WriteLine(level slog.Level, line []byte) error {
	line, lines := whole(line)
	b.accept(lines)
	b.mu.Lock()
	if !b.room(level, len(line)) {
		b.mu.Unlock()
		b.full(lines)
		return errFull
	}
	if b.closed {
		b.mu.Unlock()
		<-b.stopped
		return b.writeNow(line, lines)
	}
	b.filling = append(b.filling, line...)
	for range lines {
		b.levels = append(b.levels, level)
	}
	round := b.rounds + 1
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
	if level >= b.opts.FlushLevel.Level() && b.opts.Full == FullBlock {
		ctx, cancel := context.WithTimeout(context.Background(), b.opts.FlushFor)
		defer cancel()
		_ = b.wait(ctx, round) // the line is not lost when the wait ends early
	}
	return nil
}

// Write is WriteLine for handlers that know only io.Writer.
func (b *Buffer) Write(p []byte) (int, error) {
	if err := b.WriteLine(slog.LevelInfo, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// room makes or waits for room for n bytes; the lock is held before and after.
// A line larger than the buffer gets it to itself.
func (b *Buffer) room(level slog.Level, n int) bool {
	var expired <-chan time.Time
	for !b.closed && len(b.filling) > 0 && len(b.filling)+n > b.opts.Bytes {
		if b.opts.Full == FullDrop {
			return b.makeRoom(level, n)
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

// makeRoom drops lines below a level, the lowest first and of these the oldest,
// until n bytes fit. It drops none when dropping all of them would not do.
func (b *Buffer) makeRoom(level slog.Level, n int) bool {
	type size struct{ lines, bytes int }
	below := make(map[slog.Level]size)
	b.each(func(i int, line []byte) {
		if l := b.levels[i]; l < level {
			s := below[l]
			below[l] = size{s.lines + 1, s.bytes + len(line)}
		}
	})
	need := len(b.filling) + n - b.opts.Bytes
	have := 0
	for _, s := range below {
		have += s.bytes
	}
	if have < need {
		return false
	}
	dropped := 0
	for need > 0 {
		lowest := level
		for l := range below {
			lowest = min(lowest, l)
		}
		freed, lines := b.dropLevel(lowest, need)
		need -= freed
		dropped += lines
		delete(below, lowest)
	}
	b.full(uint64(dropped))
	return true
}

// dropLevel drops the oldest lines of a level until need bytes are free.
func (b *Buffer) dropLevel(level slog.Level, need int) (freed, lines int) {
	kept, levels := b.filling[:0], b.levels[:0]
	b.each(func(i int, line []byte) {
		if l := b.levels[i]; l == level && freed < need {
			freed += len(line)
			lines++
		} else {
			kept, levels = append(kept, line...), append(levels, l)
		}
	})
	b.filling, b.levels = kept, levels
	return freed, lines
}

// each calls f for the lines in the buffer.
func (b *Buffer) each(f func(i int, line []byte)) {
	rest := b.filling
	for i := range len(b.levels) {
		end := bytes.IndexByte(rest, '\n') + 1
		f(i, rest[:end])
		rest = rest[end:]
	}
}

// run writes until the buffer is closed and empty.
func (b *Buffer) run() {
	defer close(b.stopped)
	for {
		if !b.turn() {
			b.mu.Lock()
			closed := b.closed && len(b.filling) == 0
			b.mu.Unlock()
			if closed {
				return
			}
			<-b.wake
		}
	}
}

// turn exchanges the buffers and writes the one that was filled; false means
// that there was nothing to write.
func (b *Buffer) turn() bool {
	b.mu.Lock()
	if len(b.filling) == 0 {
		b.mu.Unlock()
		return false
	}
	lines := uint64(len(b.levels))
	b.filling, b.writing = b.writing[:0], b.filling
	b.levels = b.levels[:0]
	b.rounds++
	b.announce()
	b.mu.Unlock()

	b.wmu.Lock()
	written, failed, err := b.out.write(b.writing, lines)
	b.settle(written, failed, err)
	b.wmu.Unlock()
	if cap(b.writing) > 2*b.opts.Bytes {
		b.writing = make([]byte, 0, b.opts.Bytes) // one huge line must not stay
	}

	b.mu.Lock()
	b.done = b.rounds
	b.announce()
	b.mu.Unlock()
	return true
}

func (b *Buffer) announce() {
	close(b.turned)
	b.turned = make(chan struct{})
}

func (b *Buffer) writeNow(line []byte, lines uint64) error {
	b.wmu.Lock()
	defer b.wmu.Unlock()
	written, failed, err := b.out.write(line, lines)
	b.settle(written, failed, err)
	return err
}

// wait waits until a round is written.
func (b *Buffer) wait(ctx context.Context, round uint64) error {
	for {
		b.mu.Lock()
		done, turned := b.done >= round, b.turned
		b.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-turned:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Flush waits until all lines taken so far are written or dropped, or ctx is done.
func (b *Buffer) Flush(ctx context.Context) error {
	b.mu.Lock()
	round := b.rounds
	if len(b.filling) > 0 {
		round++
	}
	b.mu.Unlock()
	return b.wait(ctx, round)
}

// Close writes what is buffered and ends the goroutine. It returns a [*LostError]
// unless every line ever accepted was written; when ctx is done before, the
// writing goes on. It can be called again, and does not close the writer
// underneath.
func (b *Buffer) Close(ctx context.Context) error {
	b.mu.Lock()
	if !b.closed {
		b.closed = true
		b.announce() // lines that wait for room write themselves
	}
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
	select {
	case <-b.stopped:
		return b.lost(nil)
	case <-ctx.Done():
		return b.lost(context.Cause(ctx))
	}
}
