package pack

import (
	"encoding/binary"
	"math"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// reader reads the data of a writer. Its texts share the memory of the data.
type reader struct{ data string }

func (r *reader) span(u *unpacked) {
	u.context, u.parent = r.context(), r.context()
	u.name = r.text()
	u.kind = trace.SpanKind(r.uint()) //nolint:gosec // the writer has reversed it
	u.start, u.end = r.time(), r.time()
	u.status = sdktrace.Status{Code: codes.Code(r.uint()), Description: r.text()} //nolint:gosec // as above
	for _, n := range []*int{&u.droppedAttributes, &u.droppedEvents, &u.droppedLinks, &u.children} {
		*n = int(r.int())
	}
	u.attributes = r.attributes()
	u.events = readAll(r, func() sdktrace.Event {
		return sdktrace.Event{
			Name: r.text(), Time: r.time(), DroppedAttributeCount: int(r.int()), Attributes: r.attributes(),
		}
	})
	u.links = readAll(r, func() sdktrace.Link {
		return sdktrace.Link{
			SpanContext: r.context(), DroppedAttributeCount: int(r.int()), Attributes: r.attributes(),
		}
	})
}

func (r *reader) context() trace.SpanContext {
	var c trace.SpanContextConfig
	parts := r.byte()
	if parts&hasIDs != 0 {
		copy(c.TraceID[:], r.next(len(c.TraceID)))
		copy(c.SpanID[:], r.next(len(c.SpanID)))
		c.TraceFlags = trace.TraceFlags(r.byte())
	}
	if parts&hasState != 0 {
		c.TraceState, _ = trace.ParseTraceState(r.text()) // it has been parsed before
	}
	c.Remote = parts&isRemote != 0
	return trace.NewSpanContext(c)
}

func (r *reader) attributes() []attribute.KeyValue { return readAll(r, r.keyValue) }

func (r *reader) keyValue() attribute.KeyValue {
	return attribute.KeyValue{Key: attribute.Key(r.text()), Value: r.value()}
}

func (r *reader) value() attribute.Value {
	switch kind := attribute.Type(r.byte()); kind {
	case attribute.BOOL:
		return attribute.BoolValue(r.bool())
	case attribute.INT64:
		return attribute.Int64Value(r.int())
	case attribute.FLOAT64:
		return attribute.Float64Value(r.float())
	case attribute.STRING:
		return attribute.StringValue(r.text())
	case attribute.BYTESLICE:
		return attribute.ByteSliceValue([]byte(r.text()))
	case attribute.MAP:
		return attribute.MapValue(r.attributes()...)
	default:
		return r.elements(kind)
	}
}

// elements reads a list.
func (r *reader) elements(kind attribute.Type) attribute.Value {
	switch kind {
	case attribute.BOOLSLICE:
		return attribute.BoolSliceValue(readAll(r, r.bool))
	case attribute.INT64SLICE:
		return attribute.Int64SliceValue(readAll(r, r.int))
	case attribute.FLOAT64SLICE:
		return attribute.Float64SliceValue(readAll(r, r.float))
	case attribute.STRINGSLICE:
		return attribute.StringSliceValue(readAll(r, r.text))
	case attribute.SLICE:
		return attribute.SliceValue(readAll(r, r.value)...)
	default:
		return attribute.Value{}
	}
}

// readAll reads a list, nil if it is empty.
func readAll[T any](r *reader, read func() T) []T {
	n := r.length()
	if n == 0 {
		return nil
	}
	all := make([]T, n)
	for i := range all {
		all[i] = read()
	}
	return all
}

func (r *reader) time() time.Time {
	seconds := r.int()
	return time.Unix(seconds, int64(r.length()))
}

func (r *reader) text() string { return r.next(r.length()) }

func (r *reader) length() int { return int(r.uint()) } //nolint:gosec // as written

// next returns the next n bytes.
func (r *reader) next(n int) string {
	s := r.data[:n]
	r.data = r.data[n:]
	return s
}

func (r *reader) byte() byte { return r.next(1)[0] }

func (r *reader) bool() bool { return r.byte() != 0 }

func (r *reader) uint() uint64 {
	var n uint64
	for shift := 0; ; shift += 7 {
		b := r.byte()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (r *reader) int() int64 {
	n := r.uint()
	return int64(n>>1) ^ -int64(n&1) //nolint:gosec // the zigzag form of a sign
}

func (r *reader) float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64([]byte(r.next(8))))
}
