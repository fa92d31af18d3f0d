package slilog

import (
	"bytes"
	"errors"

	"github.com/sligo-go/sligo/sli"
)

// maxSpan is the number of bytes within which a line in parts must end. Until
// then, the outcomes of the lines after its beginning wait.
const maxSpan = 8 << 20

var (
	errLong  = errors.New("the line is longer than 1 MiB")
	errParts = errors.New("the line's last part is missing")
)

// A scan turns the lines of one log into outcomes in their order. While a line
// in parts is unfinished, it counts nothing. So a position before the line's
// first part divides the lines that are counted from all others.
type scan struct {
	parse  parseFunc
	record func(sli.Event)
	stream string // the only stream read, or empty
	result Result

	parts map[string]*parts // by stream
	held  []outcome         // of lines after the beginning of an unfinished line
	span  int               // bytes of the lines since then
}

// parts are the parts of one line that came so far.
type parts struct {
	text []byte
	lost bool // the line is counted as unreadable already
}

// An outcome is an event or an unreadable line, or else another line.
type outcome struct {
	event      sli.Event
	isEvent    bool
	unreadable *Sample
}

func (r *Reader) newScan(parse parseFunc) *scan {
	return &scan{parse: parse, record: r.recorder.Record, stream: r.options.Stream, parts: map[string]*parts{}}
}

// unfinished reports whether a line in parts has not ended yet.
func (s *scan) unfinished() bool {
	for _, p := range s.parts {
		if !p.lost {
			return true
		}
	}
	return false
}

// add counts a line. If it is too long, its text is not known.
func (s *scan) add(line []byte, long bool) {
	size := len(line)
	line = bytes.TrimRight(bytes.TrimLeft(line, "\x00"), "\r\n")
	switch {
	case long:
		s.unreadable(line, errLong)
	case len(bytes.TrimSpace(line)) > 0:
		s.addChunk(unwrap(bytes.TrimPrefix(line, byteOrderMark)))
	}
	if !s.unfinished() {
		s.flush()
		return
	}
	if s.span += size; s.span > maxSpan {
		s.abandon()
	}
}

// addChunk adds a chunk to the line that it belongs to, and counts the line if
// it is whole.
func (s *scan) addChunk(c chunk) {
	p := s.parts[c.stream]
	switch {
	case s.stream != "" && c.stream != "" && c.stream != s.stream:
		if !c.partial {
			s.keep(outcome{})
		}
		return
	case p == nil && !c.partial:
		s.judge(c.text)
		return
	case p == nil:
		p = &parts{}
		s.parts[c.stream] = p
	}
	if p.text = append(p.text, c.text...); len(p.text) > maxLine {
		s.lose(p, errLong)
	}
	if c.partial {
		return
	}
	if delete(s.parts, c.stream); !p.lost {
		s.judge(p.text)
	}
}

// lose counts a line in parts as unreadable. Parts that follow are skipped.
func (s *scan) lose(p *parts, reason error) {
	if !p.lost {
		s.unreadable(p.text, reason)
	}
	*p = parts{lost: true}
}

// abandon gives up on the lines that have not ended.
func (s *scan) abandon() {
	for _, stream := range []string{stdout, stderr} {
		if p := s.parts[stream]; p != nil {
			s.lose(p, errParts)
		}
	}
	s.flush()
}

// readable reports whether a line is in the log's format or in the envelope of
// a container.
func (s *scan) readable(line []byte) bool {
	c := unwrap(bytes.TrimSpace(line))
	if c.stream != "" {
		return true
	}
	_, _, err := s.parse(message(c.text))
	return err == nil
}

// judge reads a whole line and counts it.
func (s *scan) judge(line []byte) {
	text := message(line)
	if len(text) == 0 {
		return
	}
	e, ok, err := s.parse(text)
	if err != nil {
		s.unreadable(line, err)
		return
	}
	s.keep(outcome{event: e, isEvent: ok})
}

func (s *scan) unreadable(line []byte, reason error) {
	sample := newSample(line, reason)
	s.keep(outcome{unreadable: &sample})
}

// keep keeps an outcome, which flush counts when no line is unfinished.
func (s *scan) keep(o outcome) { s.held = append(s.held, o) }

// flush counts the outcomes that waited.
func (s *scan) flush() {
	for _, o := range s.held {
		s.result.add(o)
		if o.isEvent {
			s.record(o.event)
		}
	}
	clear(s.held)
	s.held, s.span = s.held[:0], 0
	if cap(s.held) > 1024 {
		s.held = nil
	}
}
