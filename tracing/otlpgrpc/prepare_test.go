package otlpgrpc_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/sligo-go/sligo/tracing/otlpgrpc"
)

// TestEveryTextBecomesUTF8 fills every text of the messages, also those that a
// later version of OTLP adds, with a byte that is not UTF-8.
func TestEveryTextBecomesUTF8(t *testing.T) {
	s := &tracepb.ResourceSpans{}
	fill(s.ProtoReflect(), 0)
	otlpgrpc.Prepare([]*tracepb.ResourceSpans{s})
	body, err := proto.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(body), "a\uFFFDb"); n < 25 {
		t.Errorf("%d texts with U+FFFD, want at least 25", n)
	}
}

// fill sets the fields of a message down to a depth. It sets a value to a text
// first, and then to lists and maps of texts. It leaves out the fields of
// resources and keys that only OTLP's profiles use.
func fill(m protoreflect.Message, depth int) {
	if v, ok := m.Interface().(*commonpb.AnyValue); ok {
		proto.Merge(v, anyValue())
		return
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		switch {
		case field.Name() == "entity_refs" || strings.HasSuffix(string(field.Name()), "_strindex"):
		case field.Kind() == protoreflect.StringKind && !field.IsList():
			m.Set(field, protoreflect.ValueOfString("a\xffb"))
		case field.Kind() == protoreflect.MessageKind && field.IsList() && depth < 10:
			fill(m.Mutable(field).List().AppendMutable().Message(), depth+1)
		case field.Kind() == protoreflect.MessageKind && !field.IsList() && depth < 10:
			fill(m.Mutable(field).Message(), depth+1)
		}
	}
}

func stringValue(text string) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: text}}
}

func list(values ...*commonpb.AnyValue) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_ArrayValue{ArrayValue: &commonpb.ArrayValue{Values: values}}}
}

// anyValue returns a list of a text and of a map with a text.
func anyValue() *commonpb.AnyValue {
	pair := &commonpb.KeyValue{Key: "a\xffb", Value: list(stringValue("a\xffb"))}
	return list(stringValue("a\xffb"),
		&commonpb.AnyValue{Value: &commonpb.AnyValue_KvlistValue{KvlistValue: &commonpb.KeyValueList{Values: []*commonpb.KeyValue{pair}}}})
}

// withAttribute returns spans that have only one attribute.
func withAttribute(v *commonpb.AnyValue) []*tracepb.ResourceSpans {
	return []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{
		{Attributes: []*commonpb.KeyValue{{Key: "k", Value: v}}},
	}}}}}
}

func TestTexts(t *testing.T) {
	for in, want := range map[string]string{
		"":                 "",
		"héllo, 世界 \uFFFD": "héllo, 世界 \uFFFD",
		"curl\xff":         "curl\uFFFD",
		"\xc3(":            "\uFFFD(",
		"\xed\xa0\x80":     "\uFFFD", // half of a surrogate pair
		"cut \xe4\xb8":     "cut \uFFFD",
		"\x00":             "\x00",
	} {
		s := withAttribute(stringValue(in))
		otlpgrpc.Prepare(s)
		if got := s[0].ScopeSpans[0].Spans[0].Attributes[0].Value.GetStringValue(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func number(f float64) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_DoubleValue{DoubleValue: f}}
}

// TestNumbers checks single numbers, and numbers in lists and maps.
func TestNumbers(t *testing.T) {
	negativeZero := math.Copysign(0, -1)
	tests := []struct {
		in   float64
		want *commonpb.AnyValue
	}{
		{math.NaN(), stringValue("NaN")},
		{math.Inf(1), stringValue("Infinity")},
		{math.Inf(-1), stringValue("-Infinity")},
		{math.MaxFloat64, number(math.MaxFloat64)},
		{negativeZero, number(negativeZero)},
		{1.5, number(1.5)},
	}
	for _, test := range tests {
		for _, wrap := range []func(*commonpb.AnyValue) *commonpb.AnyValue{
			func(v *commonpb.AnyValue) *commonpb.AnyValue { return v },
			func(v *commonpb.AnyValue) *commonpb.AnyValue { return list(number(2), list(v)) },
			func(v *commonpb.AnyValue) *commonpb.AnyValue {
				return &commonpb.AnyValue{Value: &commonpb.AnyValue_KvlistValue{
					KvlistValue: &commonpb.KeyValueList{Values: []*commonpb.KeyValue{{Key: "k", Value: v}}}}}
			},
		} {
			s := withAttribute(wrap(number(test.in)))
			otlpgrpc.Prepare(s)
			if want := withAttribute(wrap(test.want)); !proto.Equal(s[0], want[0]) {
				t.Errorf("got %v, want %v", s[0], want[0])
			}
		}
	}
}

func TestEndBeforeStart(t *testing.T) {
	for _, test := range []struct{ start, end, want uint64 }{
		{1000, 2000, 2000},
		{1000, 1000, 1000},
		{1000, 999, 1000},
		{1000, 0, 1000},
		{math.MaxUint64, 1, math.MaxUint64},
	} {
		s := withAttribute(nil)
		span := s[0].ScopeSpans[0].Spans[0]
		span.StartTimeUnixNano, span.EndTimeUnixNano = test.start, test.end
		otlpgrpc.Prepare(s)
		if span.StartTimeUnixNano != test.start || span.EndTimeUnixNano != test.want {
			t.Errorf("%+v: got %d to %d", test, span.StartTimeUnixNano, span.EndTimeUnixNano)
		}
	}
}

func TestMissingParts(t *testing.T) {
	s := []*tracepb.ResourceSpans{{}, {Resource: &resourcepb.Resource{}, ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{{}}}}}}
	want := []*tracepb.ResourceSpans{proto.CloneOf(s[0]), proto.CloneOf(s[1])}
	s = append(s, withAttribute(nil)...)
	otlpgrpc.Prepare(s)
	for i := range want {
		if !proto.Equal(s[i], want[i]) {
			t.Error(cmp.Diff(want[i].String(), s[i].String()))
		}
	}
}
