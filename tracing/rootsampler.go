package tracing

import (
	"log/slog"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/internal/guard"
)

// rootSampler is [Sampling.Root]. It keeps a panic from the request whose trace
// begins, and samples the trace then, as without a Root.
type rootSampler struct {
	own         sdktrace.Sampler
	description string
	panics      *failureLog
}

// newRootSampler returns the SDK's sampler of all traces if there is no other.
func newRootSampler(own sdktrace.Sampler, logger *slog.Logger) sdktrace.Sampler {
	if own == nil {
		return sdktrace.AlwaysSample()
	}
	s := &rootSampler{own: own, description: "Root", panics: &failureLog{logger: logger, of: "Sampling.Root"}}
	s.panics.note(guard.Call(func() { s.description = own.Description() }))
	return s
}

// ShouldSample decides about a span.
func (s *rootSampler) ShouldSample(p sdktrace.SamplingParameters) (result sdktrace.SamplingResult) {
	if err := guard.Call(func() { result = s.own.ShouldSample(p) }); err != nil {
		s.panics.note(err)
		return sdktrace.AlwaysSample().ShouldSample(p)
	}
	return result
}

// Description returns the sampler's description when the tracing started.
func (s *rootSampler) Description() string { return s.description }
