package tracing

import (
	"cmp"
	"math"
	"strconv"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Sampling says which spans are recorded. The zero value and its zero fields mean the defaults: all
// traces that begin here, and of others those that the caller samples.
type Sampling struct {
	// Root decides about traces that begin here, and about those whose caller left it to us, as B3
	// allows; nil means all. For one in a hundred it is sdktrace.TraceIDRatioBased(0.01). A
	// caller's decision is honoured, so that traces are whole. OTEL_TRACES_SAMPLER and
	// OTEL_TRACES_SAMPLER_ARG override it.
	Root sdktrace.Sampler

	// Tail, if not nil, keeps the spans of requests that went wrong although they are not sampled.
	Tail *Tail

	// Limits bound what a span holds; nil and zero fields mean 128 attributes, events and links, and
	// 4096 characters of each text value, so that a batch is not more than a receiver takes. A
	// negative field means no bound.
	// OpenTelemetry's variables (OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT
	// and so on) override single limits.
	Limits *sdktrace.SpanLimits
}

// rootSampler returns the sampler for traces that begin here, and whether callers' decisions are
// honoured, as OTEL_TRACES_SAMPLER or else the config say.
func (s *Sampling) rootSampler(r *env.Reader) (root sdktrace.Sampler, parentBased bool) {
	name, set := r.Word("OTEL_TRACES_SAMPLER")
	ratio := samplerRatio(r)
	switch name {
	case "always_on":
		return sdktrace.AlwaysSample(), false
	case "always_off":
		return sdktrace.NeverSample(), false
	case "traceidratio":
		return sdktrace.TraceIDRatioBased(ratio), false
	case "parentbased_always_on":
		return sdktrace.AlwaysSample(), true
	case "parentbased_always_off":
		return sdktrace.NeverSample(), true
	case "parentbased_traceidratio":
		return sdktrace.TraceIDRatioBased(ratio), true
	}
	if set {
		r.Reject("OTEL_TRACES_SAMPLER", "%q is not one of always_on, always_off, traceidratio, "+
			"parentbased_always_on, parentbased_always_off, parentbased_traceidratio", name)
	}
	if s.Root == nil {
		return sdktrace.AlwaysSample(), true
	}
	return s.Root, true
}

// samplerRatio returns OTEL_TRACES_SAMPLER_ARG, 1 if that is not set.
func samplerRatio(r *env.Reader) float64 {
	value, ok := r.String("OTEL_TRACES_SAMPLER_ARG")
	if !ok {
		return 1
	}
	ratio, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(ratio) || ratio < 0 || ratio > 1 {
		r.Reject("OTEL_TRACES_SAMPLER_ARG", "%q is not a ratio from 0 to 1", value)
	}
	return ratio
}

func (s *Sampling) limits(r *env.Reader) sdktrace.SpanLimits {
	var l sdktrace.SpanLimits
	if s.Limits != nil {
		l = *s.Limits
	}
	// Zero would mean none, as it does in the environment.
	l.AttributeValueLengthLimit = cmp.Or(l.AttributeValueLengthLimit, 4096)
	l.AttributeCountLimit = cmp.Or(l.AttributeCountLimit, sdktrace.DefaultAttributeCountLimit)
	l.EventCountLimit = cmp.Or(l.EventCountLimit, sdktrace.DefaultEventCountLimit)
	l.LinkCountLimit = cmp.Or(l.LinkCountLimit, sdktrace.DefaultLinkCountLimit)
	l.AttributePerEventCountLimit = cmp.Or(l.AttributePerEventCountLimit, sdktrace.DefaultAttributePerEventCountLimit)
	l.AttributePerLinkCountLimit = cmp.Or(l.AttributePerLinkCountLimit, sdktrace.DefaultAttributePerLinkCountLimit)
	r.Int(&l.AttributeValueLengthLimit, 0, math.MaxInt32, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT")
	r.Int(&l.AttributeCountLimit, 0, math.MaxInt32, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT")
	r.Int(&l.EventCountLimit, 0, math.MaxInt32, "OTEL_SPAN_EVENT_COUNT_LIMIT")
	r.Int(&l.LinkCountLimit, 0, math.MaxInt32, "OTEL_SPAN_LINK_COUNT_LIMIT")
	r.Int(&l.AttributePerEventCountLimit, 0, math.MaxInt32, "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT")
	r.Int(&l.AttributePerLinkCountLimit, 0, math.MaxInt32, "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT")
	return l
}

// sampler honours the decision of the caller, B3's ways to say it included, and asks root about
// what the caller left open.
type sampler struct {
	root   sdktrace.Sampler
	parent sdktrace.Sampler // decides when there is a parent
}

func newSampler(root sdktrace.Sampler, parentBased bool) sdktrace.Sampler {
	if !parentBased {
		return root
	}
	return sampler{root: root, parent: sdktrace.ParentBased(root)}
}

// ShouldSample decides about a span.
func (s sampler) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	parent := trace.SpanContextFromContext(p.ParentContext)
	w := wishFrom(p.ParentContext)
	switch {
	case w == deferred && parent.IsRemote():
		return s.root.ShouldSample(p)
	case w == denied && !parent.IsValid():
		return sdktrace.NeverSample().ShouldSample(p)
	case w == accepted && !parent.IsValid():
		return sdktrace.AlwaysSample().ShouldSample(p)
	}
	return s.parent.ShouldSample(p)
}

// Description names the sampler.
func (s sampler) Description() string { return s.parent.Description() }
