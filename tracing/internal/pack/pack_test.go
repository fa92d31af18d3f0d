package pack_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing/internal/pack"
)

// draw draws the parts of spans at random, with a preference for edge cases.
type draw struct{ *rand.Rand }

func (d draw) text() string {
	return []string{"", "a", "GET /users/{userid}", "\xff\x00é", strings.Repeat("世", 300)}[d.IntN(5)]
}

func (d draw) int() int64 {
	return []int64{0, 1, -1, 127, 128, math.MaxInt64, math.MinInt64, d.Int64()}[d.IntN(8)]
}

func (d draw) float() float64 {
	return []float64{0, math.Copysign(0, -1), 1.5, math.NaN(), math.Inf(-1), math.MaxFloat64}[d.IntN(6)]
}

func (d draw) bool() bool { return d.IntN(2) == 0 }

func (d draw) time() time.Time {
	return []time.Time{{}, time.Unix(0, 0), time.Unix(-5, 999_999_999), time.Unix(1<<33, 1), time.Now()}[d.IntN(5)]
}

func many[T any](d draw, element func() T) []T {
	var all []T
	for range d.IntN(4) {
		all = append(all, element())
	}
	return all
}

func (d draw) value(depth int) attribute.Value {
	kinds := 12
	if depth > 3 {
		kinds = 10
	}
	switch attribute.Type(d.IntN(kinds)) {
	case attribute.BOOL:
		return attribute.BoolValue(d.bool())
	case attribute.INT64:
		return attribute.Int64Value(d.int())
	case attribute.FLOAT64:
		return attribute.Float64Value(d.float())
	case attribute.STRING:
		return attribute.StringValue(d.text())
	case attribute.BOOLSLICE:
		return attribute.BoolSliceValue(many(d, d.bool))
	case attribute.INT64SLICE:
		return attribute.Int64SliceValue(many(d, d.int))
	case attribute.FLOAT64SLICE:
		return attribute.Float64SliceValue(many(d, d.float))
	case attribute.STRINGSLICE:
		return attribute.StringSliceValue(many(d, d.text))
	case attribute.BYTESLICE:
		return attribute.ByteSliceValue([]byte(d.text()))
	case attribute.SLICE:
		return attribute.SliceValue(many(d, func() attribute.Value { return d.value(depth + 1) })...)
	case attribute.MAP:
		return attribute.MapValue(many(d, func() attribute.KeyValue { return d.keyValue(depth + 1) })...)
	default:
		return attribute.Value{}
	}
}

func (d draw) keyValue(depth int) attribute.KeyValue {
	return attribute.KeyValue{Key: attribute.Key(d.text()), Value: d.value(depth)}
}

func (d draw) attributes() []attribute.KeyValue {
	return many(d, func() attribute.KeyValue { return d.keyValue(0) })
}

func (d draw) context() trace.SpanContext {
	c := trace.SpanContextConfig{Remote: d.bool()}
	if d.bool() {
		c.TraceID, c.SpanID, c.TraceFlags = trace.TraceID{1, byte(d.IntN(256))}, trace.SpanID{3: 7}, trace.TraceFlags(d.IntN(256))
	}
	if d.bool() {
		c.TraceState, _ = trace.ParseTraceState("vendor=a,other=b")
	}
	return trace.NewSpanContext(c)
}

func (d draw) span() sdktrace.ReadOnlySpan {
	return tracetest.SpanStub{
		Name: d.text(), SpanContext: d.context(), Parent: d.context(), SpanKind: trace.SpanKind(d.IntN(6)),
		StartTime: d.time(), EndTime: d.time(), Attributes: d.attributes(),
		Status:            sdktrace.Status{Code: codes.Code(d.IntN(3)), Description: d.text()},
		DroppedAttributes: d.IntN(300), DroppedEvents: d.IntN(3), DroppedLinks: d.IntN(3), ChildSpanCount: d.IntN(3),
		Events: many(d, func() sdktrace.Event {
			return sdktrace.Event{Name: d.text(), Time: d.time(), Attributes: d.attributes(), DroppedAttributeCount: d.IntN(3)}
		}),
		Links: many(d, func() sdktrace.Link {
			return sdktrace.Link{SpanContext: d.context(), Attributes: d.attributes(), DroppedAttributeCount: d.IntN(3)}
		}),
		Resource:             resource.NewSchemaless(attribute.String("service.name", d.text())),
		InstrumentationScope: instrumentation.Scope{Name: d.text(), Attributes: attribute.NewSet(attribute.Int64("n", d.int()))},
	}.Snapshot()
}

// sameValue compares values in a way for which NaN equals itself.
var sameValue = cmp.Comparer(func(a, b attribute.Value) bool { return a.Type() == b.Type() && a.String() == b.String() })

var sameSet = cmp.Comparer(func(a, b attribute.Set) bool { return a.Equals(&b) })

func TestUnpackedSpansAreTheSame(t *testing.T) {
	d := draw{rand.New(rand.NewPCG(1, 2))}
	p := pack.Packer{MaxText: -1}
	for range 2000 {
		s := d.span()
		got := p.Pack(s).Unpack()
		want, back := tracetest.SpanStubFromReadOnlySpan(s), tracetest.SpanStubFromReadOnlySpan(got)
		if diff := cmp.Diff(want, back, sameValue, sameSet); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

// TestEveryMethodIsImplemented calls all methods of the interface, also those
// that a later version of the SDK adds.
func TestEveryMethodIsImplemented(t *testing.T) {
	var p pack.Packer
	s := reflect.ValueOf(p.Pack(tracetest.SpanStub{}.Snapshot()).Unpack())
	for i := range s.NumMethod() {
		s.Method(i).Call(nil) // panics if the method is embedded
	}
	if s.NumMethod() < 17 {
		t.Errorf("%d methods, want at least 17", s.NumMethod())
	}
}

// TestLimits cuts texts for which the SDK has no limit.
func TestLimits(t *testing.T) {
	long := strings.Repeat("é", 5000)
	attrs := []attribute.KeyValue{
		attribute.String("text", long), attribute.StringSlice("list", []string{"a", long}), attribute.ByteSlice("bytes", []byte(long)),
		attribute.Map("map", attribute.Slice("slice", attribute.StringValue(long))),
	}
	s := tracetest.SpanStub{
		Name: long, Status: sdktrace.Status{Code: codes.Error, Description: long}, Attributes: attrs,
		Events: []sdktrace.Event{{Name: long, Attributes: attrs}}, Links: []sdktrace.Link{{Attributes: attrs}},
	}.Snapshot()
	for _, test := range []struct{ limit, value, name int }{
		{-1, 5000, 5000}, {10, 10, 4096}, {0, 0, 4096}, {4096, 4096, 4096}, {4500, 4500, 4500}, {20000, 5000, 5000},
	} {
		p := pack.Packer{MaxText: test.limit}
		got := p.Pack(s).Unpack()
		name, value := strings.Repeat("é", test.name), strings.Repeat("é", test.value)
		if got.Name() != name || got.Status().Description != name || got.Events()[0].Name != name {
			t.Errorf("limit %d: the names have %d, %d and %d bytes", test.limit, len(got.Name()), len(got.Status().Description), len(got.Events()[0].Name))
		}
		bytes := []byte(long)
		if test.limit >= 0 {
			bytes = bytes[:min(test.limit, len(long))]
		}
		want := []attribute.KeyValue{
			attribute.String("text", value), attribute.StringSlice("list", []string{"a"[:min(test.value, 1)], value}), attribute.ByteSlice("bytes", bytes),
			attribute.Map("map", attribute.Slice("slice", attribute.StringValue(value))),
		}
		for place, all := range map[string][]attribute.KeyValue{
			"span": got.Attributes(), "event": got.Events()[0].Attributes, "link": got.Links()[0].Attributes,
		} {
			if diff := cmp.Diff(want, all, sameValue); diff != "" {
				t.Errorf("limit %d, %s (-want +got):\n%s", test.limit, place, diff)
			}
		}
	}
}

// TestManyTracers packs spans of more tracers than share an origin.
func TestManyTracers(t *testing.T) {
	p := pack.Packer{MaxText: -1}
	var first, last int
	for i := range 3000 {
		s := tracetest.SpanStub{InstrumentationScope: instrumentation.Scope{Version: strings.Repeat("v", i)}}.Snapshot()
		packed := p.Pack(s)
		if got := packed.Unpack().InstrumentationScope().Version; len(got) != i {
			t.Fatalf("tracer %d has a version of length %d", i, len(got))
		}
		if last = packed.Size(); i == 0 {
			first = last
		}
	}
	if last <= first {
		t.Errorf("a span with an origin of its own takes %d bytes, another one %d", last, first)
	}
}
