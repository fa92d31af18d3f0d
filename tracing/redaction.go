package tracing

import (
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/redact"
)

// redaction replaces the secrets in spans. It works when a span is read, in an
// exporter's goroutine, so that ending a span costs the service nothing.
type redaction struct {
	redactor *redact.Redactor
	resource atomic.Pointer[redactedResource] // the last one
}

type redactedResource struct{ from, to *resource.Resource }

func newRedaction(r *redact.Redactor) *redaction {
	if r == nil {
		r = redactor()
	}
	return &redaction{redactor: r}
}

// span returns a view of an ended span without its secrets.
func (r *redaction) span(s sdktrace.ReadOnlySpan) sdktrace.ReadOnlySpan {
	return &redactedSpan{ReadOnlySpan: s, by: r}
}

// redactedSpan is a view of a span. It shares with the span all parts in which
// nothing is redacted.
type redactedSpan struct {
	sdktrace.ReadOnlySpan
	by *redaction

	once       sync.Once // fills the fields below
	name       string
	attributes []attribute.KeyValue
	events     []sdktrace.Event
	links      []sdktrace.Link
	status     sdktrace.Status
	scope      instrumentation.Scope
}

func (s *redactedSpan) fill() {
	s.once.Do(func() {
		s.name = s.by.redactor.Text(s.ReadOnlySpan.Name())
		s.attributes = s.by.attributes(s.ReadOnlySpan.Attributes())
		s.events = s.by.events(s.ReadOnlySpan.Events())
		s.links = s.by.links(s.ReadOnlySpan.Links())
		s.status = s.ReadOnlySpan.Status()
		s.status.Description = s.by.redactor.Text(s.status.Description)
		s.scope = s.by.scopeOf(s.ReadOnlySpan.InstrumentationScope())
	})
}

// Name returns the redacted name.
func (s *redactedSpan) Name() string {
	s.fill()
	return s.name
}

// Attributes returns the redacted attributes.
func (s *redactedSpan) Attributes() []attribute.KeyValue {
	s.fill()
	return s.attributes
}

// Events returns the redacted events.
func (s *redactedSpan) Events() []sdktrace.Event {
	s.fill()
	return s.events
}

// Links returns the links with redacted attributes.
func (s *redactedSpan) Links() []sdktrace.Link {
	s.fill()
	return s.links
}

// Status returns the status with a redacted description.
func (s *redactedSpan) Status() sdktrace.Status {
	s.fill()
	return s.status
}

// InstrumentationScope returns the scope with redacted attributes.
func (s *redactedSpan) InstrumentationScope() instrumentation.Scope {
	s.fill()
	return s.scope
}

// InstrumentationLibrary returns the scope, for old exporters.
func (s *redactedSpan) InstrumentationLibrary() instrumentation.Scope {
	return s.InstrumentationScope()
}

// Resource returns the resource with redacted attributes.
func (s *redactedSpan) Resource() *resource.Resource {
	return s.by.resourceOf(s.ReadOnlySpan.Resource())
}

// resourceOf redacts a resource, once while all spans have the same.
func (r *redaction) resourceOf(from *resource.Resource) *resource.Resource {
	if last := r.resource.Load(); last != nil && last.from == from {
		return last.to
	}
	to := from
	if from.Len() > 0 {
		to = resource.NewWithAttributes(from.SchemaURL(), r.attributes(from.Attributes())...)
	}
	r.resource.Store(&redactedResource{from, to})
	return to
}

func (r *redaction) scopeOf(s instrumentation.Scope) instrumentation.Scope {
	if s.Attributes.Len() > 0 {
		s.Attributes = attribute.NewSet(r.attributes(s.Attributes.ToSlice())...)
	}
	return s
}

func (r *redaction) events(all []sdktrace.Event) []sdktrace.Event {
	if len(all) == 0 {
		return all
	}
	redacted := make([]sdktrace.Event, len(all))
	for i, e := range all {
		e.Name = r.redactor.Text(e.Name)
		e.Attributes = r.attributes(e.Attributes)
		redacted[i] = e
	}
	return redacted
}

func (r *redaction) links(all []sdktrace.Link) []sdktrace.Link {
	if len(all) == 0 {
		return all
	}
	redacted := make([]sdktrace.Link, len(all))
	for i, l := range all {
		l.Attributes = r.attributes(l.Attributes)
		redacted[i] = l
	}
	return redacted
}
