package tracing

import (
	"cmp"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing/internal/env"
)

// Sampling selects the spans to record. The zero value and its zero fields
// mean the defaults: every trace that begins in this process is sampled, and
// any other trace if its caller samples it.
type Sampling struct {
	// Root decides about traces that begin here, and about those whose caller
	// deferred the decision, as B3 allows. Nil samples all; to sample one in a
	// hundred, use sdktrace.TraceIDRatioBased(0.01). The decision of a caller
	// is honored, so that traces are complete. If Root panics, the trace is
	// sampled, and a line a minute is logged. OTEL_TRACES_SAMPLER and
	// OTEL_TRACES_SAMPLER_ARG override Root.
	Root sdktrace.Sampler

	// Tail keeps the spans of failed requests although they are not sampled.
	// Nil keeps none of them.
	Tail *Tail

	// Limits bound the contents of a span. Nil and zero fields mean 128
	// attributes, events and links, and 4096 characters for each text value, so
	// that a batch does not exceed a receiver's limit. The limit of text values
	// also holds for the attributes of events and links and, if it is at least
	// 4096, for names and the status. A negative field means no limit.
	// OpenTelemetry's variables, such as OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT
	// and OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT, override single limits.
	Limits *sdktrace.SpanLimits
}

// Sampler returns the sampler for a TracerProvider that the program makes. It
// honors the decisions of callers, and has all spans recorded if there is a
// Tail. It ignores the environment and the Limits, and logs to slog.Default. A
// nil *Sampling means the defaults.
func (s *Sampling) Sampler() sdktrace.Sampler {
	var root sdktrace.Sampler
	if s != nil {
		root = s.Root
	}
	sampler := newSampler(newRootSampler(root, slog.Default()), true)
	if s != nil && s.Tail != nil {
		return sdktrace.AlwaysRecord(sampler)
	}
	return sampler
}

// rootSampler returns the sampler for traces that begin here, and reports
// whether the decisions of callers are honored. OTEL_TRACES_SAMPLER overrides
// both.
func (s *Sampling) rootSampler(r *env.Reader, logger *slog.Logger) (root sdktrace.Sampler, parentBased bool) {
	parentBased = true
	ratio := samplerRatio(r)
	r.Parse([]string{"OTEL_TRACES_SAMPLER"}, func(value string) error {
		name, based := strings.CutPrefix(strings.ToLower(value), "parentbased_")
		switch name {
		case "always_on":
			root = sdktrace.AlwaysSample()
		case "always_off":
			root = sdktrace.NeverSample()
		case "traceidratio":
			root = sdktrace.TraceIDRatioBased(ratio)
		default:
			return fmt.Errorf("invalid sampler %q: want one of always_on, always_off, traceidratio, "+
				"parentbased_always_on, parentbased_always_off, parentbased_traceidratio", value)
		}
		parentBased = based
		return nil
	})
	if root == nil {
		root = newRootSampler(s.Root, logger)
	}
	return root, parentBased
}

// samplerRatio returns OTEL_TRACES_SAMPLER_ARG, or 1 if it is not set.
func samplerRatio(r *env.Reader) float64 {
	ratio := 1.0
	r.Parse([]string{"OTEL_TRACES_SAMPLER_ARG"}, func(value string) error {
		f, err := strconv.ParseFloat(value, 64)
		if err != nil || !(0 <= f && f <= 1) {
			return fmt.Errorf("invalid ratio %q: want a number from 0 to 1", value)
		}
		ratio = f
		return nil
	})
	return ratio
}

// limits returns the limits after the defaults and the environment are applied.
func (s *Sampling) limits(r *env.Reader) sdktrace.SpanLimits {
	var l sdktrace.SpanLimits
	if s.Limits != nil {
		l = *s.Limits
	}
	// The SDK and the environment would take zero to mean that nothing is kept.
	l.AttributeValueLengthLimit = cmp.Or(l.AttributeValueLengthLimit, 4096)
	l.AttributeCountLimit = cmp.Or(l.AttributeCountLimit, sdktrace.DefaultAttributeCountLimit)
	l.EventCountLimit = cmp.Or(l.EventCountLimit, sdktrace.DefaultEventCountLimit)
	l.LinkCountLimit = cmp.Or(l.LinkCountLimit, sdktrace.DefaultLinkCountLimit)
	l.AttributePerEventCountLimit = cmp.Or(l.AttributePerEventCountLimit, sdktrace.DefaultAttributePerEventCountLimit)
	l.AttributePerLinkCountLimit = cmp.Or(l.AttributePerLinkCountLimit, sdktrace.DefaultAttributePerLinkCountLimit)
	limit := func(p *int, names ...string) { r.Int(p, 0, math.MaxInt32, names...) }
	limit(&l.AttributeValueLengthLimit, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT")
	limit(&l.AttributeCountLimit, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT")
	limit(&l.EventCountLimit, "OTEL_SPAN_EVENT_COUNT_LIMIT")
	limit(&l.LinkCountLimit, "OTEL_SPAN_LINK_COUNT_LIMIT")
	limit(&l.AttributePerEventCountLimit, "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT")
	limit(&l.AttributePerLinkCountLimit, "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT")
	return l
}

// isNever reports whether a sampler samples and records no span.
func isNever(s sdktrace.Sampler) bool {
	return s.Description() == sdktrace.NeverSample().Description()
}

// recordsRoots reports whether a sampler is known to record all traces that
// begin here.
func recordsRoots(s sdktrace.Sampler) bool {
	description := s.Description()
	for _, root := range []sdktrace.Sampler{sdktrace.AlwaysSample(), sdktrace.TraceIDRatioBased(1)} {
		if description == root.Description() || description == sdktrace.ParentBased(root).Description() {
			return true
		}
	}
	return strings.HasPrefix(description, "AlwaysRecord{")
}

// sampler honors the decision of the caller, including those that only B3 can
// express, and leaves deferred decisions to root.
type sampler struct {
	root   sdktrace.Sampler
	parent sdktrace.Sampler // decides if there is a parent
}

func newSampler(root sdktrace.Sampler, parentBased bool) sdktrace.Sampler {
	if !parentBased {
		return root
	}
	return &sampler{root: root, parent: sdktrace.ParentBased(root)}
}

// ShouldSample decides about a span.
func (s *sampler) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	parent := trace.SpanContextFromContext(p.ParentContext)
	w := wishFrom(p.ParentContext)
	switch {
	case w == deferred && parent.IsRemote():
		return s.root.ShouldSample(p)
	case w == denied && !parent.IsValid():
		return sdktrace.NeverSample().ShouldSample(p)
	case w == accepted && !parent.IsValid():
		return sdktrace.AlwaysSample().ShouldSample(p)
	case !parent.IsValid():
		return s.root.ShouldSample(p) // as s.parent does
	}
	return s.parent.ShouldSample(p)
}

// Description returns the description of the SDK's parent-based sampler.
func (s *sampler) Description() string { return s.parent.Description() }
