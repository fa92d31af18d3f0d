package tracing

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Propagation says how a trace crosses from one service to the next. The zero value and its zero
// fields mean the defaults: W3C Trace Context, B3 with multiple headers and W3C Baggage are
// read and written, and the headers that Istio asks for are forwarded.
type Propagation struct {
	// Mesh is the format that the proxy in front of this service speaks. It wins where a request has
	// both formats and they differ, since the proxy's span is the newer one: a proxy rewrites the
	// headers of its own format and passes on the others as they are.
	Mesh Mesh

	// Forward names the headers that requests hand on as they are; nil means [IstioHeaders], an empty
	// list none. It refuses headers that hold credentials, and those of the formats above.
	Forward []string

	// Public is for a service that strangers call without a gateway between. Their trace is not
	// continued, so they neither choose its id nor whether it is sampled: a new one begins and
	// links to theirs. Their baggage and the headers of Forward are dropped. A request to the next
	// service is not affected.
	Public bool
}

// Mesh is a format in which proxies speak of traces.
type Mesh uint8

const (
	// MeshW3C is W3C Trace Context (traceparent), which Istio's proxies write with the OpenTelemetry
	// provider.
	MeshW3C Mesh = iota
	// MeshB3 is Zipkin's format (x-b3-traceid and so on), which Istio's proxies write with the Zipkin
	// provider.
	MeshB3
)

// IstioHeaders returns the headers that Istio asks applications to forward besides those of W3C and
// B3: x-request-id, by which a proxy joins its access log and its sampling decision, and those of
// tracers that have a format of their own. What can hold credentials (user-agent, cookie,
// authorization and jwt, which Istio's own sample forwards) is not among them; neither is
// grpc-trace-bin, whose value differs between HTTP and gRPC.
func IstioHeaders() []string {
	return []string{
		"x-request-id",
		"x-ot-span-context",
		"x-datadog-trace-id", "x-datadog-parent-id", "x-datadog-sampling-priority",
		"x-cloud-trace-context",
		"sw8",
	}
}

// NewPropagator returns the propagator of a config without regard to the environment, for a service
// with a second listener whose callers are others than the first's. A nil config means the defaults.
// It reports every mistake at once, as joined [*sli.FieldError] values.
func NewPropagator(config *Propagation) (propagation.TextMapPropagator, error) {
	return config.resolve(env.NewReader(nil))
}

// resolve returns a propagator that passes traces on even if there is an error, which is about the
// config; what is wrong with the environment is left in r.
func (p *Propagation) resolve(r *env.Reader) (propagation.TextMapPropagator, error) {
	var c Propagation
	if p != nil {
		c = *p
	}
	if c.Forward == nil {
		c.Forward = IstioHeaders()
	}
	var errs sli.FieldErrors
	if c.Mesh != MeshW3C && c.Mesh != MeshB3 {
		errs.Addf("Mesh", "%d is neither W3C nor B3", c.Mesh)
	}
	forward, err := newForward(c.Forward)
	errs.Add("Forward", err)
	all := composite{formats: c.formats(), baggage: true, forward: forward}
	if names := r.Words("OTEL_PROPAGATORS"); names != nil {
		if formats, withBaggage, ok := envFormats(r, names); ok {
			all.formats, all.baggage = formats, withBaggage
		}
	}
	if c.Public {
		return public{all}, errs.Err()
	}
	return all, errs.Err()
}

// format is a propagator of traces that tells whether it found anything.
type format interface {
	propagation.TextMapPropagator
	extract(context.Context, propagation.TextMapCarrier) (context.Context, bool)
}

// w3c is W3C Trace Context.
type w3c struct{ propagation.TraceContext }

func (p w3c) extract(ctx context.Context, carrier propagation.TextMapCarrier) (context.Context, bool) {
	parent := trace.SpanContextFromContext(p.Extract(context.Background(), carrier))
	if !parent.IsValid() {
		return ctx, false
	}
	return trace.ContextWithRemoteSpanContext(ctx, parent), true
}

// formats returns the formats of traces in the order in which they are believed.
func (p *Propagation) formats() []format {
	formats := []format{w3c{}, b3{}}
	if p.Mesh == MeshB3 {
		slices.Reverse(formats)
	}
	return formats
}

// envFormats returns the formats that OTEL_PROPAGATORS names, and false if it has a mistake. As with
// OpenTelemetry's SDKs the last one that finds a parent is believed.
func envFormats(r *env.Reader, names []string) (formats []format, withBaggage, ok bool) {
	ok = true
	for _, name := range names {
		switch name {
		case "tracecontext":
			formats = append(formats, w3c{})
		case "b3multi":
			formats = append(formats, b3{})
		case "b3":
			formats = append(formats, b3{single: true})
		case "baggage":
			withBaggage = true
		case "none":
			if len(names) > 1 {
				ok = false
				r.Reject("OTEL_PROPAGATORS", "%q stands with others", name)
			}
		default:
			ok = false
			r.Reject("OTEL_PROPAGATORS", "%q is not one of tracecontext, baggage, b3, b3multi, none", name)
		}
	}
	slices.Reverse(formats)
	return formats, withBaggage, ok
}

// composite is the propagator of a service.
type composite struct {
	formats []format // of traces; the first that finds something is believed
	baggage bool
	forward forward
}

// Extract returns a context with what the carrier has.
func (c composite) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	for _, f := range c.formats {
		// What an earlier carrier left to us is not about the parent of this one.
		found, ok := f.extract(withoutWish(ctx), carrier)
		if ok {
			ctx = found
			break
		}
	}
	if c.baggage {
		ctx = propagation.Baggage{}.Extract(ctx, carrier)
	}
	return c.forward.Extract(ctx, carrier)
}

// Inject writes what the context has, in all formats.
func (c composite) Inject(ctx context.Context, carrier propagation.TextMapCarrier) {
	for _, f := range c.formats {
		f.Inject(ctx, carrier)
	}
	if c.baggage {
		propagation.Baggage{}.Inject(ctx, carrier)
	}
	c.forward.Inject(ctx, carrier)
}

// Fields returns the headers that Inject may set.
func (c composite) Fields() []string {
	var all []string
	for _, f := range c.formats {
		all = append(all, f.Fields()...)
	}
	if c.baggage {
		all = append(all, propagation.Baggage{}.Fields()...)
	}
	return append(all, c.forward.Fields()...)
}

// public is the propagator of a service that strangers call.
type public struct{ composite }

type strangerKey struct{}

// Extract returns a context that only remembers the caller's span, to link to it.
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
