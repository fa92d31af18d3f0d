package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Propagation configures how a trace crosses from one service to the next. The
// zero value and its zero fields mean the defaults: W3C Trace Context, B3 with
// multiple headers and W3C Baggage are read and written, and the headers that
// Istio requires are forwarded.
type Propagation struct {
	// Mesh is the format of the proxy in front of this service. If a request
	// has both formats and they differ, Mesh wins, because the proxy's span is
	// the newer one: a proxy rewrites the headers of its own format and passes
	// on the others unchanged.
	Mesh Mesh

	// Forward names the headers that are copied unchanged from a request to the
	// requests made on its behalf. Nil means [IstioHeaders]; an empty list
	// means no headers. Headers of the formats above, and headers that package
	// redact considers secret, are mistakes.
	Forward []string

	// Public is for a service that strangers call without a gateway in between.
	// Their traces are not continued, so that strangers choose neither trace
	// IDs nor sampling: a new trace begins and links to theirs. Their baggage
	// and the headers of Forward are dropped. Requests to other services are
	// not affected.
	Public bool
}

// Mesh is the format in which a mesh's proxies propagate traces.
type Mesh uint8

const (
	// MeshW3C is W3C Trace Context (traceparent), which Istio's proxies write
	// with the OpenTelemetry provider.
	MeshW3C Mesh = iota
	// MeshB3 is Zipkin's format (x-b3-traceid and so on), which Istio's proxies
	// write with the Zipkin provider.
	MeshB3
)

// String returns "W3C" or "B3".
func (m Mesh) String() string {
	switch m {
	case MeshW3C:
		return "W3C"
	case MeshB3:
		return "B3"
	}
	return fmt.Sprintf("Mesh(%d)", uint8(m))
}

// IstioHeaders returns the headers that Istio requires applications to forward
// in addition to W3C's and B3's: x-request-id, which connects a proxy's access
// log and sampling decision, and the headers of other tracers. It leaves out
// headers that can contain credentials (user-agent, cookie, authorization and
// jwt, which Istio's sample application forwards) and grpc-trace-bin, whose
// encoding differs between HTTP and gRPC.
func IstioHeaders() []string {
	return []string{
		"x-request-id",
		"x-ot-span-context",
		"x-datadog-trace-id", "x-datadog-parent-id", "x-datadog-sampling-priority",
		"x-cloud-trace-context",
		"sw8",
	}
}

// NewPropagator returns a propagator that ignores the environment, for a
// service with a second listener for other callers. Nil means the defaults. It
// logs invalid baggage to standard error, at most a line a minute.
// Its error joins a [*sli.FieldError] for each mistake.
func NewPropagator(p *Propagation) (propagation.TextMapPropagator, error) {
	return p.resolve(env.NewReader(nil), newLogger())
}

// resolve returns a propagator, which is usable even if there are mistakes. It
// returns the mistakes in p and leaves those in the environment in r.
func (p *Propagation) resolve(r *env.Reader, logger *slog.Logger) (propagation.TextMapPropagator, error) {
	var c Propagation
	if p != nil {
		c = *p
	}
	if c.Forward == nil {
		c.Forward = IstioHeaders()
	}
	var errs sli.FieldErrors
	if c.Mesh != MeshW3C && c.Mesh != MeshB3 {
		errs.Addf("Mesh", "invalid mesh %d: want MeshW3C or MeshB3", c.Mesh)
	}
	forward, err := newForward(c.Forward)
	errs.Add("Forward", err)
	all := composite{formats: c.formats(), baggage: baggage{invalid: &baggageLog{logger: logger}}, forward: forward}
	if names := r.Words("OTEL_PROPAGATORS"); names != nil {
		if formats, withBaggage, ok := envFormats(r, names); ok {
			all.formats = formats
			if !withBaggage {
				all.baggage = nil
			}
		}
	}
	if c.Public {
		return public{all}, errs.Err()
	}
	return all, errs.Err()
}

// format is a propagator of traces. extract also reports whether the carrier
// has a trace or a sampling decision in this format.
type format interface {
	propagation.TextMapPropagator
	extract(context.Context, propagation.TextMapCarrier) (context.Context, bool)
}

// formats returns the formats of traces by precedence.
func (p *Propagation) formats() []format {
	formats := []format{w3c{}, b3{}}
	if p.Mesh == MeshB3 {
		slices.Reverse(formats)
	}
	return formats
}

// envFormats returns the formats that OTEL_PROPAGATORS names, by precedence,
// and false if it names no known one. OpenTelemetry's SDKs use the last
// propagator that finds a parent.
func envFormats(r *env.Reader, names []string) (formats []format, withBaggage, ok bool) {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		switch name {
		case "tracecontext":
			formats = append(formats, w3c{})
		case "b3multi":
			formats = append(formats, b3{})
		case "b3":
			formats = append(formats, b3{single: true})
		case "baggage":
			withBaggage = true
		case none:
			if len(names) == 1 {
				return nil, false, true
			}
			r.Reject("OTEL_PROPAGATORS", "%q excludes other propagators", name)
		default:
			r.Reject("OTEL_PROPAGATORS", "invalid propagator %q: want one of tracecontext, baggage, b3, b3multi, none", name)
		}
	}
	slices.Reverse(formats)
	return formats, withBaggage, withBaggage || formats != nil
}

// composite is the propagator of a service.
type composite struct {
	formats []format                      // by precedence
	baggage propagation.TextMapPropagator // may be nil
	forward forward
}

// Extract returns a context with the trace, baggage and headers of the carrier.
func (c composite) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	for _, f := range c.formats {
		// A decision deferred by an earlier carrier does not concern this
		// parent.
		found, ok := f.extract(withoutDebug(withoutWish(ctx)), carrier)
		if ok {
			ctx = c.debugged(found, carrier)
			break
		}
	}
	if c.baggage != nil {
		ctx = c.baggage.Extract(ctx, carrier)
	}
	return c.forward.Extract(ctx, carrier)
}

// debugged returns a context with B3's debug mark if W3C's headers continue the
// same trace, since W3C has no such mark.
func (c composite) debugged(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	sc := trace.SpanContextFromContext(ctx)
	if !sc.IsSampled() || isDebugged(ctx, sc.TraceID()) || !slices.ContainsFunc(c.formats, isB3) {
		return ctx
	}
	if b3, ok := debuggedB3(carrier); ok && b3.TraceID() == sc.TraceID() {
		return withDebug(ctx, sc.TraceID())
	}
	return ctx
}

// Inject writes the trace of the context in all formats, its baggage and
// headers.
func (c composite) Inject(ctx context.Context, carrier propagation.TextMapCarrier) {
	for _, f := range c.formats {
		f.Inject(ctx, carrier)
	}
	if c.baggage != nil {
		c.baggage.Inject(ctx, carrier)
	}
	c.forward.Inject(ctx, carrier)
}

// Fields returns the headers that Inject may set.
func (c composite) Fields() []string {
	var all []string
	for _, f := range c.formats {
		all = append(all, f.Fields()...)
	}
	if c.baggage != nil {
		all = append(all, c.baggage.Fields()...)
	}
	return append(all, c.forward.Fields()...)
}

// public is the propagator of a service that strangers call. It differs from
// composite only in Extract.
type public struct{ composite }

type strangerKey struct{}

// Extract returns a context that has only the caller's span, for a link to it.
func (p public) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	for _, f := range p.formats {
		theirs := trace.SpanContextFromContext(f.Extract(context.Background(), carrier))
		if theirs.IsValid() {
			return context.WithValue(ctx, strangerKey{}, theirs)
		}
	}
	return ctx
}

// strangerFrom returns the span of a stranger whose trace is not continued.
func strangerFrom(ctx context.Context) (trace.SpanContext, bool) {
	sc, ok := ctx.Value(strangerKey{}).(trace.SpanContext)
	return sc, ok
}
