package logging

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math"
	"strconv"

	"github.com/sligo-go/sligo/logging/redact"
)

// An entry is the work space for one line.
type entry struct {
	buf    []byte             // the line
	room   []byte             // values of fields
	fields [fieldCount][]byte // each with its name; nil: not on the line
	given  uint16             // fields that the context gave
	err    error              // of error_message, for its stack
	info   *redact.Encoder    // members of additional_info

	line   Line
	record slog.Record
}

// encode builds the line in buf.
func (e *entry) encode(ctx context.Context, h *Handler, r *slog.Record) {
	const maxKept = 16 << 10 // one long line must not stay in memory
	if cap(e.buf) > maxKept {
		e.buf = nil
	}
	if cap(e.room) > maxKept {
		e.room = nil
	}
	e.room, e.fields, e.given, e.err = e.room[:0], h.fields, 0, h.err
	e.fromContext(ctx, h)
	if r.NumAttrs() > 0 {
		e.fromCall(h, r)
	}
	e.info.Close()
	if r.Level >= slog.LevelError && h.stacks != nil && e.fields[stackTrace] == nil {
		e.fields[stackTrace] = h.stacks.of(e.err, r.PC)
		e.err = nil // must not outlive the call
	}
	e.assemble(h, r)
}

// fromContext starts additional_info with what the context and With bring, and
// sets the identity.
func (e *entry) fromContext(ctx context.Context, h *Handler) {
	s := scopeOf(ctx)
	if s == nil || len(s.attrs) == 0 {
		e.info.Reset(h.info)
	} else {
		e.info.Reset(nil)
		for _, a := range s.attrs {
			if !h.info.Has(a.Key) {
				e.info.Attr(a)
			}
		}
		e.info.Append(h.info)
	}
	if s != nil {
		e.give(requestID, s.requestID, h)
		e.give(userID, s.userID(), h)
	}
	if h.trace != nil && ctx != nil {
		if trace, span, ok := h.trace(ctx); ok {
			e.giveHex(traceID, trace[:])
			e.giveHex(spanID, span[:])
		}
	}
}

func (e *entry) give(f int, id string, h *Handler) {
	if id == "" {
		return
	}
	start := len(e.room)
	e.room = append(e.room, fieldPrefix[f]...)
	if f == userID {
		e.room = h.redactor.AppendText(e.room, id)
	} else {
		e.room = h.redactor.AppendID(e.room, id)
	}
	e.given |= 1 << f
	e.fields[f] = e.room[start:len(e.room):len(e.room)]
}

func (e *entry) giveHex(f int, id []byte) {
	start := len(e.room)
	e.room = append(append(e.room, fieldPrefix[f]...), '"')
	e.room = hex.AppendEncode(e.room, id)
	e.room = append(e.room, '"')
	e.given |= 1 << f
	e.fields[f] = e.room[start:len(e.room):len(e.room)]
}

// fromCall adds the attributes of the call.
func (e *entry) fromCall(h *Handler, r *slog.Record) {
	if h.prefix == "" {
		r.Attrs(func(a slog.Attr) bool {
			e.attr(h, a)
			return true
		})
		return
	}
	e.info.Record(h.groups, r)
}

// attrs adds attributes that are bound; wrote reports whether the open groups
// have got a member.
func (e *entry) attrs(h *Handler, attrs []slog.Attr) (wrote bool) {
	if h.prefix == "" {
		for _, a := range attrs {
			e.attr(h, a)
		}
		return false
	}
	return e.info.Attrs(h.groups, attrs)
}

// attr adds an attribute that is in no group: to its field, or to additional_info.
func (e *entry) attr(h *Handler, a slog.Attr) {
	kind := a.Value.Kind()
	if kind == slog.KindLogValuer {
		a.Value = a.Value.Resolve()
		kind = a.Value.Kind()
	}
	if kind == slog.KindGroup && (a.Key == "" || a.Key == infoKey) {
		for _, m := range a.Value.Group() {
			if a.Key == "" {
				e.attr(h, m)
			} else {
				e.info.Attr(m)
			}
		}
		return
	}
	if f := fieldOf(a.Key); f != noField {
		if !e.set(h, f, a.Value) {
			e.info.Attr(a)
		}
		return
	}
	if kind == slog.KindAny && (a.Key == "err" || a.Key == "error") && e.fields[errorMessage] == nil {
		if _, ok := a.Value.Any().(error); ok && e.set(h, errorMessage, a.Value) {
			return
		}
	}
	e.info.Attr(a)
}

// set sets a field. It reports false when the value is not of the field's type,
// and when it would change what the context gave; the attribute then goes to
// additional_info.
func (e *entry) set(h *Handler, f int, v slog.Value) bool {
	start := len(e.room)
	e.room = append(e.room, fieldPrefix[f]...)
	if !e.appendField(h, f, v) {
		e.room = e.room[:start]
		return false
	}
	value := e.room[start:len(e.room):len(e.room)]
	if e.given&(1<<f) != 0 {
		return bytes.Equal(value, e.fields[f]) // the same again needs no second place
	}
	e.fields[f] = value
	return true
}

func (e *entry) appendField(h *Handler, f int, v slog.Value) bool {
	switch f {
	case responseCode:
		return e.appendInteger(v)
	case executionTime:
		return e.appendExecutionTime(v)
	}
	text, ok := e.textOf(f, v)
	if !ok {
		return false
	}
	switch f {
	case requestID, traceID, spanID:
		e.room = h.redactor.AppendID(e.room, text)
	default:
		e.room = h.redactor.AppendText(e.room, text)
	}
	return true
}

func (e *entry) appendInteger(v slog.Value) bool {
	switch v.Kind() {
	case slog.KindInt64:
		e.room = strconv.AppendInt(e.room, v.Int64(), 10)
	case slog.KindUint64:
		e.room = strconv.AppendUint(e.room, v.Uint64(), 10)
	default:
		return false
	}
	return true
}

func (e *entry) appendExecutionTime(v slog.Value) bool {
	switch v.Kind() {
	case slog.KindDuration:
		e.room = appendMillis(e.room, v.Duration())
	case slog.KindFloat64:
		f := v.Float64()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
		e.room = strconv.AppendFloat(e.room, f, 'f', -1, 64)
	default:
		return e.appendInteger(v)
	}
	return true
}

// textOf returns the text of a field that is one. IDs may be numbers, errors are
// theirs.
func (e *entry) textOf(f int, v slog.Value) (string, bool) {
	switch v.Kind() {
	case slog.KindString:
		return v.String(), true
	case slog.KindInt64, slog.KindUint64:
		return v.String(), f <= spanID
	case slog.KindAny:
		if err, ok := v.Any().(error); ok && f == errorMessage {
			e.err = err
			return errorText(err), true
		}
	}
	return "", false
}

// errorText is err.Error(), whatever that does.
func errorText(err error) (s string) {
	defer func() {
		if p := recover(); p != nil {
			s = panicText(p)
		}
	}()
	return err.Error()
}

func panicText(p any) (s string) {
	defer func() {
		if recover() != nil {
			s = "!PANIC"
		}
	}()
	return fmt.Sprintf("!PANIC: %v", p)
}

// assemble writes the parts in the order of the schema.
func (e *entry) assemble(h *Handler, r *slog.Record) {
	b := append(e.buf[:0], '{')
	if !r.Time.IsZero() {
		b = append(b, `"timestamp":"`...)
		b = h.clock.append(b, r.Time)
		b = append(b, `",`...)
	}
	b = append(b, h.heads[levelIndex(r.Level)]...)
	b = h.messages.append(b, h.redactor, r.Message)
	for f := range e.fields {
		b = append(b, e.fields[f]...)
	}
	if e.info.Len() > 0 {
		b = append(b, `,"additional_info":{`...)
		b = append(b, e.info.Bytes()...)
		b = append(b, '}')
	}
	e.buf = append(b, '}', '\n')
}
