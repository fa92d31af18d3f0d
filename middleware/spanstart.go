package middleware

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/headsampling"
)

// spanStart describes spans that start alike. The options say the same as the
// other fields.
type spanStart struct {
	kind    trace.SpanKind
	attrs   []attribute.KeyValue
	links   []trace.Link
	options []trace.SpanStartOption
}

// spanStarts returns the starts of spans by kind, so that a call makes none.
func spanStarts(attrs []attribute.KeyValue) (starts [callKinds]spanStart) {
	for i := range starts {
		kind := trace.ValidateSpanKind(trace.SpanKind(i))
		s := spanStart{kind: kind, options: []trace.SpanStartOption{trace.WithSpanKind(kind)}}
		starts[i] = s.described(attrs)
	}
	return starts
}

// described adds attributes.
func (s spanStart) described(attrs []attribute.KeyValue) spanStart {
	if len(attrs) == 0 {
		return s
	}
	s.attrs = append(slices.Clip(s.attrs), attrs...)
	s.options = append(slices.Clip(s.options), trace.WithAttributes(attrs...))
	return s
}

// linked adds a link to the caller's span, if ctx has one.
func (s spanStart) linked(ctx context.Context) spanStart {
	caller := trace.SpanContextFromContext(ctx)
	if !caller.IsValid() || !caller.IsRemote() {
		return s
	}
	link := trace.Link{SpanContext: caller}
	s.links = append(slices.Clip(s.links), link)
	s.options = append(slices.Clip(s.options), trace.WithLinks(link))
	return s
}

// startCall starts the span of a call that is not a request of net/http, and
// returns the context with it.
func (s *spans) startCall(c *Call, info *CallInfo, carrier propagation.TextMapCarrier) context.Context {
	to, with := c.signals, c.family.start[c.kind]
	if c.kind.incoming() {
		if from := s.extractCall(to.Context.Context, carrier); info.Public {
			with = with.linked(from)
		} else {
			to.Context.Context = from
		}
	}
	with = with.described(info.Attributes)
	return s.begin(to, c.at.Load().span, &with)
}

// begin starts a span, and returns the context with it. If the tracer panics,
// or returns a span or a context that cannot be used, there is no span.
func (s *spans) begin(to *signals, name string, with *spanStart) (ctx context.Context) {
	usable := false
	defer func() {
		if !usable {
			_ = guard.Call(func() { to.span.End() })
			ctx, to.span = to.callContext, nil
		}
	}()
	_ = guard.Call(func() {
		if ctx = s.decide(to, name, with); ctx == nil {
			ctx, usable = to.callContext, true // with the unrecorded span
			return
		}
		ctx, to.span = s.tracer.Start(ctx, name, with.options...)
		to.span.SpanContext() // panics for a nil span
		usable = ctx != nil
	})
	return ctx
}

// decide returns the context to start a span with. If the provider tells that
// the span is not recorded, the call has an unrecorded span, and decide returns
// nil.
func (s *spans) decide(to *signals, name string, with *spanStart) context.Context {
	if s.decider == nil {
		return to.callContext
	}
	to.unrecorded.Span = trace.SpanFromContext(to.Context.Context)
	sc, start := s.decider.Decide((*undecided)(to.callContext), headsampling.Span{
		Name: name, Kind: with.kind, Attributes: with.attrs, Links: with.links,
	})
	if start == nil {
		to.unrecorded.set(sc, s)
		to.span = &to.unrecorded
	}
	return start
}

// unrecordedSpan is a span that is not recorded, in one allocation with the
// state of its call. The parent is not recorded either, so that its methods,
// too, do nothing.
type unrecordedSpan struct {
	trace.Span        // the parent
	of         *spans // nil if the call has another span
	traceID    trace.TraceID
	spanID     trace.SpanID
	flags      trace.TraceFlags
	state      *trace.TraceState // nil if it is empty
}

func (s *unrecordedSpan) set(sc trace.SpanContext, of *spans) {
	s.of, s.traceID, s.spanID, s.flags = of, sc.TraceID(), sc.SpanID(), sc.TraceFlags()
	if sc.TraceState().Len() > 0 {
		state := sc.TraceState() // on the heap
		s.state = &state
	}
}

// SpanContext returns the IDs of the span.
func (s *unrecordedSpan) SpanContext() trace.SpanContext {
	config := trace.SpanContextConfig{TraceID: s.traceID, SpanID: s.spanID, TraceFlags: s.flags}
	if s.state != nil {
		config.TraceState = *s.state
	}
	return trace.NewSpanContext(config)
}

// TracerProvider returns the provider that decided about the span.
func (s *unrecordedSpan) TracerProvider() trace.TracerProvider { return s.of.TracerProvider }

// undecided is the context of a call without a span, for samplers. They ask for
// the parent several times.
type undecided callContext

// Value returns the parent's span, or a value of the context without it.
func (s *undecided) Value(key any) any {
	if key == spanKey {
		return s.unrecorded.Span
	}
	return s.Context.Value(key)
}

// spanKey is the key of the span in a context. OpenTelemetry's API does not
// show it, but asks contexts for it.
var spanKey = func() any {
	var k askedKey
	trace.SpanFromContext(&k)
	return k.key
}()

// askedKey is a context that notes the key of the value that it is asked for.
type askedKey struct {
	context.Context
	key any
}

// Value notes the key.
func (k *askedKey) Value(key any) any {
	k.key = key
	return nil
}
