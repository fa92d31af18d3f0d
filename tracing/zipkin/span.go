package zipkin

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/openzipkin/zipkin-go/model"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

var kinds = map[trace.SpanKind]model.Kind{
	trace.SpanKindServer:   model.Server,
	trace.SpanKindClient:   model.Client,
	trace.SpanKindProducer: model.Producer,
	trace.SpanKindConsumer: model.Consumer,
}

// convert returns Zipkin's form of a span. Zipkin's encoder accepts every
// result.
func convert(s sdktrace.ReadOnlySpan) model.SpanModel {
	m := model.SpanModel{
		SpanContext:    convertContext(s),
		Name:           s.Name(),
		Kind:           kinds[s.SpanKind()],
		Timestamp:      s.StartTime(),
		Duration:       max(s.EndTime().Sub(s.StartTime()), time.Microsecond),
		LocalEndpoint:  &model.Endpoint{ServiceName: serviceName(s)},
		RemoteEndpoint: remoteEndpoint(s),
		Tags:           tags(s),
	}
	if m.Timestamp.Unix() < 1 { // Zipkin's encoder refuses earlier times
		m.Timestamp = time.Unix(1, 0)
	}
	for _, event := range s.Events() {
		m.Annotations = append(m.Annotations, model.Annotation{Timestamp: event.Time, Value: annotation(event)})
	}
	return m
}

func convertContext(s sdktrace.ReadOnlySpan) model.SpanContext {
	traceID, spanID := s.SpanContext().TraceID(), s.SpanContext().SpanID()
	c := model.SpanContext{
		TraceID: model.TraceID{
			High: binary.BigEndian.Uint64(traceID[:8]),
			Low:  binary.BigEndian.Uint64(traceID[8:]),
		},
		ID: model.ID(binary.BigEndian.Uint64(spanID[:])),
	}
	if parent := s.Parent().SpanID(); parent.IsValid() {
		id := model.ID(binary.BigEndian.Uint64(parent[:]))
		c.ParentID = &id
	}
	return c
}

func serviceName(s sdktrace.ReadOnlySpan) string {
	name, _ := s.Resource().Set().Value("service.name")
	return name.AsString()
}

// tags returns the parts of a span for which Zipkin has no field. Attributes of
// the span override the resource's.
func tags(s sdktrace.ReadOnlySpan) map[string]string {
	m := make(map[string]string)
	for _, kv := range s.Resource().Attributes() {
		if kv.Key != "service.name" {
			m[string(kv.Key)] = kv.Value.String()
		}
	}
	for _, kv := range s.Attributes() {
		m[string(kv.Key)] = kv.Value.String()
	}
	if scope := s.InstrumentationScope(); scope.Name != "" {
		m["otel.scope.name"] = scope.Name
		if scope.Version != "" {
			m["otel.scope.version"] = scope.Version
		}
	}
	tagStatus(m, s.Status())
	tagLinks(m, s.Links())
	tagDropped(m, s)
	return m
}

// tagDropped sets the counts of items that exceeded the span's limits.
func tagDropped(m map[string]string, s sdktrace.ReadOnlySpan) {
	for name, n := range map[string]int{
		"otel.dropped_attributes_count": s.DroppedAttributes(),
		"otel.dropped_events_count":     s.DroppedEvents(),
		"otel.dropped_links_count":      s.DroppedLinks(),
	} {
		if n > 0 {
			m[name] = strconv.Itoa(n)
		}
	}
}

// tagStatus sets the tag error for failed spans only. Zipkin regards any
// value of it, even "false", as a failure.
func tagStatus(m map[string]string, status sdktrace.Status) {
	delete(m, "error")
	switch status.Code {
	case codes.Ok:
		m["otel.status_code"] = "OK"
	case codes.Error:
		m["otel.status_code"] = "ERROR"
		m["error"] = status.Description
	}
}

func tagLinks(m map[string]string, links []sdktrace.Link) {
	var all []string
	for _, link := range links {
		all = append(all, link.SpanContext.TraceID().String()+"-"+link.SpanContext.SpanID().String())
	}
	if all != nil {
		m["otel.links"] = strings.Join(all, " ")
	}
}

func annotation(e sdktrace.Event) string {
	if len(e.Attributes) == 0 {
		return e.Name
	}
	attrs := make(map[string]any, len(e.Attributes))
	for _, kv := range e.Attributes {
		attrs[string(kv.Key)] = jsonValue(kv.Value)
	}
	name, _ := json.Marshal(e.Name)
	text, _ := json.Marshal(attrs)
	return string(name) + ": " + string(text)
}

// jsonValue returns a value that JSON can represent: text instead of NaN and
// the infinities.
func jsonValue(v attribute.Value) any {
	if v.Type() == attribute.MAP || v.Type() == attribute.SLICE {
		return json.RawMessage(v.String())
	}
	if _, err := json.Marshal(v.AsInterface()); err != nil {
		return v.String()
	}
	return v.AsInterface()
}
