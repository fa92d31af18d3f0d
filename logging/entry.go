package logging

import (
	"log/slog"

	"github.com/sligo-go/sligo/redact"
)

// An entry is the work space for one line. Handle reads the record into it
// once. Everything downstream reads the entry: observers, exclusions, the
// encoding, sinks and the next handler. A pool reuses entries.
type entry struct {
	line Line

	fields                 // the text of the line
	given  uint16          // a bit for each field that the context set
	err    error           // the value of error_message, for its stack
	info   *redact.Encoder // the members of additional_info
	names  names           // of the members in another schema
}

// release forgets the call but keeps the buffers. A single long line must not
// stay in memory.
func (e *entry) release() {
	const maxText, maxAttrs = 16 << 10, 64
	if cap(e.buf)+cap(e.spare) > maxText {
		e.buf, e.spare = nil, nil
	}
	attrs := e.line.attrs
	clear(attrs)
	if cap(attrs) > maxAttrs {
		attrs = nil
	}
	e.line = Line{attrs: attrs[:0]}
	e.err = nil
}

// encode writes the line to buf.
func (e *entry) encode(id *identity, r *slog.Record) {
	h := e.line.h
	e.begin(h.appendHead(e.buf[:0], &e.line))
	e.given, e.err = 0, h.err
	e.setIdentity(id)
	e.add(&h.fields, e.given)
	e.beginInfo(id.attrs)
	e.addCall(r)
	e.info.Close()
	if e.line.Level >= slog.LevelError {
		e.setStack(r)
	}
	if h.layout != nil {
		e.arrange(h.layout)
	} else {
		e.end()
	}
}

// beginInfo starts additional_info with the attributes of the context and of
// the handler. The handler's come later, so they replace the context's.
func (e *entry) beginInfo(attrs []slog.Attr) {
	bound := e.line.h.info
	if len(attrs) == 0 {
		e.info.Reset(bound)
		return
	}
	e.info.Reset(nil)
	for _, a := range attrs {
		if a.Value.Kind() == slog.KindGroup || !bound.Has(a.Key) {
			e.info.Attr(a)
		}
	}
	e.info.Append(bound)
}

// setStack adds the stack trace, unless an attribute did.
func (e *entry) setStack(r *slog.Record) {
	s := e.line.h.stacks
	if s == nil || e.has(stackTrace) {
		return
	}
	if e.err == nil { // it may be in a group
		l := &e.line
		if !l.h.inspected {
			l.readAttrs(r)
		}
		e.err = l.cause(errorOf)
	}
	e.buf = append(e.buf, s.of(e.err, e.line.PC)...)
	e.place(stackTrace)
}

// end adds additional_info, if it has members, and ends the line.
func (e *entry) end() {
	buf := e.buf // a local variable, which stays in registers
	if e.info.Len() > 0 {
		buf = append(buf, `,"additional_info":{`...)
		buf = append(buf, e.info.Bytes()...)
		buf = append(buf, '}')
	}
	e.buf = append(buf, '}', '\n')
}

// arrange turns the line into one of another schema, and ends it.
func (e *entry) arrange(s *layout) {
	arranged := append(e.spare[:0], e.buf[:e.at[0]]...)
	arranged = append(s.appendTail(arranged, e), '}', '\n')
	e.spare, e.buf = e.buf, arranged
}
