package otlpgrpc

import (
	"math"
	"strings"
	"unicode/utf8"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// prepare replaces the values for which an encoder or a receiver refuses a
// whole batch, so that one odd value does not cost the spans of other requests.
// It changes spans in place:
//
//   - It replaces bytes that are not UTF-8 by U+FFFD in every text, because
//     protobuf encodes no message with other bytes.
//   - It replaces NaN and the infinities by their names, because JSON has no
//     such numbers: Jaeger answers 500 for a trace with one.
//   - It moves an end before the start to the start, because receivers compute
//     the duration without a sign.
func prepare(all []*tracepb.ResourceSpans) {
	for _, ofResource := range all {
		text(&ofResource.SchemaUrl)
		attributes(ofResource.GetResource().GetAttributes())
		for _, ofScope := range ofResource.ScopeSpans {
			text(&ofScope.SchemaUrl)
			scope(ofScope.Scope)
			for _, s := range ofScope.Spans {
				span(s)
			}
		}
	}
}

func scope(s *commonpb.InstrumentationScope) {
	if s == nil {
		return
	}
	text(&s.Name)
	text(&s.Version)
	attributes(s.Attributes)
}

func span(s *tracepb.Span) {
	text(&s.Name)
	text(&s.TraceState)
	s.EndTimeUnixNano = max(s.EndTimeUnixNano, s.StartTimeUnixNano)
	attributes(s.Attributes)
	if s.Status != nil {
		text(&s.Status.Message)
	}
	for _, event := range s.Events {
		text(&event.Name)
		attributes(event.Attributes)
	}
	for _, link := range s.Links {
		text(&link.TraceState)
		attributes(link.Attributes)
	}
}

func attributes(all []*commonpb.KeyValue) {
	for _, kv := range all {
		text(&kv.Key)
		value(kv.Value)
	}
}

// value prepares a value and the values inside it.
func value(holder *commonpb.AnyValue) {
	switch v := holder.GetValue().(type) {
	case *commonpb.AnyValue_StringValue:
		text(&v.StringValue)
	case *commonpb.AnyValue_DoubleValue:
		if name := notFinite(v.DoubleValue); name != "" {
			holder.Value = &commonpb.AnyValue_StringValue{StringValue: name}
		}
	case *commonpb.AnyValue_ArrayValue:
		for _, element := range v.ArrayValue.GetValues() {
			value(element)
		}
	case *commonpb.AnyValue_KvlistValue:
		attributes(v.KvlistValue.GetValues())
	}
}

// text replaces each run of bytes that are not UTF-8 by one U+FFFD.
func text(s *string) {
	if !utf8.ValidString(*s) {
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
}

// notFinite returns the name of NaN or an infinity in OpenTelemetry's JSON, and
// "" for any other number.
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
