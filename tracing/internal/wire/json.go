package wire

import (
	"encoding/json"
	"strings"

	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// AppendJSON is [Append] in OTLP's JSON, which is protobuf's JSON except that
// IDs are hexadecimal and enumerations are numbers. JSON is longer, and its
// length is known only when it is encoded.
func AppendJSON(b []byte, spans []sdktrace.ReadOnlySpan, limit int) (_ []byte, ok bool, err error) {
	if len(spans) > 1 && leastSize(spans) > limit {
		return b, false, nil
	}
	body, err := json.Marshal(jsonTraces{convert(divide(spans), jsonOfResource)})
	if err != nil || len(body) > limit {
		return b, false, err
	}
	return append(b, body...), true, nil
}

type jsonTraces struct {
	ResourceSpans []jsonResourceSpans `json:"resourceSpans"`
}

type jsonResourceSpans struct {
	Resource   *jsonOwner       `json:"resource,omitempty"`
	ScopeSpans []jsonScopeSpans `json:"scopeSpans"`
	SchemaURL  string           `json:"schemaUrl,omitempty"`
}

type jsonScopeSpans struct {
	Scope     *jsonOwner `json:"scope,omitempty"`
	Spans     []jsonSpan `json:"spans"`
	SchemaURL string     `json:"schemaUrl,omitempty"`
}

// jsonOwner is a resource, which has no name, or a scope.
type jsonOwner struct {
	Name       string         `json:"name,omitempty"`
	Version    string         `json:"version,omitempty"`
	Attributes []jsonKeyValue `json:"attributes,omitempty"`
}

type jsonSpan struct {
	TraceID      trace.TraceID `json:"traceId"`
	SpanID       trace.SpanID  `json:"spanId"`
	TraceState   string        `json:"traceState,omitempty"`
	ParentSpanID trace.SpanID  `json:"parentSpanId,omitzero"`
	Flags        uint32        `json:"flags"`
	Name         string        `json:"name"`
	Kind         uint64        `json:"kind"`
	Start        uint64        `json:"startTimeUnixNano,string"`
	End          uint64        `json:"endTimeUnixNano,string"`
	jsonAttributes
	Events        []jsonEvent `json:"events,omitempty"`
	DroppedEvents uint32      `json:"droppedEventsCount,omitempty"`
	Links         []jsonLink  `json:"links,omitempty"`
	DroppedLinks  uint32      `json:"droppedLinksCount,omitempty"`
	Status        jsonStatus  `json:"status"`
}

type jsonEvent struct {
	Time uint64 `json:"timeUnixNano,string"`
	Name string `json:"name"`
	jsonAttributes
}

type jsonLink struct {
	TraceID trace.TraceID `json:"traceId"`
	SpanID  trace.SpanID  `json:"spanId"`
	jsonAttributes
	Flags uint32 `json:"flags"`
}

type jsonStatus struct {
	Message string `json:"message,omitempty"`
	Code    uint64 `json:"code,omitempty"`
}

// convert returns the elements of a list in another form, nil for an empty one.
func convert[From, To any](list []From, f func(From) To) []To {
	var all []To
	for _, element := range list {
		all = append(all, f(element))
	}
	return all
}

func jsonOfResource(of *ofResource) jsonResourceSpans {
	return jsonResourceSpans{
		Resource: jsonResource(of.resource), ScopeSpans: convert(of.scopes, jsonOfScope), SchemaURL: valid(of.resource.SchemaURL()),
	}
}

func jsonResource(r *resource.Resource) *jsonOwner {
	if r == nil {
		return nil
	}
	return &jsonOwner{Attributes: convert(r.Attributes(), jsonPair)}
}

func jsonOfScope(of *ofScope) jsonScopeSpans {
	return jsonScopeSpans{Scope: jsonScope(of.scope), Spans: convert(of.spans, jsonOfSpan), SchemaURL: valid(of.scope.SchemaURL)}
}

func jsonScope(s instrumentation.Scope) *jsonOwner {
	if s == (instrumentation.Scope{}) {
		return nil
	}
	return &jsonOwner{valid(s.Name), valid(s.Version), convert(s.Attributes.ToSlice(), jsonPair)}
}

func jsonOfSpan(s sdktrace.ReadOnlySpan) jsonSpan {
	context, parent := s.SpanContext(), s.Parent()
	start, status := nanoseconds(s.StartTime()), s.Status()
	return jsonSpan{
		TraceID: context.TraceID(), SpanID: context.SpanID(), TraceState: valid(context.TraceState().String()),
		ParentSpanID: parent.SpanID(), Flags: flags(context, parent),
		Name: valid(s.Name()), Kind: kind(s.SpanKind()), Start: start, End: max(start, nanoseconds(s.EndTime())),
		jsonAttributes: jsonList(s.Attributes(), s.DroppedAttributes()),
		Events:         convert(s.Events(), jsonOfEvent), DroppedEvents: count(s.DroppedEvents()),
		Links: convert(s.Links(), jsonOfLink), DroppedLinks: count(s.DroppedLinks()),
		Status: jsonStatus{valid(status.Description), statusCode(status.Code)},
	}
}

func jsonOfEvent(e sdktrace.Event) jsonEvent {
	return jsonEvent{nanoseconds(e.Time), valid(e.Name), jsonList(e.Attributes, e.DroppedAttributeCount)}
}

func jsonOfLink(l sdktrace.Link) jsonLink {
	return jsonLink{
		l.SpanContext.TraceID(), l.SpanContext.SpanID(),
		jsonList(l.Attributes, l.DroppedAttributeCount), flags(l.SpanContext, l.SpanContext),
	}
}

// valid replaces each run of bytes that are not UTF-8 by one U+FFFD.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
