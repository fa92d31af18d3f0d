package wire

import (
	"math"

	"go.opentelemetry.io/otel/attribute"
	"google.golang.org/protobuf/encoding/protowire"
)

func (m *message) attributes(field protowire.Number, all []attribute.KeyValue) {
	for _, kv := range all {
		at := m.open(field) // KeyValue
		m.text(1, string(kv.Key))
		value := m.open(2)
		m.value(kv.Value)
		m.close(value)
		m.close(at)
	}
}

// value writes the fields of an AnyValue.
func (m *message) value(v attribute.Value) {
	switch v.Type() {
	case attribute.EMPTY:
	case attribute.STRING:
		m.string(v.AsString())
	case attribute.BOOL:
		m.bool(v.AsBool())
	case attribute.INT64:
		m.int(v.AsInt64())
	case attribute.FLOAT64:
		m.float(v.AsFloat64())
	case attribute.BYTESLICE:
		m.bytes(7, v.AsByteSlice())
	case attribute.STRINGSLICE:
		list(m, v.AsStringSlice(), m.string)
	case attribute.BOOLSLICE:
		list(m, v.AsBoolSlice(), m.bool)
	case attribute.INT64SLICE:
		list(m, v.AsInt64Slice(), m.int)
	case attribute.FLOAT64SLICE:
		list(m, v.AsFloat64Slice(), m.float)
	case attribute.SLICE:
		list(m, v.AsSlice(), m.value)
	case attribute.MAP:
		at := m.open(6) // KeyValueList
		m.attributes(1, v.AsMap())
		m.close(at)
	default: // a type of a later version
		m.string(v.String())
	}
}

// list writes an ArrayValue.
func list[T any](m *message, all []T, write func(T)) {
	array := m.open(5)
	for _, element := range all {
		at := m.open(1)
		write(element)
		m.close(at)
	}
	m.close(array)
}

func (m *message) string(s string) { m.oneofText(1, s) }
func (m *message) int(n int64)     { m.oneofVarint(3, uint64(n)) }

func (m *message) bool(b bool) { m.oneofVarint(2, protowire.EncodeBool(b)) }

func (m *message) float(f float64) {
	if name := notFinite(f); name != "" {
		m.string(name)
		return
	}
	m.oneofFixed64(4, math.Float64bits(f))
}

// notFinite returns the name of NaN or an infinity, "" for other numbers. The
// name is sent, because JSON has no such numbers: Jaeger answers 500 for a
// trace with one.
func notFinite(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return ""
}
