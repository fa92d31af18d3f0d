package tracing_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
)

func TestRootDecidesIfTheCallerDefers(t *testing.T) {
	tests := []struct {
		name string
		in   propagation.MapCarrier
		want bool
	}{
		{"deferred", multi(), false},
		{"sampled", multi("x-b3-sampled", "1"), true},
		{"debug", multi("x-b3-flags", "1"), true},
		{"debug without a trace", propagation.MapCarrier{"x-b3-flags": "1"}, true},
		{"accepted without a trace", propagation.MapCarrier{"b3": "1"}, true},
		{"nothing", nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tr := start(t, &tracing.Options{Sampling: tracing.Sampling{Root: sdktrace.NeverSample()}})
			tracer := tr.TracerProvider().Tracer("t")
			ctx, s := tracer.Start(tr.Propagator().Extract(t.Context(), test.in), "a")
			defer s.End()
			_, child := tracer.Start(ctx, "b")
			defer child.End()
			if s.SpanContext().IsSampled() != test.want || child.SpanContext().IsSampled() != test.want {
				t.Errorf("sampled %t, its child %t, want %t", s.SpanContext().IsSampled(), child.SpanContext().IsSampled(), test.want)
			}
		})
	}
}

// onlyNamed samples the spans with one name.
type onlyNamed string

func (n onlyNamed) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	if p.Name == string(n) {
		return sdktrace.AlwaysSample().ShouldSample(p)
	}
	return sdktrace.NeverSample().ShouldSample(p)
}

func (onlyNamed) Description() string { return "onlyNamed" }

// TestDeferredIsDecidedOnce checks that the root sampler decides about the
// first span only.
func TestDeferredIsDecidedOnce(t *testing.T) {
	tr := start(t, &tracing.Options{Sampling: tracing.Sampling{Root: onlyNamed("a")}})
	tracer := tr.TracerProvider().Tracer("t")
	ctx, s := tracer.Start(tr.Propagator().Extract(t.Context(), multi()), "a")
	defer s.End()
	_, child := tracer.Start(ctx, "b")
	defer child.End()
	if !s.SpanContext().IsSampled() || !child.SpanContext().IsSampled() {
		t.Errorf("sampled %t, its child %t", s.SpanContext().IsSampled(), child.SpanContext().IsSampled())
	}
	out := propagation.MapCarrier{}
	if tr.Propagator().Inject(ctx, out); out["x-b3-sampled"] != "1" {
		t.Errorf("the next service does not learn the decision: %v", out)
	}
}

func TestSamplerFromTheEnvironment(t *testing.T) {
	tests := []struct {
		env string
		// Whether a root, a child of a sampled caller, and a child of any other
		// caller are sampled.
		root, child, denied bool
	}{
		{"", true, true, false},
		{"always_on", true, true, true},
		{"Always_Off", false, false, false},
		{"traceidratio", true, true, true},
		{"traceidratio 0", false, false, false},
		{"parentbased_always_on", true, true, false},
		{"parentbased_always_off", false, true, false},
		{"parentbased_traceidratio 0", false, true, false},
		{"parentbased_traceidratio 1", true, true, false},
	}
	for _, test := range tests {
		t.Run(test.env, func(t *testing.T) {
			name, arg, _ := strings.Cut(test.env, " ")
			tr := start(t, &tracing.Options{LookupEnv: environment("OTEL_TRACES_SAMPLER="+name, "OTEL_TRACES_SAMPLER_ARG="+arg)})
			sampled := func(in propagation.MapCarrier) bool {
				_, s := tr.TracerProvider().Tracer("t").Start(tr.Propagator().Extract(t.Context(), in), "a")
				defer s.End()
				return s.SpanContext().IsSampled()
			}
			got := []bool{sampled(nil), sampled(propagation.MapCarrier{"traceparent": traceparent}), sampled(propagation.MapCarrier{"traceparent": traceparentNo})}
			if diff := cmp.Diff([]bool{test.root, test.child, test.denied}, got); diff != "" {
				t.Errorf("root, child of a sampled caller, child of any other (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDeferredIsForgotten extracts the parent of a message within a request.
func TestDeferredIsForgotten(t *testing.T) {
	tr := start(t, &tracing.Options{})
	ctx := tr.Propagator().Extract(t.Context(), multi())
	ctx = tr.Propagator().Extract(ctx, propagation.MapCarrier{})
	_, s := tr.TracerProvider().Tracer("t").Start(ctx, "a")
	defer s.End()
	ctx = tr.Propagator().Extract(ctx, propagation.MapCarrier{"traceparent": strings.TrimSuffix(traceparent, "1") + "0"})
	_, message := tr.TracerProvider().Tracer("t").Start(ctx, "b")
	defer message.End()
	if !s.SpanContext().IsSampled() || message.SpanContext().IsSampled() {
		t.Errorf("the request is sampled %t, the message %t", s.SpanContext().IsSampled(), message.SpanContext().IsSampled())
	}
}
