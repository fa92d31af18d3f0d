package logging

import (
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/internal/guard"
)

// addCall adds the attributes of the call: from the line if it has read them,
// otherwise from the record. Always copying them would make lines 5 % slower.
// It does not call NumAttrs first, because that copies the record.
func (e *entry) addCall(r *slog.Record) {
	switch h := e.line.h; {
	case h.inspected:
		e.addAttrs(e.line.attrs)
	case h.prefix != "":
		e.info.Record(h.groups, r)
	default:
		r.Attrs(func(a slog.Attr) bool {
			e.addAttr(&a)
			return true
		})
	}
}

// addAttrs adds attributes of the call or of With. It reports whether the open
// groups gained a member.
func (e *entry) addAttrs(attrs []slog.Attr) (wrote bool) {
	if h := e.line.h; h.prefix != "" {
		return e.info.Attrs(h.groups, attrs)
	}
	for i := range attrs {
		e.addAttr(&attrs[i])
	}
	return false
}

// addAttr adds an attribute outside any group to its field of the schema, or to
// additional_info.
func (e *entry) addAttr(a *slog.Attr) {
	kind := a.Value.Kind()
	if kind == slog.KindLogValuer {
		a = &slog.Attr{Key: a.Key, Value: a.Value.Resolve()}
		kind = a.Value.Kind()
	}
	if kind == slog.KindGroup && (a.Key == "" || a.Key == infoKey) {
		e.addMembers(a)
		return
	}
	if f := fieldOf(a.Key); f != noField {
		if e.set(f, a.Value) {
			return
		}
	} else if (a.Key == "err" || a.Key == "error") && e.setError(a.Value) {
		return
	}
	e.info.Attr(*a)
}

// addMembers adds the members of a group without a name, or of additional_info,
// in place of the group.
func (e *entry) addMembers(group *slog.Attr) {
	members := group.Value.Group()
	for i := range members {
		if group.Key == "" {
			e.addAttr(&members[i])
		} else {
			e.info.Attr(members[i])
		}
	}
}

// setError sets error_message to the value of an attribute "err" or "error". It
// reports false if the value is neither an error nor a text, or if the line
// already has one.
func (e *entry) setError(v slog.Value) bool {
	if e.has(errorMessage) {
		return false
	}
	isText := v.Kind() == slog.KindString && v.String() != ""
	return (isText || errorOf(v) != nil) && e.set(errorMessage, v)
}

// set sets a field. It reports false if the value is not of the field's
// type, or differs from the one that the context gave. The attribute then
// belongs to additional_info.
func (e *entry) set(f int, v slog.Value) bool {
	e.buf = append(e.buf, fieldPrefix[f]...)
	if !e.appendField(f, v) {
		e.drop()
		return false
	}
	if e.given&(1<<f) != 0 {
		same := e.isPending(f) // an equal value needs no second place
		e.drop()
		return same
	}
	e.place(f)
	return true
}

// appendField appends a value in the field's type, and reports false if the
// value has another type.
func (e *entry) appendField(f int, v slog.Value) bool {
	if f == responseCode || f == executionTime {
		return e.appendNumber(f, v)
	}
	text, ok := e.textOf(f, v)
	if !ok {
		return false
	}
	switch redactor := e.line.h.redactor; f {
	case requestID, traceID, spanID:
		e.buf = redactor.AppendID(e.buf, text)
	default:
		e.buf = redactor.AppendText(e.buf, text)
	}
	return true
}

// appendNumber appends an integer. The execution time may also be a duration
// or a finite float.
func (e *entry) appendNumber(f int, v slog.Value) bool {
	switch kind := v.Kind(); {
	case kind == slog.KindInt64:
		e.buf = strconv.AppendInt(e.buf, v.Int64(), 10)
	case kind == slog.KindUint64:
		e.buf = strconv.AppendUint(e.buf, v.Uint64(), 10)
	case kind == slog.KindDuration && f == executionTime:
		e.buf = appendMillis(e.buf, v.Duration())
	case kind == slog.KindFloat64 && f == executionTime:
		ms := v.Float64()
		if math.IsNaN(ms) || math.IsInf(ms, 0) {
			return false
		}
		e.buf = strconv.AppendFloat(e.buf, ms, 'f', -1, 64)
	default:
		return false
	}
	return true
}

// textOf returns the text for a field that holds text. An ID may be an integer;
// an error message may be an error.
func (e *entry) textOf(f int, v slog.Value) (string, bool) {
	switch v.Kind() {
	case slog.KindString:
		return v.String(), true
	case slog.KindInt64, slog.KindUint64:
		return v.String(), isID(f)
	case slog.KindAny:
		if err, ok := v.Any().(error); ok && f == errorMessage {
			e.err = err
			return errorText(err), true
		}
	}
	return "", false
}

// errorText returns err.Error(), or "!PANIC: " and the value if that panics, as
// log/slog writes it.
func errorText(err error) (text string) {
	if p := guard.Call(func() { text = err.Error() }); p != nil {
		return "!PANIC" + strings.TrimPrefix(p.Error(), "panic")
	}
	return text
}

// appendMillis appends a duration in milliseconds, exactly: 150, 0.25,
// 0.000001.
func appendMillis(dst []byte, d time.Duration) []byte {
	n := uint64(d)
	if d < 0 {
		dst = append(dst, '-')
		n = -n
	}
	if n%1e6 == 0 { // a division by a constant is cheaper
		return strconv.AppendUint(dst, n/1e6, 10)
	}
	return decimal.Append(dst, n, 6)
}
