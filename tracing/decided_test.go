package tracing_test

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/headsampling"
	"github.com/sligo-go/sligo/tracing"
)

// seededIDs makes the same IDs in each run.
type seededIDs struct{ rand *rand.Rand }

func newSeededIDs(seed uint64) seededIDs { return seededIDs{rand.New(rand.NewPCG(seed, 1))} }

func (g seededIDs) NewIDs(ctx context.Context) (t trace.TraceID, s trace.SpanID) {
	binary.BigEndian.PutUint64(t[:8], g.rand.Uint64())
	binary.BigEndian.PutUint64(t[8:], g.rand.Uint64())
	return t, g.NewSpanID(ctx, t)
}

func (g seededIDs) NewSpanID(context.Context, trace.TraceID) (s trace.SpanID) {
	binary.BigEndian.PutUint64(s[:], g.rand.Uint64())
	return s
}

// customSampler decides by all that a sampler sees, and by the number of spans
// before.
type customSampler struct{ calls int }

func (c *customSampler) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	c.calls++
	parent := trace.SpanContextFromContext(p.ParentContext)
	state, _ := parent.TraceState().Insert("custom", "yes")
	n := int(p.TraceID[15]) + len(p.Name) + int(p.Kind) + len(p.Attributes) + 2*len(p.Links) + c.calls
	return sdktrace.SamplingResult{
		Decision:   sdktrace.SamplingDecision(n % 3),
		Attributes: []attribute.KeyValue{attribute.Int("calls", c.calls)},
		Tracestate: state,
	}
}

func (*customSampler) Description() string { return "custom" }

// tracers are the tracers of one provider, and its parts that a test looks at.
type tracers struct {
	*tracing.Provider
	trace.Tracer
	custom *customSampler
}

// samplers are configurations with which a provider does not record all spans.
var samplers = map[string]struct {
	root   func(*customSampler) sdktrace.Sampler
	env    []string
	public bool
}{
	"one in two":             {root: func(*customSampler) sdktrace.Sampler { return sdktrace.TraceIDRatioBased(.5) }},
	"one in a hundred":       {root: func(*customSampler) sdktrace.Sampler { return sdktrace.TraceIDRatioBased(.01) }},
	"none":                   {root: func(*customSampler) sdktrace.Sampler { return sdktrace.NeverSample() }},
	"custom":                 {root: func(c *customSampler) sdktrace.Sampler { return c }},
	"parent-based in it":     {root: func(c *customSampler) sdktrace.Sampler { return sdktrace.ParentBased(c) }},
	"one that panics":        {root: func(*customSampler) sdktrace.Sampler { return &brokenSampler{"POST", "no rule"} }},
	"strangers":              {root: func(c *customSampler) sdktrace.Sampler { return c }, public: true},
	"variable, ratio":        {env: []string{"OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.5"}},
	"variable, never":        {env: []string{"OTEL_TRACES_SAMPLER=always_off"}},
	"variable, parent":       {env: []string{"OTEL_TRACES_SAMPLER=parentbased_always_off"}},
	"variable, parent ratio": {env: []string{"OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.5"}},
}

const (
	w3cParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-"
	b3Parent  = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
)

// callers are the headers of requests.
var callers = []propagation.MapCarrier{
	nil,
	{"baggage": "a=b"},
	{"traceparent": w3cParent + "00"},
	{"traceparent": w3cParent + "01", "tracestate": "vendor=1"},
	{"traceparent": w3cParent + "02", "tracestate": "vendor=1,custom=no"},
	{"traceparent": w3cParent + "03"},
	{"b3": b3Parent},
	{"b3": b3Parent + "-0"},
	{"b3": b3Parent + "-1"},
	{"b3": b3Parent + "-d"},
	{"b3": "0"},
	{"b3": "1"},
	{"b3": "d"},
	{"x-b3-sampled": "0"},
	{"x-b3-flags": "1"},
	{"traceparent": w3cParent + "00", "b3": b3Parent + "-1"},
}

// TestDecideAgreesWithTheSDK compares a decision ahead with the SDK's own, for
// the same IDs: the span, the calls of the sampler, and the span's children.
func TestDecideAgreesWithTheSDK(t *testing.T) {
	for name, config := range samplers {
		t.Run(name, func(t *testing.T) {
			provider := func() tracers {
				custom := &customSampler{}
				opts := &tracing.Options{
					IDGenerator: newSeededIDs(7), LookupEnv: environment(config.env...),
					Propagation: tracing.Propagation{Public: config.public},
				}
				if config.root != nil {
					opts.Sampling.Root = config.root(custom)
				}
				tr := start(t, opts)
				return tracers{Provider: tr, Tracer: tr.TracerProvider().Tracer("t"), custom: custom}
			}
			sdk, ahead := provider(), provider()
			decided := map[bool]int{}
			random := rand.New(rand.NewPCG(3, 4))
			for range 2000 {
				call := drawCall(random)
				want, wantChild := sdk.start(call, false)
				got, gotChild := ahead.start(call, true)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%+v: span (-SDK +decided):\n%s", call, diff)
				}
				if diff := cmp.Diff(wantChild, gotChild); diff != "" {
					t.Fatalf("%+v: child (-SDK +decided):\n%s", call, diff)
				}
				decided[got.Recorded]++
			}
			if decided[false] == 0 {
				t.Error("all spans were recorded")
			}
		})
	}
}

// call is a call whose span starts.
type call struct {
	headers    propagation.MapCarrier
	local      bool // another span is between the caller's and this one
	name       string
	kind       trace.SpanKind
	attributes []attribute.KeyValue
	links      []trace.Link
}

func drawCall(random *rand.Rand) call {
	c := call{
		headers: callers[random.IntN(len(callers))],
		local:   random.IntN(4) == 0,
		name:    []string{"GET", "POST", "import"}[random.IntN(3)],
		kind:    trace.SpanKind(random.IntN(6)),
	}
	if random.IntN(2) == 0 {
		c.attributes = []attribute.KeyValue{attribute.String("rpc.system", "grpc")}
	}
	if random.IntN(3) == 0 {
		c.links = []trace.Link{{SpanContext: trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})}}
	}
	return c
}

// started is a span that started.
type started struct {
	TraceID, SpanID, Flags, State string
	Remote, Recorded              bool
	Attributes                    []string
	Links, Calls                  int
	Children                      int // of the parent, if that is recorded
}

func (tr tracers) describe(s trace.Span) started {
	sc := s.SpanContext()
	d := started{
		TraceID: sc.TraceID().String(), SpanID: sc.SpanID().String(), Flags: sc.TraceFlags().String(),
		State: sc.TraceState().String(), Remote: sc.IsRemote(), Recorded: s.IsRecording(), Calls: tr.custom.calls,
	}
	if own, ok := s.(sdktrace.ReadOnlySpan); ok {
		d.Links = len(own.Links())
		for _, a := range own.Attributes() {
			d.Attributes = append(d.Attributes, string(a.Key)+"="+a.Value.String())
		}
	}
	return d
}

// start starts the span of a call and a child, with a decision ahead or without
// one.
func (tr tracers) start(c call, decides bool) (span, child started) {
	ctx := tr.Propagator().Extract(context.Background(), c.headers)
	var parent trace.Span
	if c.local {
		ctx, parent = tr.Start(ctx, "local")
	}
	options := []trace.SpanStartOption{
		trace.WithSpanKind(c.kind), trace.WithAttributes(c.attributes...), trace.WithLinks(c.links...),
	}
	var s trace.Span
	if decides {
		sc, begin := tr.TracerProvider().(headsampling.Decider).Decide(ctx, headsampling.Span{
			Name: c.name, Kind: c.kind, Attributes: c.attributes, Links: c.links,
		})
		if begin == nil {
			ctx = trace.ContextWithSpanContext(ctx, sc)
			s = trace.SpanFromContext(ctx)
		} else {
			ctx, s = tr.Start(begin, c.name, options...)
		}
	} else {
		ctx, s = tr.Start(ctx, c.name, options...)
	}
	_, inner := tr.Start(ctx, "child")
	span = tr.describe(s)
	if recorded, ok := parent.(sdktrace.ReadOnlySpan); ok {
		span.Children = recorded.ChildSpanCount()
	}
	return span, tr.describe(inner)
}

// TestProvidersThatRecordAll checks that a provider which records all traces,
// or counts the others, leaves its decisions to the SDK.
func TestProvidersThatRecordAll(t *testing.T) {
	decides := func(sampling tracing.Sampling, env ...string) bool {
		tr := start(t, &tracing.Options{Sampling: sampling, LookupEnv: environment(env...)})
		_, ok := tr.TracerProvider().(headsampling.Decider)
		return ok
	}
	ratio := tracing.Sampling{Root: sdktrace.TraceIDRatioBased(.5)}
	for name, sampling := range map[string]tracing.Sampling{
		"default": {}, "all": {Root: sdktrace.AlwaysSample()}, "ratio 1": {Root: sdktrace.TraceIDRatioBased(1)},
		"tail": {Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}},
	} {
		if decides(sampling) {
			t.Errorf("%s: the provider decides about spans", name)
		}
	}
	if !decides(ratio) || !decides(ratio, "OTEL_TRACES_SAMPLER=always_off") {
		t.Error("a provider that drops spans does not decide about them")
	}
	if decides(ratio, "OTEL_TRACES_SAMPLER=always_on") {
		t.Error("the variable has no effect")
	}
	t.Setenv("OTEL_GO_X_OBSERVABILITY", "true")
	if decides(ratio) {
		t.Error("the SDK does not count all spans")
	}
}

// nested is a processor that starts a span with the context of another one.
type nested struct {
	sdktrace.SpanProcessor
	tracer trace.Tracer
	spans  []trace.SpanContext
}

func (n *nested) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	n.spans = append(n.spans, s.SpanContext())
	if len(n.spans) == 1 {
		n.tracer.Start(ctx, "nested")
	}
}

// TestDecisionIsForOneSpan starts a span with the context that a decision was
// made for, while the span of the decision starts.
func TestDecisionIsForOneSpan(t *testing.T) {
	n := &nested{}
	tr := start(t, &tracing.Options{Sampling: tracing.Sampling{Root: &customSampler{}}, Processors: []sdktrace.SpanProcessor{n}})
	n.tracer = tr.TracerProvider().Tracer("t")
	for len(n.spans) < 2 {
		n.spans = nil
		_, begin := tr.TracerProvider().(headsampling.Decider).Decide(t.Context(), headsampling.Span{Name: "GET"})
		if begin != nil {
			n.tracer.Start(begin, "GET")
		}
	}
	if n.spans[0].SpanID() == n.spans[1].SpanID() || n.spans[0].TraceID() == n.spans[1].TraceID() {
		t.Errorf("two spans have the IDs of one: %v", n.spans)
	}
}
