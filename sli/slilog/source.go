package slilog

import (
	"errors"
	"fmt"
	"os"
)

// A source is one file of a followed log. Its mark is the place up to which the
// scan has its lines.
type source struct {
	mark
	file    *os.File    // nil if it is not open
	info    os.FileInfo // of the last entry, or nil after a restart
	checked bool        // info is of the file that has the bytes before the mark
	listed  bool        // the directory has the file
	gone    bool        // the loss of the file is reported
	idle    int         // polls that read nothing since the file is not listed
	tail    []byte      // the bytes that mark.Tail covers
	read    int64       // the end of the bytes seen, which may be within a line
	held    *mark       // the place of the first line that is not counted yet
	long    bool        // the mark is within a line that is too long
}

// errMoved says that a file was renamed since the directory was read.
var errMoved = errors.New("the file was renamed meanwhile")

// openEntry opens a file of the directory.
func openEntry(e entry) (*os.File, error) {
	if !e.info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", e.path)
	}
	file, err := os.Open(e.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errMoved
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || !os.SameFile(info, e.info) {
		file.Close()
		return nil, errors.Join(errMoved, err)
	}
	return file, nil
}

// is reports whether an entry has the identity of the source.
func (s *source) is(e entry) bool {
	if s.info != nil {
		return os.SameFile(s.info, e.info)
	}
	return s.Inode != inode{} && s.Inode == inodeOf(e.info)
}

// unchanged reports whether an entry is as it was when it was last checked.
func (s *source) unchanged(e entry) bool {
	return s.checked && s.info.Size() == e.info.Size() && s.info.ModTime().Equal(e.info.ModTime())
}

// weak reports whether an entry may be another file although it has the
// source's inode: it changed since, and the mark covers too few bytes to tell.
func (s *source) weak(e entry) bool {
	return s.file == nil && s.Offset < 64 && s.Modified != e.info.ModTime().UnixNano()
}

// matches reports whether an entry has the bytes before the source's mark. If
// it has them, the source's file is the entry's.
func (s *source) matches(e entry) (bool, error) {
	if s.is(e) && s.unchanged(e) {
		s.claim(e)
		return true, nil
	}
	if e.info.Size() < s.Offset {
		return false, nil
	}
	file := s.file
	if file == nil || !s.is(e) {
		var err error
		if file, err = openEntry(e); err != nil {
			return false, err
		}
	}
	tail, ok := s.match(file)
	if !ok {
		if file != s.file {
			file.Close()
		}
		return false, nil
	}
	s.tail, s.file = tail, file
	s.claim(e)
	return true, nil
}

// claim notes that the source's file is an entry.
func (s *source) claim(e entry) {
	s.Path, s.Inode, s.Modified = e.path, inodeOf(e.info), e.info.ModTime().UnixNano()
	s.info, s.checked, s.listed, s.idle, s.gone = e.info, true, true, 0, false
	if s.held != nil {
		s.held.Path, s.held.Inode, s.held.Modified = s.Path, s.Inode, s.Modified
	}
}

// begin makes an entry the source's file, from its beginning.
func (s *source) begin(e entry) error {
	if s.file == nil {
		file, err := openEntry(e)
		if err != nil {
			return err
		}
		s.file = file
	}
	s.Offset, s.Head, s.Tail = 0, "", ""
	s.tail, s.held, s.long, s.read = nil, nil, false, 0
	s.claim(e)
	return nil
}

// verify reports whether the n bytes read behind the mark belong to the file
// that has the bytes before it. If not, the file was truncated.
func (s *source) verify(n int) bool {
	info, err := s.file.Stat()
	if err == nil && info.Size() >= s.Offset+int64(n) {
		if _, ok := s.match(s.file); ok {
			s.Modified = max(s.Modified, info.ModTime().UnixNano())
			return true
		}
	}
	s.checked = false
	return false
}

// move moves the mark over bytes.
func (s *source) move(b []byte) {
	if len(b) > 0 {
		s.tail = s.advance(s.tail, b)
	}
}

// hold keeps the place from which lines are not counted.
func (s *source) hold() {
	if s.held == nil {
		held := s.mark
		s.held = &held
	}
}

// position returns the place before which every line is counted.
func (s *source) position() mark {
	if s.held != nil {
		return *s.held
	}
	return s.mark
}

// reopen opens the file if it is closed and has bytes that were not read. It
// reports whether the file is open.
func (s *source) reopen() (bool, error) {
	if s.file != nil || !s.listed || s.info.Size() <= s.read {
		return s.file != nil, nil
	}
	file, err := openEntry(entry{s.Path, s.info})
	if errors.Is(err, errMoved) {
		return false, nil
	}
	s.file = file
	return err == nil, err
}

func (s *source) close() {
	if s.file != nil {
		s.file.Close()
		s.file = nil
	}
}
