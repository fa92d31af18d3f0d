package slilog

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

const (
	maxSources = 8  // that are known, so that they are not read twice
	maxOpen    = 2  // of these, the newest
	maxIdle    = 10 // polls for which a removed file stays open
)

// A chain is the files of a followed log in the order in which their lines are
// read.
type chain struct {
	path    string
	rotated string // a pattern of names, or empty
	sources []*source
}

// A survey compares the files of a chain with one reading of its directory.
type survey struct {
	*chain
	free    []entry // that belong to no source
	current *entry  // the log itself, if it exists
	last    *source // the file that is read at present

	// New files are not older than since. If after is not empty, it is a file of
	// that time, and comes before a new file of the same time.
	since int64
	after string
	cut   []*source // whose files no longer have the bytes before their marks
}

// update reads the directory, finds the file of each source, and adds a source
// for each new file. The error may be a loss after which the chain is valid.
func (c *chain) update() error {
	entries, exists, err := list(c.path, c.rotated)
	if err != nil {
		return err
	}
	v := &survey{chain: c, free: slices.Clone(entries)}
	if exists {
		v.current = &entries[len(entries)-1]
	}
	if len(c.sources) == 0 {
		if !exists {
			return fmt.Errorf("%s: %w", c.path, fs.ErrNotExist)
		}
		return v.add(*v.current, 0)
	}
	v.last = c.sources[len(c.sources)-1]
	v.since = v.last.Modified
	if err := v.find(); err != nil {
		return err
	}
	loss, err := v.limit()
	if err == nil {
		err = v.addNew()
	}
	return errors.Join(loss, err)
}

// find finds the file of each source.
func (v *survey) find() error {
	v.cut = nil
	for _, s := range v.sources {
		s.listed = false
	}
	for _, s := range slices.Backward(v.sources) {
		i := slices.IndexFunc(v.free, s.is)
		if i < 0 {
			continue
		}
		ok, err := false, error(nil)
		if s == v.last || !s.weak(v.free[i]) {
			ok, err = s.matches(v.free[i])
		}
		switch {
		case err != nil:
			return err
		case ok:
			v.free = slices.Delete(slices.Clone(v.free), i, i+1)
		default:
			v.cut = append(v.cut, s)
		}
	}
	return nil
}

// limit determines which files are new: those after the last source's. Without
// a byte of that file, nobody knows whether it was truncated, and copies of it
// may be new as well. It deals with files that were truncated or are gone. The
// first error is a loss.
func (v *survey) limit() (loss, err error) {
	if v.last.listed && v.last.Offset > 0 {
		v.after = v.last.Path
	}
	for _, s := range v.cut {
		if err := v.restart(s); err != nil {
			return nil, err
		}
	}
	if v.last.listed || v.last.file != nil {
		return nil, nil
	}
	return v.search(v.last)
}

// restart reads a truncated file from its beginning. If its former bytes were
// copied before, the rest of the copy comes first.
func (v *survey) restart(s *source) error {
	i := slices.IndexFunc(v.free, s.is)
	if i < 0 {
		return nil
	}
	e := v.free[i]
	if s.file == nil && s != v.last && !v.isCurrent(e.path) {
		// The file of an old source is gone, and a new file has its inode.
		v.sources = slices.DeleteFunc(v.sources, func(other *source) bool { return other == s })
		return nil
	}
	v.free = slices.Delete(slices.Clone(v.free), i, i+1)
	copied, err := v.copied(s)
	if err != nil {
		return err
	}
	if err := s.begin(e); err != nil {
		return err
	}
	if copied == nil {
		return nil
	}
	v.sources = slices.Insert(v.sources, slices.Index(v.sources, s), copied)
	if s == v.last {
		v.since, v.after = copied.Modified, copied.Path
	}
	return nil
}

// copied returns a source for the copy of a truncated file, or nil. A copy is
// not older than the bytes that were read.
func (v *survey) copied(s *source) (*source, error) {
	if s.Offset == 0 {
		return nil, nil
	}
	for i, e := range v.free {
		if e.info.ModTime().UnixNano() < s.Modified || v.isCurrent(e.path) {
			continue
		}
		c := &source{mark: s.mark, long: s.long}
		if s.held != nil {
			held := *s.held
			c.held = &held
		}
		ok, err := c.matches(e)
		if err != nil {
			return nil, err
		}
		if ok {
			v.free = slices.Delete(slices.Clone(v.free), i, i+1)
			return c, nil
		}
	}
	return nil, nil
}

// search looks for the last source's file by its content, since a copy of it
// has another inode. The first error says that the file is gone.
func (v *survey) search(last *source) (loss, err error) {
	for i, e := range v.free {
		if last.Offset == 0 && e.path != last.Path {
			continue
		}
		last.info = nil
		ok, err := last.matches(e)
		if err != nil {
			return nil, err
		}
		if ok {
			v.free = slices.Delete(slices.Clone(v.free), i, i+1)
			v.after = e.path
			return nil, nil
		}
	}
	if last.gone || last.Offset == 0 {
		return nil, nil
	}
	last.gone = true
	return fmt.Errorf("%s is gone: its lines after byte %d may be lost", last.Path, last.Offset), nil
}

// addNew adds the new files, the log itself as the last.
func (v *survey) addNew() error {
	for _, e := range v.free {
		if !v.isNew(e) {
			continue
		}
		at := len(v.sources)
		if v.last.listed && v.last.Offset == 0 && older(e, entry{v.last.Path, v.last.info}) < 0 {
			at = slices.Index(v.sources, v.last)
		}
		if err := v.add(e, at); err != nil {
			return err
		}
	}
	i := slices.IndexFunc(v.sources, func(s *source) bool { return s.listed && v.isCurrent(s.Path) })
	if i >= 0 {
		s := v.sources[i]
		v.sources = append(slices.Delete(v.sources, i, i+1), s)
	}
	return nil
}

// isNew reports whether a file that belongs to no source is new. The log itself
// always is, and nothing comes after it.
func (v *survey) isNew(e entry) bool {
	modified := e.info.ModTime().UnixNano()
	switch {
	case v.isCurrent(e.path):
		return true
	case v.isCurrent(v.after), modified < v.since:
		return false
	case v.after != "" && modified == v.since && olderName(v.after, e.path) >= 0:
		return false
	}
	return !v.isCopy(e)
}

// isCopy reports whether a file is a copy of the log, which is not truncated
// yet.
func (v *survey) isCopy(e entry) bool {
	if v.current == nil || e.info.Size() == 0 {
		return false
	}
	log, err := openEntry(*v.current)
	if err != nil {
		return false
	}
	defer log.Close()
	file, err := openEntry(e)
	if err != nil {
		return false
	}
	defer file.Close()
	n := min(e.info.Size(), printSize)
	for _, offset := range []int64{0, e.info.Size() - n} {
		a, b := make([]byte, n), make([]byte, n)
		if !readFull(file, a, offset) || !readFull(log, b, offset) || !bytes.Equal(a, b) {
			return false
		}
	}
	return true
}

func (v *survey) isCurrent(path string) bool { return v.current != nil && path == v.current.path }

// add adds a source for a new file.
func (v *survey) add(e entry, at int) error {
	s := &source{}
	if err := s.begin(e); err != nil {
		return err
	}
	v.sources = slices.Insert(v.sources, at, s)
	return nil
}

// prune forgets and closes the oldest files.
func (c *chain) prune() {
	for len(c.sources) > maxSources && c.sources[0].held == nil {
		c.sources[0].close()
		c.sources = c.sources[1:]
	}
	old := max(0, len(c.sources)-maxOpen)
	for i, s := range c.sources {
		if s.idle++; s.listed || i == len(c.sources)-1 {
			s.idle = 0
		}
		if i < old || s.idle > maxIdle {
			s.close()
		}
	}
	// A file that was empty is read no more, and has no bytes by which it is
	// known again.
	kept := slices.DeleteFunc(slices.Clone(c.sources[:old]), func(s *source) bool {
		return s.Offset == 0 && s.held == nil && s.info != nil && s.info.Size() == 0
	})
	c.sources = append(kept, c.sources[old:]...)
}

func (c *chain) close() {
	for _, s := range c.sources {
		s.close()
	}
}
