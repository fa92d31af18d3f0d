package logging

import (
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"
)

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
	if kind == slog.KindAny && (a.Key == "err" || a.Key == "error") && !e.has(errorMessage) {
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
	e.buf = append(e.buf, fieldPrefix[f]...)
	if !e.appendField(h, f, v) {
		e.drop()
		return false
	}
	if e.given&(1<<f) != 0 {
		same := e.isPending(f) // the same again needs no second place
		e.drop()
		return same
	}
	e.place(f)
	return true
}

func (e *entry) appendField(h *Handler, f int, v slog.Value) bool {
	if f == responseCode || f == executionTime {
		return e.appendNumber(f, v)
	}
	text, ok := e.textOf(f, v)
	if !ok {
		return false
	}
	switch f {
	case requestID, traceID, spanID:
		e.buf = h.redactor.AppendID(e.buf, text)
	default:
		e.buf = h.redactor.AppendText(e.buf, text)
	}
	return true
}

// appendNumber appends an integer; the execution time may also be a duration, or
// have a fraction.
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

// appendMillis writes a duration in milliseconds, exactly: 150, 0.25, 0.000001.
func appendMillis(dst []byte, d time.Duration) []byte {
	const perMilli = uint64(time.Millisecond)
	n := uint64(d)
	if d < 0 {
		dst = append(dst, '-')
		n = -n
	}
	dst = strconv.AppendUint(dst, n/perMilli, 10)
	if frac := n % perMilli; frac != 0 {
		digits := strconv.FormatUint(perMilli+frac, 10)[1:]
		dst = append(dst, '.')
		dst = append(dst, strings.TrimRight(digits, "0")...)
	}
	return dst
}
