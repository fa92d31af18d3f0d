package otlp

import (
	"encoding/hex"
	"encoding/json"
	"strconv"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// appendJSON appends spans in the encoding of OTLP, which is protobuf's JSON
// except that IDs are hexadecimal and enumerations are numbers. Protobuf's own
// encoder would be linked into every program, and then needs corrections.
func appendJSON(buffer []byte, spans []*tracepb.ResourceSpans) ([]byte, error) {
	body, err := json.Marshal(jsonTraces{convert(spans, resourceSpans)})
	return append(buffer, body...), err
}

type jsonTraces struct {
	ResourceSpans []jsonResourceSpans `json:"resourceSpans"`
}

type jsonResourceSpans struct {
	Resource   *jsonOwner       `json:"resource,omitempty"`
	ScopeSpans []jsonScopeSpans `json:"scopeSpans,omitempty"`
	SchemaURL  string           `json:"schemaUrl,omitempty"`
}

type jsonScopeSpans struct {
	Scope     *jsonOwner `json:"scope,omitempty"`
	Spans     []jsonSpan `json:"spans,omitempty"`
	SchemaURL string     `json:"schemaUrl,omitempty"`
}

// jsonOwner is a resource, which has no name, or a scope.
type jsonOwner struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	jsonAttributes
}

type jsonAttributes struct {
	Attributes []jsonKeyValue `json:"attributes,omitempty"`
	Dropped    uint32         `json:"droppedAttributesCount,omitempty"`
}

type jsonKeyValue struct {
	Key   string    `json:"key"`
	Value jsonValue `json:"value"`
}

// jsonValue has at most one member, whose name is the type.
type jsonValue map[string]any

// hexID is a hexadecimal ID.
type hexID []byte

// MarshalText returns the ID in hexadecimal.
func (id hexID) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, id), nil }

type jsonSpan struct {
	TraceID      hexID  `json:"traceId"`
	SpanID       hexID  `json:"spanId"`
	TraceState   string `json:"traceState,omitempty"`
	ParentSpanID hexID  `json:"parentSpanId,omitempty"`
	Flags        uint32 `json:"flags,omitempty"`
	Name         string `json:"name"`
	Kind         int32  `json:"kind"`
	Start        uint64 `json:"startTimeUnixNano,string"`
	End          uint64 `json:"endTimeUnixNano,string"`
	jsonAttributes
	Events        []jsonEvent `json:"events,omitempty"`
	DroppedEvents uint32      `json:"droppedEventsCount,omitempty"`
	Links         []jsonLink  `json:"links,omitempty"`
	DroppedLinks  uint32      `json:"droppedLinksCount,omitempty"`
	Status        *jsonStatus `json:"status,omitempty"`
}

type jsonEvent struct {
	Time uint64 `json:"timeUnixNano,string"`
	Name string `json:"name"`
	jsonAttributes
}

type jsonLink struct {
	TraceID    hexID  `json:"traceId"`
	SpanID     hexID  `json:"spanId"`
	TraceState string `json:"traceState,omitempty"`
	jsonAttributes
	Flags uint32 `json:"flags,omitempty"`
}

type jsonStatus struct {
	Message string `json:"message,omitempty"`
	Code    int32  `json:"code,omitempty"`
}

// convert returns the elements of a list in another form, nil for an empty one.
func convert[From, To any](list []From, f func(From) To) []To {
	var all []To
	for _, element := range list {
		all = append(all, f(element))
	}
	return all
}

func resourceSpans(of *tracepb.ResourceSpans) jsonResourceSpans {
	all := jsonResourceSpans{ScopeSpans: convert(of.ScopeSpans, scopeSpans), SchemaURL: of.SchemaUrl}
	if r := of.Resource; r != nil {
		all.Resource = &jsonOwner{jsonAttributes: attributes(r.Attributes, r.DroppedAttributesCount)}
	}
	return all
}

func scopeSpans(of *tracepb.ScopeSpans) jsonScopeSpans {
	all := jsonScopeSpans{Spans: convert(of.Spans, span), SchemaURL: of.SchemaUrl}
	if s := of.Scope; s != nil {
		all.Scope = &jsonOwner{s.Name, s.Version, attributes(s.Attributes, s.DroppedAttributesCount)}
	}
	return all
}

func span(s *tracepb.Span) jsonSpan {
	j := jsonSpan{
		TraceID: s.TraceId, SpanID: s.SpanId, TraceState: s.TraceState, ParentSpanID: s.ParentSpanId, Flags: s.Flags,
		Name: s.Name, Kind: int32(s.Kind), Start: s.StartTimeUnixNano, End: s.EndTimeUnixNano,
		jsonAttributes: attributes(s.Attributes, s.DroppedAttributesCount),
		Events:         convert(s.Events, event), DroppedEvents: s.DroppedEventsCount,
		Links: convert(s.Links, link), DroppedLinks: s.DroppedLinksCount,
	}
	if s.Status != nil {
		j.Status = &jsonStatus{s.Status.Message, int32(s.Status.Code)}
	}
	return j
}

func event(e *tracepb.Span_Event) jsonEvent {
	return jsonEvent{e.TimeUnixNano, e.Name, attributes(e.Attributes, e.DroppedAttributesCount)}
}

func link(l *tracepb.Span_Link) jsonLink {
	return jsonLink{l.TraceId, l.SpanId, l.TraceState, attributes(l.Attributes, l.DroppedAttributesCount), l.Flags}
}

func attributes(all []*commonpb.KeyValue, dropped uint32) jsonAttributes {
	return jsonAttributes{convert(all, keyValue), dropped}
}

func keyValue(kv *commonpb.KeyValue) jsonKeyValue { return jsonKeyValue{kv.Key, value(kv.Value)} }

func value(v *commonpb.AnyValue) jsonValue {
	switch v := v.GetValue().(type) {
	case *commonpb.AnyValue_StringValue:
		return jsonValue{"stringValue": v.StringValue}
	case *commonpb.AnyValue_BoolValue:
		return jsonValue{"boolValue": v.BoolValue}
	case *commonpb.AnyValue_IntValue:
		return jsonValue{"intValue": strconv.FormatInt(v.IntValue, 10)}
	case *commonpb.AnyValue_DoubleValue:
		return jsonValue{"doubleValue": v.DoubleValue}
	case *commonpb.AnyValue_BytesValue:
		return jsonValue{"bytesValue": v.BytesValue}
	case *commonpb.AnyValue_ArrayValue:
		return jsonValue{"arrayValue": map[string][]jsonValue{"values": convert(v.ArrayValue.GetValues(), value)}}
	case *commonpb.AnyValue_KvlistValue:
		return jsonValue{"kvlistValue": map[string][]jsonKeyValue{"values": convert(v.KvlistValue.GetValues(), keyValue)}}
	}
	return jsonValue{}
}
