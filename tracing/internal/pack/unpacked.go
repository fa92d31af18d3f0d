package pack

import (
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Unpack returns the span. Its texts share the memory of the packed span.
func (s *Span) Unpack() sdktrace.ReadOnlySpan {
	u := &unpacked{origin: s.origin}
	r := reader{s.data}
	r.span(u)
	return u
}

// unpacked is a span for an exporter. The SDK's interface has a private method
// and can only be implemented by embedding it.
type unpacked struct {
	sdktrace.ReadOnlySpan // nil; a test calls every method

	origin          *origin
	context, parent trace.SpanContext
	name            string
	kind            trace.SpanKind
	start, end      time.Time
	status          sdktrace.Status
	attributes      []attribute.KeyValue
	events          []sdktrace.Event
	links           []sdktrace.Link

	droppedAttributes, droppedEvents, droppedLinks, children int
}

// The methods implement sdktrace.ReadOnlySpan.

func (u *unpacked) Name() string                                { return u.name }
func (u *unpacked) SpanContext() trace.SpanContext              { return u.context }
func (u *unpacked) Parent() trace.SpanContext                   { return u.parent }
func (u *unpacked) SpanKind() trace.SpanKind                    { return u.kind }
func (u *unpacked) StartTime() time.Time                        { return u.start }
func (u *unpacked) EndTime() time.Time                          { return u.end }
func (u *unpacked) Attributes() []attribute.KeyValue            { return u.attributes }
func (u *unpacked) Links() []sdktrace.Link                      { return u.links }
func (u *unpacked) Events() []sdktrace.Event                    { return u.events }
func (u *unpacked) Status() sdktrace.Status                     { return u.status }
func (u *unpacked) InstrumentationScope() instrumentation.Scope { return u.origin.scope }
func (u *unpacked) Resource() *resource.Resource                { return u.origin.resource }
func (u *unpacked) DroppedAttributes() int                      { return u.droppedAttributes }
func (u *unpacked) DroppedLinks() int                           { return u.droppedLinks }
func (u *unpacked) DroppedEvents() int                          { return u.droppedEvents }
func (u *unpacked) ChildSpanCount() int                         { return u.children }

// InstrumentationLibrary returns the scope, as the SDK's spans do.
func (u *unpacked) InstrumentationLibrary() instrumentation.Library { //nolint:staticcheck // the interface requires it
	return u.origin.scope
}
