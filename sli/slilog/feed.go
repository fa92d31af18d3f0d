package slilog

import "bytes"

// consume passes the lines in b, which follow the source's mark, to the scan
// and moves the mark over them. It returns the number of bytes that it used.
func (f *Follower) consume(s *source, b []byte) int {
	full := len(b) == len(f.buffer)
	from := 0 // of the bytes that the mark has not passed
	at := hole(b)
	switch {
	case s.long:
		at = 0
	case at == len(b) && !full:
		return 0 // the file may be filled in later
	}
	if f.scan.unfinished() {
		s.hold()
	}
	for at < len(b) {
		end := bytes.IndexByte(b[at:], '\n')
		if end < 0 {
			break
		}
		began := f.scan.unfinished()
		f.scan.add(b[at:at+end+1], s.long)
		s.long = false
		switch unfinished := f.scan.unfinished(); {
		case unfinished && !began:
			s.move(b[from:at])
			from = at
			s.held = nil
			s.hold()
		case !unfinished && (began || s.held != nil):
			f.release()
		}
		at += end + 1
	}
	if full && at == 0 && (s.long || len(b) >= maxLine) {
		s.hold()
		s.long, at = true, len(b)
	}
	s.move(b[from:at])
	return at
}

// hole returns the number of zero bytes in front. A program that does not
// append leaves them if its file is truncated.
func hole(b []byte) int { return len(b) - len(bytes.TrimLeft(b, "\x00")) }

// release notes that every line before the marks is counted.
func (f *Follower) release() {
	for _, s := range f.chain.sources {
		if !s.long {
			s.held = nil
		}
	}
}

// join passes the first line of a file to the scan if it continues the last
// line of the file before. A copy, or a pipe that a program splits into files,
// may end within a line. The first line alone is unreadable then.
func (f *Follower) join(i int) {
	before, half := f.halfBefore(i)
	if half == nil {
		return
	}
	s := f.chain.sources[i]
	n, _ := s.file.ReadAt(f.buffer, 0)
	end := bytes.IndexByte(f.buffer[:n], '\n') + 1
	if end == 0 || !s.verify(end) || f.scan.readable(f.buffer[:end]) {
		return
	}
	before.hold()
	s.hold()
	f.scan.add(append(half, f.buffer[:end]...), false)
	before.move(half)
	s.move(f.buffer[:end])
	if !f.scan.unfinished() {
		f.release()
	}
}

// halfBefore returns the last file before that is not empty, and the bytes
// after its last line, or nil.
func (f *Follower) halfBefore(i int) (*source, []byte) {
	for i--; i >= 0 && f.chain.sources[i].read == 0; i-- {
	}
	if i < 0 {
		return nil, nil
	}
	before := f.chain.sources[i]
	n := before.read - before.Offset
	if before.long || !before.checked || n <= 0 || n > maxLine {
		return nil, nil
	}
	file := before.file
	if file == nil {
		var err error
		if file, err = openEntry(entry{before.Path, before.info}); err != nil {
			return nil, nil
		}
		defer file.Close()
	}
	half := make([]byte, n)
	if _, ok := before.match(file); !ok || !readFull(file, half, before.Offset) {
		return nil, nil
	}
	return before, half
}
