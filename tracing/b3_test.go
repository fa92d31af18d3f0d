package tracing_test

import (
	"context"
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
