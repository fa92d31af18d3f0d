package wire

import (
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// ofResource has the spans of one resource.
type ofResource struct {
	resource *resource.Resource
	scopes   []*ofScope
}

// ofScope has the spans of one scope of a resource.
type ofScope struct {
	scope instrumentation.Scope
	spans []sdktrace.ReadOnlySpan
}

// divide divides spans by resource and scope, in the order in which these first
// occur.
func divide(spans []sdktrace.ReadOnlySpan) []*ofResource {
	type place struct {
		resource attribute.Distinct
		scope    instrumentation.Scope
	}
	var all []*ofResource
	resources, scopes := make(map[attribute.Distinct]*ofResource), make(map[place]*ofScope)
	for _, s := range spans {
		at := place{s.Resource().Equivalent(), s.InstrumentationScope()}
		scope := scopes[at]
		if scope == nil {
			r := resources[at.resource]
			if r == nil {
				r = &ofResource{resource: s.Resource()}
				resources[at.resource], all = r, append(all, r)
			}
			scope = &ofScope{scope: at.scope}
			scopes[at], r.scopes = scope, append(r.scopes, scope)
		}
		scope.spans = append(scope.spans, s)
	}
	return all
}

// Append appends an ExportTraceServiceRequest to b and reports whether it is
// within a limit in bytes. If it is not, the request is incomplete: Append
// returns as soon as it knows, so the limit is exceeded by one span at most.
func Append(b []byte, spans []sdktrace.ReadOnlySpan, limit int) ([]byte, bool) {
	least := leastSize(spans)
	if least > limit && len(spans) > 1 {
		return b, false
	}
	m := message(slices.Grow(b, min(2*least, limit)))
	limit += len(b)
	for _, r := range divide(spans) {
		at := m.open(1) // ResourceSpans
		m.resource(r.resource)
		for _, scope := range r.scopes {
			if !m.spansOf(scope, limit) {
				return m, false
			}
		}
		m.text(3, r.resource.SchemaURL())
		m.close(at)
	}
	return m, len(m) <= limit
}

// spansOf writes ScopeSpans. It returns false once the message exceeds the
// limit.
func (m *message) spansOf(s *ofScope, limit int) bool {
	at := m.open(2)
	m.scope(s.scope)
	for _, span := range s.spans {
		one := m.open(2)
		m.span(span)
		m.close(one)
		if len(*m) > limit {
			return false
		}
	}
	m.text(3, s.scope.SchemaURL)
	m.close(at)
	return true
}

// minSpan is the size of a span that has only IDs, flags and a status.
const minSpan = 38

// leastSize returns about the number of bytes that a request of spans exceeds.
// It counts the parts that are usually the largest.
func leastSize(spans []sdktrace.ReadOnlySpan) int {
	size := 0
	for _, s := range spans {
		size += minSpan + len(s.Name())
		for _, kv := range s.Attributes() {
			size += len(kv.Key)
			if kv.Value.Type() == attribute.STRING {
				size += len(kv.Value.AsString())
			}
		}
	}
	return size
}

func (m *message) resource(r *resource.Resource) {
	if r == nil {
		return
	}
	at := m.open(1)
	m.attributes(1, r.Attributes())
	m.close(at)
}

func (m *message) scope(s instrumentation.Scope) {
	if s == (instrumentation.Scope{}) {
		return
	}
	at := m.open(1)
	m.text(1, s.Name)
	m.text(2, s.Version)
	m.attributes(3, s.Attributes.ToSlice())
	m.close(at)
}

func (m *message) span(s sdktrace.ReadOnlySpan) {
	context, parent := s.SpanContext(), s.Parent()
	traceID, spanID := context.TraceID(), context.SpanID()
	m.bytes(1, traceID[:])
	m.bytes(2, spanID[:])
	m.text(3, context.TraceState().String())
	if id := parent.SpanID(); id.IsValid() {
		m.bytes(4, id[:])
	}
	m.text(5, s.Name())
	m.varint(6, kind(s.SpanKind()))
	start, end := nanoseconds(s.StartTime()), nanoseconds(s.EndTime())
	m.fixed64(7, start)
	m.fixed64(8, max(start, end)) // receivers compute the duration without a sign
	m.attributes(9, s.Attributes())
	m.count(10, s.DroppedAttributes())
	m.events(s.Events())
	m.count(12, s.DroppedEvents())
	m.links(s.Links())
	m.count(14, s.DroppedLinks())
	m.status(s.Status())
	m.fixed32(16, flags(context, parent))
}

func (m *message) events(all []sdktrace.Event) {
	for _, e := range all {
		at := m.open(11)
		m.fixed64(1, nanoseconds(e.Time))
		m.text(2, e.Name)
		m.attributes(3, e.Attributes)
		m.count(4, e.DroppedAttributeCount)
		m.close(at)
	}
}

func (m *message) links(all []sdktrace.Link) {
	for _, l := range all {
		at := m.open(13)
		traceID, spanID := l.SpanContext.TraceID(), l.SpanContext.SpanID()
		m.bytes(1, traceID[:])
		m.bytes(2, spanID[:])
		m.attributes(4, l.Attributes)
		m.count(5, l.DroppedAttributeCount)
		m.fixed32(6, flags(l.SpanContext, l.SpanContext))
		m.close(at)
	}
}

func (m *message) status(s sdktrace.Status) {
	at := m.open(15)
	m.text(2, s.Description)
	m.varint(3, statusCode(s.Code))
	m.close(at)
}

// statusCode returns OTLP's number of a code.
func statusCode(c codes.Code) uint64 {
	switch c {
	case codes.Ok:
		return 1
	case codes.Error:
		return 2
	}
	return 0
}

// flags returns W3C's flags, and whether a span's parent, or a link's span, is
// in another process.
func flags(of, remote trace.SpanContext) uint32 {
	const knownRemote, isRemote = 0x100, 0x200
	f := uint32(of.TraceFlags()) | knownRemote
	if remote.IsRemote() {
		f |= isRemote
	}
	return f
}

// kind returns OTLP's number of a kind.
func kind(k trace.SpanKind) uint64 {
	switch k {
	case trace.SpanKindInternal:
		return 1
	case trace.SpanKindServer:
		return 2
	case trace.SpanKindClient:
		return 3
	case trace.SpanKindProducer:
		return 4
	case trace.SpanKindConsumer:
		return 5
	}
	return 0
}

func nanoseconds(t time.Time) uint64 { return uint64(max(0, t.UnixNano())) }
