package delivery

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
)

// An output writes chunks of lines to a writer that may misbehave. Its owner
// must not use it concurrently.
type output struct {
	w      io.Writer
	torn   bool   // the last byte written did not end a line
	patch  []byte // buffer for a newline that ends a torn line, and a chunk
	report func(error)
}

// whole returns p with a newline at its end, and the number of lines in it.
func whole(p []byte) ([]byte, uint64) {
	if len(p) == 0 || p[len(p)-1] != '\n' {
		p = append(p[:len(p):len(p)], '\n')
	}
	return p, uint64(bytes.Count(p, newline))
}

// write writes a chunk of lines. It returns how many of them the writer took
// completely, and how many it did not.
func (o *output) write(chunk []byte, lines uint64) (done, failed uint64, err error) {
	p, prefix := chunk, 0
	if o.torn {
		o.patch = append(append(o.patch[:0], '\n'), chunk...)
		p, prefix = o.patch, 1
	}
	n, err := o.try(p)
	if n < len(p) {
		// Once only: an error that persists would delay all lines behind the chunk.
		rest, again := o.try(p[n:])
		n, err = n+rest, errors.Join(err, again)
	}
	if n == len(p) {
		return lines, 0, nil
	}
	if n > prefix {
		done = min(lines, uint64(bytes.Count(p[prefix:n], newline)))
	}
	o.report(err)
	return done, lines - done, err
}

var (
	newline   = []byte{'\n'}
	errFull   = errors.New("delivery: buffer full, line dropped")
	errClosed = errors.New("delivery: buffer closed and writer hangs, line dropped")
)

// try calls Write once, enforces the contract of io.Writer and notes whether
// the end of a line is missing.
func (o *output) try(p []byte) (n int, err error) {
	if panicked := guard.Call(func() { n, err = o.w.Write(p) }); panicked != nil {
		o.torn = true // the writer may have written any part of p
		return 0, fmt.Errorf("writer: %w", panicked)
	}
	if n < 0 || n > len(p) {
		return 0, fmt.Errorf("writer returned %d for %d bytes", n, len(p))
	}
	if n > 0 {
		o.torn = p[n-1] != '\n'
	}
	if n < len(p) && err == nil {
		err = io.ErrShortWrite
	}
	return n, err
}

// reporter returns a function that calls hook and survives its panics. If hook
// is nil, the function reports on standard error.
func reporter(hook func(error)) func(error) {
	if hook == nil {
		return stderrReporter()
	}
	return func(err error) {
		_ = guard.Call(func() { hook(err) }) // the line matters more than the hook
	}
}

// stderrReporter returns a function that reports errors on standard error, at
// most one every ten seconds. Logging itself fails here, so no logger can be
// used.
func stderrReporter() func(error) {
	const every = 10 * time.Second
	var mu sync.Mutex
	var last time.Time
	var skipped int
	return func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); last.IsZero() || now.Sub(last) >= every {
			_, _ = fmt.Fprintf(os.Stderr, "logging: cannot write lines: %v (%d earlier errors not shown)\n", err, skipped)
			last, skipped = now, 0
			return
		}
		skipped++
	}
}
