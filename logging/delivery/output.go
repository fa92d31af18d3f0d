package delivery

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// An output writes chunks of lines to a writer that may misbehave. It is used
// under its owner's lock.
type output struct {
	w     io.Writer
	torn  bool   // the last byte written did not end a line
	patch []byte // room for a chunk with the end of a torn line before it
	warn  func(error)
}

// attempts is how often the rest of a chunk is tried: an error that lasts would
// otherwise hold up all lines behind it.
const attempts = 2

// whole returns p ended by a newline, and the number of lines in it.
func whole(p []byte) ([]byte, uint64) {
	if len(p) == 0 || p[len(p)-1] != '\n' {
		p = append(p[:len(p):len(p)], '\n')
	}
	return p, uint64(bytes.Count(p, newline))
}

// write writes a chunk of some lines and returns how many of its lines were written whole.
func (o *output) write(chunk []byte, lines uint64) (written, failed uint64, err error) {
	if !o.torn {
		n, err := safeWrite(o.w, chunk)
		if err == nil {
			return lines, 0, nil
		}
		return o.repair(chunk, lines, n, err)
	}
	return o.repair(chunk, lines, 0, nil)
}

// repair goes on with a chunk of which n bytes are written and the last write
// failed with err; nil when it was not tried yet.
func (o *output) repair(chunk []byte, lines uint64, n int, err error) (written, failed uint64, _ error) {
	p, prefix := chunk, 0
	if o.torn {
		o.patch = append(append(o.patch[:0], '\n'), chunk...)
		p, prefix = o.patch, 1
	}
	done, tries := 0, attempts
	for werr := err; ; {
		done += n
		if n > 0 {
			o.torn = p[done-1] != '\n'
		}
		if werr != nil {
			o.torn = o.torn || errors.Is(werr, errPanic) // nobody knows what was written
			tries--
		}
		if done == len(p) || tries == 0 {
			break
		}
		n, werr = safeWrite(o.w, p[done:])
		if werr != nil {
			err = errors.Join(err, werr)
		}
	}
	if done == len(p) {
		return lines, 0, nil
	}
	if done > prefix {
		written = min(lines, uint64(bytes.Count(p[prefix:done], newline)))
	}
	o.warn(err)
	return written, lines - written, err
}

var (
	newline  = []byte{'\n'}
	errPanic = errors.New("writer panicked")
	errFull  = errors.New("delivery: buffer full, line dropped")
)

// safeWrite is one Write, held to the contract of io.Writer.
func safeWrite(w io.Writer, p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, fmt.Errorf("%w: %v", errPanic, v)
		}
	}()
	n, err = w.Write(p)
	if n < 0 || n > len(p) {
		return 0, fmt.Errorf("writer returned %d for %d bytes", n, len(p))
	}
	if n < len(p) && err == nil {
		err = io.ErrShortWrite
	}
	return n, err
}

// toStderr returns a function that reports errors on standard error, at most one
// every ten seconds: when logging is what fails, there is nowhere else.
func toStderr() func(error) {
	const every = 10 * time.Second
	var mu sync.Mutex
	var last time.Time
	var held int
	return func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); last.IsZero() || now.Sub(last) >= every {
			_, _ = fmt.Fprintf(os.Stderr, "logging: cannot write lines: %v (%d earlier reports held back)\n", err, held)
			last, held = now, 0
			return
		}
		held++
	}
}

// guarded keeps a panic of the service's hook away from the line.
func guarded(hook func(error)) func(error) {
	if hook == nil {
		return toStderr()
	}
	return func(err error) {
		defer func() { _ = recover() }()
		hook(err)
	}
}
