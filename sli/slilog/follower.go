package slilog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// FollowerOptions says where and how a Follower reads. The zero FollowerOptions
// is valid.
type FollowerOptions struct {
	// Position is the place to resume from. Zero means the beginning of the log.
	Position Position

	// Rotated is a pattern of [filepath.Match] for the names of rotated files,
	// which must be in the log's directory. Empty means the log's name with a
	// number, a date or "old" after it, or with a date before its extension.
	Rotated string

	// Interval is the time between two polls of Run. Zero means one second.
	Interval time.Duration

	// Save is called by Run after each poll that moved the position. Until it
	// returns, no line is read: the recorder has counted exactly the lines before
	// the position. Nil means that Run saves nothing.
	Save func(Position)

	// OnError is called by Run with the error of a poll, once while it repeats.
	// Run then continues. Nil means that Run ends and returns the error.
	OnError func(error)
}

func (o *FollowerOptions) withDefaults() FollowerOptions {
	var d FollowerOptions
	if o != nil {
		d = *o
	}
	if d.Interval == 0 {
		d.Interval = time.Second
	}
	return d
}

// maxPoll is the number of bytes after which a poll ends, so that its position
// is saved.
const maxPoll = 16 << 20

// Follower reads a log that grows. It records each line once, even if the log
// is renamed, truncated, or copied and then truncated. That holds across a
// restart of the process with the last position and the counts of that time.
// Use [NewFollower]; the zero Follower is not valid. It is safe for concurrent
// use.
//
// It reads the rest of a renamed file first, then files that were created and
// rotated since the last poll, oldest first, and then the log. It knows a file
// by its inode and by hashes of its first bytes and the bytes before the
// position; outside Unix, by the hashes only. There, a restarted Follower does
// not recognize a log that was truncated meanwhile, and reports it as gone.
// Files are ordered by their times, and by their names if the times are equal.
//
// Nobody can know about bytes that are written and removed between two polls:
// those before a truncation without a copy, or in a file that was compressed or
// deleted while no Follower had it open. The beginning of a line is lost with
// its file, too, if the rest comes only after the file is deleted. A Follower
// reports a file that is gone as an error. A truncation is also invisible if
// the log regains the same bytes up to the position.
type Follower struct {
	options FollowerOptions

	mu     sync.Mutex
	chain  chain
	scan   *scan
	buffer []byte
	budget int // bytes that the poll may still read
}

// NewFollower returns a Follower of the log at path, which reader judges. The
// log need not exist yet. Nil options mean the defaults. NewFollower reports
// every mistake at once, as joined [*sli.FieldError] values.
func NewFollower(reader *Reader, path string, format Format, options *FollowerOptions) (*Follower, error) {
	f := &Follower{options: options.withDefaults()}
	var errs sli.FieldErrors
	if reader == nil {
		errs.Addf("reader", "required")
	} else {
		parse, err := reader.parser(format)
		errs.Add("format", err)
		f.scan = reader.newScan(parse)
	}
	if path == "" {
		errs.Addf("path", "required")
	}
	if f.options.Interval < 0 {
		errs.Addf("Interval", "invalid interval %v: want a positive duration", f.options.Interval)
	}
	if _, err := filepath.Match(f.options.Rotated, ""); err != nil {
		errs.Addf("Rotated", "invalid pattern %q: %w", f.options.Rotated, err)
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	f.chain = chain{path: path, rotated: f.options.Rotated}
	for _, m := range f.options.Position.marks {
		f.chain.sources = append(f.chain.sources, &source{mark: m})
	}
	return f, nil
}

// Run polls until the context ends, and returns the context's error. It closes
// the files at its end. It may be called again.
func (f *Follower) Run(ctx context.Context) error {
	defer f.Close()
	saved, reported := f.Position(), ""
	for {
		more, err := f.Poll()
		if position := f.Position(); f.options.Save != nil && !position.equal(saved) {
			f.options.Save(position)
			saved = position
		}
		if err != nil && f.options.OnError == nil {
			return err
		}
		if text := errorText(err); text != reported {
			if reported = text; err != nil {
				f.options.OnError(err)
			}
		}
		if err := f.wait(ctx, more && err == nil); err != nil {
			return err
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// wait waits until the next poll, which is due at once if there is more to
// read.
func (f *Follower) wait(ctx context.Context, more bool) error {
	if more {
		return ctx.Err()
	}
	timer := time.NewTimer(f.options.Interval)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Poll reads the lines that are new. It reports more if it ended early and
// there is more to read. The error may say that lines are lost; a further Poll
// continues after them.
func (f *Follower) Poll() (more bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() {
		if err != nil {
			err = fmt.Errorf("slilog: %w", err)
		}
	}()
	err = f.chain.update()
	if errors.Is(err, errMoved) {
		return false, nil
	}
	if f.buffer == nil {
		f.buffer = make([]byte, 64<<10)
	}
	f.budget = maxPoll
	for i := range f.chain.sources {
		readErr := f.readSource(i)
		if readErr != nil {
			err = errors.Join(err, readErr)
			break
		}
		if f.budget <= 0 {
			return true, err
		}
	}
	f.chain.prune()
	return false, err
}

// readSource reads the lines after a source's mark.
func (f *Follower) readSource(i int) error {
	s := f.chain.sources[i]
	if ok, err := s.reopen(); !ok {
		return err
	}
	if s.Offset == 0 && !s.long {
		f.join(i)
	}
	for f.budget > 0 {
		n, err := s.file.ReadAt(f.buffer, s.Offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if s.read = s.Offset + int64(n); n == 0 || !s.verify(n) {
			return nil
		}
		used := f.consume(s, f.buffer[:n])
		if f.budget -= used; used > 0 {
			s.idle = 0
			continue
		}
		if n < len(f.buffer) {
			return nil // within a line
		}
		f.buffer = make([]byte, 2*len(f.buffer))
	}
	return nil
}

// Position returns the place before which every line is counted, and no line
// after it.
func (f *Follower) Position() Position {
	f.mu.Lock()
	defer f.mu.Unlock()
	var p Position
	for _, s := range f.chain.sources {
		p.marks = append(p.marks, s.position())
	}
	return p
}

// Result returns the numbers of lines counted since NewFollower.
func (f *Follower) Result() Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	result := f.scan.result
	result.Samples = slices.Clone(result.Samples)
	return result
}

// Close closes the files. A further Poll opens them again.
func (f *Follower) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.chain.close()
	return nil
}
