package pack

import (
	"encoding/binary"
	"math"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// writer writes a span in the order in which reader reads it.
type writer struct {
	buffer   []byte
	maxValue int // characters in a text, negative for no limit
	maxName  int
}

func (w *writer) span(s sdktrace.ReadOnlySpan) {
	w.context(s.SpanContext())
	w.context(s.Parent())
	w.name(s.Name())
	w.uint(uint64(s.SpanKind())) //nolint:gosec // the reader reverses it
	w.time(s.StartTime())
	w.time(s.EndTime())
	status := s.Status()
	w.uint(uint64(status.Code))
	w.name(status.Description)
	for _, n := range []int{s.DroppedAttributes(), s.DroppedEvents(), s.DroppedLinks(), s.ChildSpanCount()} {
		w.int(int64(n))
	}
	w.attributes(s.Attributes())
	events := s.Events()
	w.length(len(events))
	for _, e := range events {
		w.name(e.Name)
		w.time(e.Time)
		w.int(int64(e.DroppedAttributeCount))
		w.attributes(e.Attributes)
	}
	links := s.Links()
	w.length(len(links))
	for _, l := range links {
		w.context(l.SpanContext)
		w.int(int64(l.DroppedAttributeCount))
		w.attributes(l.Attributes)
	}
}

// Parts of a span context. A context without any is written as one byte.
const (
	hasIDs = 1 << iota
	hasState
	isRemote
)

func (w *writer) context(c trace.SpanContext) {
	var parts byte
	traceID, spanID, state := c.TraceID(), c.SpanID(), c.TraceState().String()
	if traceID.IsValid() || spanID.IsValid() || c.TraceFlags() != 0 {
		parts |= hasIDs
	}
	if state != "" {
		parts |= hasState
	}
	if c.IsRemote() {
		parts |= isRemote
	}
	w.byte(parts)
	if parts&hasIDs != 0 {
		w.buffer = append(w.buffer, traceID[:]...)
		w.buffer = append(w.buffer, spanID[:]...)
		w.byte(byte(c.TraceFlags()))
	}
	if parts&hasState != 0 {
		w.text(state)
	}
}

func (w *writer) attributes(all []attribute.KeyValue) {
	w.length(len(all))
	for _, kv := range all {
		w.text(string(kv.Key))
		w.value(kv.Value)
	}
}

// value writes a value. It writes one of a type that a later version of
// OpenTelemetry adds as text.
func (w *writer) value(v attribute.Value) {
	kind := v.Type()
	if kind < attribute.EMPTY || kind > attribute.MAP {
		v, kind = attribute.StringValue(v.String()), attribute.STRING
	}
	w.byte(byte(kind))
	switch kind {
	case attribute.BOOL:
		w.bool(v.AsBool())
	case attribute.INT64:
		w.int(v.AsInt64())
	case attribute.FLOAT64:
		w.float(v.AsFloat64())
	case attribute.STRING:
		w.text(cut(v.AsString(), w.maxValue))
	case attribute.BYTESLICE:
		bytes := v.AsByteSlice()
		if w.maxValue >= 0 {
			bytes = bytes[:min(len(bytes), w.maxValue)]
		}
		w.text(string(bytes))
	case attribute.MAP:
		w.attributes(v.AsMap())
	default:
		w.elements(v)
	}
}

// elements writes a list.
func (w *writer) elements(v attribute.Value) {
	switch v.Type() {
	case attribute.BOOLSLICE:
		writeAll(w, v.AsBoolSlice(), w.bool)
	case attribute.INT64SLICE:
		writeAll(w, v.AsInt64Slice(), w.int)
	case attribute.FLOAT64SLICE:
		writeAll(w, v.AsFloat64Slice(), w.float)
	case attribute.STRINGSLICE:
		writeAll(w, v.AsStringSlice(), func(s string) { w.text(cut(s, w.maxValue)) })
	case attribute.SLICE:
		writeAll(w, v.AsSlice(), w.value)
	}
}

func writeAll[T any](w *writer, all []T, write func(T)) {
	w.length(len(all))
	for _, element := range all {
		write(element)
	}
}

// time writes a time without its location and its monotonic clock.
func (w *writer) time(t time.Time) {
	w.int(t.Unix())
	w.length(t.Nanosecond())
}

func (w *writer) name(s string) { w.text(cut(s, w.maxName)) }

func (w *writer) text(s string) {
	w.length(len(s))
	w.buffer = append(w.buffer, s...)
}

func (w *writer) length(n int) { w.uint(uint64(n)) } //nolint:gosec // n is not negative

func (w *writer) byte(b byte) { w.buffer = append(w.buffer, b) }

func (w *writer) bool(b bool) {
	if b {
		w.byte(1)
	} else {
		w.byte(0)
	}
}

func (w *writer) uint(n uint64) { w.buffer = binary.AppendUvarint(w.buffer, n) }

func (w *writer) int(n int64) { w.buffer = binary.AppendVarint(w.buffer, n) }

func (w *writer) float(f float64) {
	w.buffer = binary.LittleEndian.AppendUint64(w.buffer, math.Float64bits(f))
}

// cut returns the first characters of a text. A negative limit means all.
func cut(s string, limit int) string {
	if limit < 0 || len(s) <= limit {
		return s
	}
	count := 0
	for i := range s {
		if count == limit {
			return s[:i]
		}
		count++
	}
	return s
}
