package tracing_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
)

// The traces of three callers.
const (
	trace1, span1 = "11111111111111111111111111111111", "1111111111111111"
	trace2, span2 = "22222222222222222222222222222222", "2222222222222222"
	trace3, span3 = "33333333333333333333333333333333", "3333333333333333"

	traceparent   = "00-" + trace1 + "-" + span1 + "-01"
	traceparentNo = "00-" + trace1 + "-" + span1 + "-00"
	b3            = trace2 + "-" + span2 + "-1"
)

func multi(pairs ...string) propagation.MapCarrier {
	m := propagation.MapCarrier{"x-b3-traceid": trace3, "x-b3-spanid": span3}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func TestPrecedenceOfParents(t *testing.T) {
	tests := []struct {
		name    string
		in      propagation.MapCarrier
		w3c, b3 string // the continued trace or "", then "+" if it is sampled
	}{
		{"nothing", nil, "+", "+"},
		{"W3C", propagation.MapCarrier{"traceparent": traceparent}, trace1 + "+", trace1 + "+"},
		{"W3C not sampled", propagation.MapCarrier{"traceparent": traceparentNo}, trace1, trace1},
		{"B3 single", propagation.MapCarrier{"b3": b3}, trace2 + "+", trace2 + "+"},
		{"B3 multi", multi("x-b3-sampled", "1"), trace3 + "+", trace3 + "+"},
		{"B3 multi not sampled", multi("x-b3-sampled", "0"), trace3, trace3},
		{"B3 of old tracers", multi("x-b3-sampled", "true"), trace3 + "+", trace3 + "+"},
		{"B3 of old tracers not sampled", multi("x-b3-sampled", "false"), trace3, trace3},
		{"B3 debug", multi("x-b3-flags", "1"), trace3 + "+", trace3 + "+"},
		{"B3 single debug", propagation.MapCarrier{"b3": trace2 + "-" + span2 + "-d"}, trace2 + "+", trace2 + "+"},
		{"B3 single with a parent", propagation.MapCarrier{"b3": b3 + "-" + span1}, trace2 + "+", trace2 + "+"},
		{"W3C and B3", propagation.MapCarrier{"traceparent": traceparent, "b3": b3}, trace1 + "+", trace2 + "+"},
		{"W3C and a B3 denial", propagation.MapCarrier{"traceparent": traceparent, "x-b3-sampled": "0"}, trace1 + "+", ""},
		{"single and multi", multi("b3", b3, "x-b3-sampled", "1"), trace2 + "+", trace2 + "+"},
		{"bad single and multi", multi("b3", "garbage-", "x-b3-sampled", "1"), trace3 + "+", trace3 + "+"},
		{"deferred", multi(), trace3 + "+", trace3 + "+"},
		{"deferred single", propagation.MapCarrier{"b3": trace2 + "-" + span2}, trace2 + "+", trace2 + "+"},
		{"denied without a trace", propagation.MapCarrier{"x-b3-sampled": "0"}, "", ""},
		{"denied without a trace, single", propagation.MapCarrier{"b3": "0"}, "", ""},
		{"accepted without a trace", propagation.MapCarrier{"x-b3-sampled": "1"}, "+", "+"},
		{"64-bit id", propagation.MapCarrier{"b3": "2222222222222222-" + span2 + "-1"}, "00000000000000002222222222222222+", "00000000000000002222222222222222+"},
		{"garbage B3 and W3C", propagation.MapCarrier{"traceparent": traceparent, "b3": "x-y-z"}, trace1 + "+", trace1 + "+"},
		{"garbage W3C and B3", propagation.MapCarrier{"traceparent": "00-x", "b3": b3}, trace2 + "+", trace2 + "+"},
		{"zero ids", propagation.MapCarrier{"b3": "00000000000000000000000000000000-0000000000000000-1"}, "+", "+"},
		{"upper case", propagation.MapCarrier{"b3": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-AAAAAAAAAAAAAAAA-1"}, "+", "+"},
		{"unknown sampling", multi("x-b3-sampled", "2"), "+", "+"},
	}
	for _, test := range tests {
		for mesh, want := range map[tracing.Mesh]string{tracing.MeshW3C: test.w3c, tracing.MeshB3: test.b3} {
			t.Run(fmt.Sprintf("%s/%v", test.name, mesh), func(t *testing.T) {
				tr := start(t, &tracing.Options{Propagation: tracing.Propagation{Mesh: mesh}})
				ctx := tr.Propagator().Extract(t.Context(), test.in)
				_, s := tr.TracerProvider().Tracer("t").Start(ctx, "a")
				defer s.End()
				sc := s.SpanContext()
				got := sc.TraceID().String()
				if known := []string{trace1, trace2, trace3, "00000000000000002222222222222222"}; !slices.Contains(known, got) {
					got = ""
				}
				if sc.IsSampled() {
					got += "+"
				}
				if got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			})
		}
	}
}

func TestInject(t *testing.T) {
	sampled, _ := spanContext(trace1, span1, true, false)
	unsampled, _ := spanContext(trace1, span1, false, false)
	tests := []struct {
		name string
		env  string
		ctx  context.Context
		want propagation.MapCarrier
	}{
		{"no span", "", context.Background(), propagation.MapCarrier{}},
		{"sampled", "", sampled, propagation.MapCarrier{"traceparent": traceparent, "x-b3-traceid": trace1, "x-b3-spanid": span1, "x-b3-sampled": "1"}},
		{"not sampled", "", unsampled, propagation.MapCarrier{"traceparent": traceparentNo, "x-b3-traceid": trace1, "x-b3-spanid": span1, "x-b3-sampled": "0"}},
		{"single", "OTEL_PROPAGATORS=b3", sampled, propagation.MapCarrier{"b3": trace1 + "-" + span1 + "-1"}},
		{"W3C only, spaces", "OTEL_PROPAGATORS= tracecontext , baggage", sampled, propagation.MapCarrier{"traceparent": traceparent}},
		{"none", "OTEL_PROPAGATORS=none", sampled, propagation.MapCarrier{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tr := start(t, &tracing.Options{LookupEnv: environment(test.env)})
			got := propagation.MapCarrier{}
			tr.Propagator().Inject(test.ctx, got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for header := range got {
				if !slices.Contains(tr.Propagator().Fields(), header) {
					t.Errorf("Fields has no %q", header)
				}
			}
		})
	}
}

func spanContext(traceID, spanID string, sampled, remote bool) (context.Context, trace.SpanContext) {
	tid, _ := trace.TraceIDFromHex(traceID)
	sid, _ := trace.SpanIDFromHex(spanID)
	sc := trace.NewSpanContext(trace.SpanContextConfig{TraceID: tid, SpanID: sid, Remote: remote, TraceFlags: trace.TraceFlags(0).WithSampled(sampled)})
	return trace.ContextWithSpanContext(context.Background(), sc), sc
}

func TestLastPropagatorOfTheEnvironmentWins(t *testing.T) {
	in := propagation.MapCarrier{"traceparent": traceparent, "b3": b3}
	for env, want := range map[string]string{"b3multi,tracecontext": trace1, "tracecontext,b3multi": trace2, "tracecontext,b3": trace2, "TraceContext, B3Multi": trace2} {
		tr := start(t, &tracing.Options{LookupEnv: environment("OTEL_PROPAGATORS=" + env)})
		got := trace.SpanContextFromContext(tr.Propagator().Extract(t.Context(), in)).TraceID().String()
		if got != want {
			t.Errorf("%s: got %s, want %s", env, got, want)
		}
	}
}

// TestInvalidPropagators checks that the valid ones of a list hold, and the
// formats of the options if there are none.
func TestInvalidPropagators(t *testing.T) {
	for env, want := range map[string]string{
		"w3c":                          "traceparent x-b3-traceid baggage",
		"none,none":                    "traceparent x-b3-traceid baggage",
		"xray,jaeger":                  "traceparent x-b3-traceid baggage",
		"xray,tracecontext":            "traceparent",
		"none,tracecontext":            "traceparent",
		"baggage;tracecontext,b3multi": "x-b3-traceid",
		"b3multi,ottrace,b3multi":      "x-b3-traceid",
		"BAGGAGE, xray":                "baggage",
	} {
		tr, err := tracing.Start(t.Context(), "users", &tracing.Options{LookupEnv: environment("OTEL_PROPAGATORS=" + env)})
		if err == nil {
			t.Errorf("%s: error %v", env, err)
		}
		out := propagation.MapCarrier{}
		ctx, _ := spanContext(trace1, span1, true, true)
		member, _ := baggage.NewMember("a", "b")
		bag, _ := baggage.New(member)
		tr.Propagator().Inject(baggage.ContextWithBaggage(ctx, bag), out)
		var got []string
		for _, name := range []string{"traceparent", "x-b3-traceid", "baggage"} {
			if out[name] != "" {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: injected %v, want %s", env, out, want)
		}
		_ = tr.Shutdown(t.Context())
	}
}

// TestDuplicatePropagatorsAreNoMistake checks that each is used once.
func TestDuplicatePropagatorsAreNoMistake(t *testing.T) {
	tr := start(t, &tracing.Options{Propagation: tracing.Propagation{Forward: []string{}},
		LookupEnv: environment("OTEL_PROPAGATORS=b3,baggage,B3,baggage")})
	if diff := cmp.Diff([]string{"b3", "baggage"}, tr.Propagator().Fields()); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// TestMetadataCarrier propagates a trace from HTTP to gRPC and further.
func TestMetadataCarrier(t *testing.T) {
	p, err := tracing.NewPropagator(nil)
	if err != nil {
		t.Fatal(err)
	}
	in := http.Header{"Traceparent": {traceparent}, "X-Request-Id": {"r1"}, "Baggage": {"tenant=t"}}
	md := tracing.MetadataCarrier{}
	p.Inject(p.Extract(t.Context(), propagation.HeaderCarrier(in)), md)
	want := tracing.MetadataCarrier{
		"traceparent": {traceparent}, "x-request-id": {"r1"}, "baggage": {"tenant=t"},
		"x-b3-traceid": {trace1}, "x-b3-spanid": {span1}, "x-b3-sampled": {"1"},
	}
	if diff := cmp.Diff(want, md); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	ctx := p.Extract(t.Context(), md)
	if got := trace.SpanContextFromContext(ctx).TraceID().String(); got != trace1 {
		t.Errorf("read back %s", got)
	}
	if got := baggage.FromContext(ctx).Member("tenant").Value(); got != "t" {
		t.Errorf("read back the baggage %q", got)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(slices.Values(md.Keys()))); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if got := tracing.MetadataCarrier(nil).Get("a"); got != "" {
		t.Errorf("nil has %q", got)
	}
}

func TestPublicLinksToStrangers(t *testing.T) {
	tests := []struct {
		name string
		in   propagation.MapCarrier
		want string // the linked trace
	}{
		{"W3C", propagation.MapCarrier{"traceparent": traceparentNo, "baggage": "k=v", "x-request-id": "r", "tracestate": "a=b"}, trace1},
		{"B3", multi("x-b3-sampled", "0", "baggage", "k=v"), trace3},
		{"denied", propagation.MapCarrier{"x-b3-sampled": "0"}, ""},
		{"nothing", nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			exporter, spans := inMemory("a")
			tr := start(t, &tracing.Options{Exporters: []tracing.Exporter{exporter}, Propagation: tracing.Propagation{Public: true}})
			tracer := tr.TracerProvider().Tracer("t")
			ctx, s := tracer.Start(tr.Propagator().Extract(t.Context(), test.in), "a")
			_, child := tracer.Start(ctx, "b")
			child.End()
			s.End()
			if err := tr.ForceFlush(t.Context()); err != nil {
				t.Fatal(err)
			}
			root, inner := spans()[1], spans()[0]
			if id := root.SpanContext.TraceID().String(); id == trace1 || id == trace3 || root.Parent.IsValid() || !root.SpanContext.IsSampled() {
				t.Errorf("the stranger's trace continues: %v", root.SpanContext)
			}
			var got string
			for _, link := range root.Links {
				got += link.SpanContext.TraceID().String()
			}
			if got != test.want || len(inner.Links) != 0 {
				t.Errorf("links to %q, want %q; its child has %d", got, test.want, len(inner.Links))
			}
			out := propagation.MapCarrier{}
			tr.Propagator().Inject(ctx, out)
			if out["baggage"] != "" || out["x-request-id"] != "" || out["traceparent"] == "" {
				t.Errorf("the next service gets %v", out)
			}
		})
	}
}

// TestMetadataCarrierHasAllBaggage reads baggage that a caller wrote as two
// values.
func TestMetadataCarrierHasAllBaggage(t *testing.T) {
	p, err := tracing.NewPropagator(nil)
	if err != nil {
		t.Fatal(err)
	}
	got := baggage.FromContext(p.Extract(t.Context(), tracing.MetadataCarrier{"baggage": {"a=1", "b=2"}}))
	if got.Member("a").Value() != "1" || got.Member("b").Value() != "2" {
		t.Errorf("got %q", got)
	}
}
