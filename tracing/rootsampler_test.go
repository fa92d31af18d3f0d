package tracing_test

import (
	"log/slog"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
)

// brokenSampler panics with a value for the spans that begin so.
type brokenSampler struct {
	prefix string
	value  any
}

func (b *brokenSampler) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	if strings.HasPrefix(p.Name, b.prefix) {
		panic(b.value)
	}
	return sdktrace.NeverSample().ShouldSample(p)
}

func (b *brokenSampler) Description() string { return "broken" + b.prefix }

// undescribed panics if it is described.
type undescribed struct{ sdktrace.Sampler }

func (undescribed) Description() string { panic("description") }

// badText is a value whose text panics.
type badText struct{}

func (badText) String() string { panic("String") }

// TestRootPanics checks that a root sampler that panics costs no request, that
// the trace is sampled unless its caller denies that, and that the log has one
// line.
func TestRootPanics(t *testing.T) {
	caller := func(flags string) propagation.MapCarrier {
		return propagation.MapCarrier{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-" + flags}
	}
	tests := []struct {
		name  string
		root  sdktrace.Sampler
		in    propagation.MapCarrier
		want  bool
		error string // in the log, "" for no line
	}{
		{"always", &brokenSampler{"", "no rule"}, nil, true, `error="panic: no rule"`},
		{"for this name", &brokenSampler{"GET", "no rule"}, nil, true, `error="panic: no rule"`},
		{"for another name", &brokenSampler{"POST", "no rule"}, nil, false, ""},
		{"nil", &brokenSampler{"", nil}, nil, true, "error="},
		{"a value without a text", &brokenSampler{"", badText{}}, nil, true, "error="},
		{"a nil pointer", (*brokenSampler)(nil), nil, true, "nil pointer"},
		{"deferred", &brokenSampler{"", "no rule"}, multi(), true, "no rule"},
		{"denied by the caller", &brokenSampler{"", "no rule"}, caller("00"), false, ""},
		{"sampled by the caller", &brokenSampler{"", "no rule"}, caller("01"), true, ""},
		{"description", undescribed{sdktrace.NeverSample()}, nil, false, `error="panic: description"`},
		{"description of one that samples", undescribed{sdktrace.AlwaysSample()}, nil, true, `error="panic: description"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log strings.Builder
			tr := start(t, &tracing.Options{
				Sampling: tracing.Sampling{Root: test.root},
				Logger:   slog.New(slog.NewTextHandler(&log, nil)),
			})
			for range 3 {
				_, s := tr.TracerProvider().Tracer("t").Start(tr.Propagator().Extract(t.Context(), test.in), "GET /users")
				if s.End(); s.SpanContext().IsSampled() != test.want || !s.SpanContext().IsValid() {
					t.Errorf("sampled %t, want %t", !test.want, test.want)
				}
			}
			got := log.String()
			if lines := strings.Count(got, "option=Sampling.Root"); lines != min(1, len(test.error)) || !strings.Contains(got, test.error) {
				t.Errorf("logged %s", got)
			}
		})
	}
}

// TestRootPanicsElsewhere checks the other samplers that contain a Root.
func TestRootPanicsElsewhere(t *testing.T) {
	broken := &brokenSampler{"", "no rule"}
	for name, sampling := range map[string]*tracing.Sampling{
		"head": {Root: broken}, "tail": {Root: broken, Tail: &tracing.Tail{}},
		"nil pointer": {Root: (*brokenSampler)(nil)}, "description": {Root: undescribed{broken}},
	} {
		t.Run(name, func(t *testing.T) {
			own := sdktrace.NewTracerProvider(sdktrace.WithSampler(sampling.Sampler()))
			tr := start(t, &tracing.Options{Sampling: *sampling, Logger: slog.New(slog.DiscardHandler)})
			for whose, p := range map[string]trace.TracerProvider{"the program": own, "the package": tr.TracerProvider()} {
				_, s := p.Tracer("t").Start(t.Context(), "a")
				if s.End(); !s.SpanContext().IsSampled() {
					t.Errorf("the tracers of %s do not sample", whose)
				}
			}
		})
	}
}
