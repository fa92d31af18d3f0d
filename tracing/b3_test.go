package tracing_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
)

// TestPassThrough checks that a service without tracing propagates the headers
// that it receives.
func TestPassThrough(t *testing.T) {
	tests := []struct {
		name string
		in   propagation.MapCarrier
	}{
		{"nothing", propagation.MapCarrier{}},
		{"B3", multi("x-b3-sampled", "1")},
		{"B3 not sampled", multi("x-b3-sampled", "0")},
		{"deferred", multi()},
		{"denied", propagation.MapCarrier{"x-b3-sampled": "0"}},
		{"accepted", propagation.MapCarrier{"x-b3-sampled": "1"}},
		{"debug", multi("x-b3-flags", "1")},
		{"debug without a trace", propagation.MapCarrier{"x-b3-flags": "1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, &tracing.Options{LookupEnv: environment("OTEL_SDK_DISABLED=true", "OTEL_PROPAGATORS=b3multi")}).Propagator()
			got := propagation.MapCarrier{}
			p.Inject(p.Extract(t.Context(), test.in), got)
			if diff := cmp.Diff(test.in, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDebugGoesOn checks the sampling state that the next service gets from a
// span of this one.
func TestDebugGoesOn(t *testing.T) {
	single := trace2 + "-" + span2 + "-"
	same := "00-" + trace2 + "-" + span1 + "-01" // W3C's form of that trace
	tests := []struct {
		name    string
		formats string // OTEL_PROPAGATORS
		in      propagation.MapCarrier
		debug   bool
	}{
		{"multi", "b3multi", multi("x-b3-flags", "1"), true},
		{"multi, also sampled", "b3multi", multi("x-b3-flags", "1", "x-b3-sampled", "1"), true},
		{"multi, and denied", "b3multi", multi("x-b3-flags", "1", "x-b3-sampled", "0"), true},
		{"other flags", "b3multi", multi("x-b3-flags", "0", "x-b3-sampled", "1"), false},
		{"single", "b3", propagation.MapCarrier{"b3": single + "d"}, true},
		{"single with a parent", "b3", propagation.MapCarrier{"b3": single + "d-" + span1}, true},
		{"single, sampled", "b3", propagation.MapCarrier{"b3": single + "1"}, false},
		{"from multi to single", "b3", multi("x-b3-flags", "1"), true},
		{"from single to multi", "b3multi", propagation.MapCarrier{"b3": single + "d"}, true},
		{"without a trace", "b3multi", propagation.MapCarrier{"x-b3-flags": "1"}, true},
		{"without a trace, single", "b3", propagation.MapCarrier{"b3": "d"}, true},
		{"with W3C of the same trace", "", propagation.MapCarrier{"b3": single + "d", "traceparent": same}, true},
		{"with W3C of another trace", "", propagation.MapCarrier{"b3": single + "d", "traceparent": traceparent}, false},
		{"only W3C is in use", "tracecontext", propagation.MapCarrier{"b3": single + "d", "traceparent": same}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tr := start(t, &tracing.Options{LookupEnv: environment("OTEL_PROPAGATORS=" + test.formats)})
			p := tr.Propagator()
			ctx, s := tr.TracerProvider().Tracer("t").Start(p.Extract(t.Context(), test.in), "a")
			defer s.End()
			out := propagation.MapCarrier{}
			p.Inject(ctx, out)
			debug := out["x-b3-flags"] == "1" || strings.HasSuffix(out["b3"], s.SpanContext().SpanID().String()+"-d")
			if debug != test.debug || debug && out["x-b3-sampled"] != "" || !s.SpanContext().IsSampled() {
				t.Errorf("got %v, want debug %v", out, test.debug)
			}
			// A later request in the same context is not debugged.
			out = propagation.MapCarrier{}
			p.Inject(p.Extract(ctx, multi("x-b3-sampled", "1")), out)
			if out["x-b3-flags"] != "" || strings.HasSuffix(out["b3"], "-d") {
				t.Errorf("the mark stays: %v", out)
			}
		})
	}
}

// TestMalformedSingleHeaders checks that they are no parent and no decision.
func TestMalformedSingleHeaders(t *testing.T) {
	const ids = trace2 + "-" + span2
	for _, header := range []string{
		ids + "-1-zzz", ids + "-1-", ids + "-1-" + span1 + "-", ids + "-1-" + span1 + "-x", ids + "-1-" + span1 + "0",
		ids + "-1-0000000000000000", ids + "-1-AAAAAAAAAAAAAAAA", ids + "-", ids + "--", ids + "--" + span1, ids + "-2", ids + "-D",
		ids + "-true", ids + "-1d", ids + "-" + span1, " " + ids + "-1", ids + "-1 ", ids[1:] + "-1", trace2, trace2 + "-",
		"-" + span2 + "-1", "--1", "-", "-1", "1-", "true", "false", "2", "dd", strings.ToUpper("aaaaaaaaaaaaaaaa-") + span2 + "-1",
	} {
		p := start(t, &tracing.Options{LookupEnv: environment("OTEL_PROPAGATORS=b3")}).Propagator()
		ctx, out := p.Extract(t.Context(), propagation.MapCarrier{"b3": header}), propagation.MapCarrier{}
		p.Inject(ctx, out)
		if trace.SpanContextFromContext(ctx).IsValid() || len(out) > 0 {
			t.Errorf("%q becomes %v", header, out)
		}
	}
}

// FuzzB3 checks that an accepted header survives a round trip, and that no
// header causes a panic.
func FuzzB3(f *testing.F) {
	for _, seed := range []string{b3, b3 + "-" + span1, "0", "1", "d", "", "-", "--", trace2 + "-" + span2, "2222222222222222-" + span2 + "-0", "x-y-z"} {
		f.Add(seed)
	}
	tr, err := tracing.Start(context.Background(), "users", &tracing.Options{LookupEnv: environment("OTEL_PROPAGATORS=b3")})
	if err != nil {
		f.Fatal(err)
	}
	p := tr.Propagator()
	f.Fuzz(func(t *testing.T, header string) {
		first, second := propagation.MapCarrier{}, propagation.MapCarrier{}
		ctx := p.Extract(t.Context(), propagation.MapCarrier{"b3": header})
		p.Inject(ctx, first)
		again := p.Extract(t.Context(), first)
		p.Inject(again, second)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%q becomes %v and then %v", header, first, second)
		}
		if !trace.SpanContextFromContext(ctx).Equal(trace.SpanContextFromContext(again)) {
			t.Errorf("%q: the round trip changes the span", header)
		}
	})
}
