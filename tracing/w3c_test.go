package tracing_test

import (
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
)

// TestFlags checks the flags with which a trace continues in the next service.
func TestFlags(t *testing.T) {
	const ids = trace1 + "-" + span1
	tests := []struct{ in, want string }{ // want is "" for a new trace
		{"00-" + ids + "-00", "00"},
		{"00-" + ids + "-01", "01"},
		{"00-" + ids + "-02", "02"},
		{"00-" + ids + "-03", "03"},
		{"00-" + ids + "-04", "00"},
		{"00-" + ids + "-ff", "03"},
		{"00-" + ids + "-a1", "01"},
		{"01-" + ids + "-03", "03"},
		{"cc-" + ids + "-07-later", "03"},
		{"00-" + ids + "-FF", ""},
		{"00-" + ids + "-0g", ""},
		{"00-" + ids + "-3", ""},
		{"00-" + ids + "-03-more", ""},
		{"ff-" + ids + "-03", ""},
		{"00-" + ids, ""},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			tr := start(t, &tracing.Options{})
			ctx, s := tr.TracerProvider().Tracer("t").Start(
				tr.Propagator().Extract(t.Context(), propagation.MapCarrier{"traceparent": test.in}), "a")
			defer s.End()
			out := propagation.MapCarrier{}
			tr.Propagator().Inject(ctx, out)
			want := "00-" + trace1 + "-" + s.SpanContext().SpanID().String() + "-" + test.want
			if continued := s.SpanContext().TraceID().String() == trace1; continued != (test.want != "") || continued && out["traceparent"] != want {
				t.Errorf("the next service gets %s, want flags %q", out["traceparent"], test.want)
			}
		})
	}
}

// TestTracestateInSeveralHeaders reads the headers of HTTP and of gRPC.
func TestTracestateInSeveralHeaders(t *testing.T) {
	tests := []struct {
		name string
		in   []string
		want string
	}{
		{"none", nil, ""},
		{"one", []string{"a=1,b=2"}, "a=1,b=2"},
		{"two", []string{"a=1", "b=2"}, "a=1,b=2"},
		{"with empty ones", []string{"", "a=1", " ", "b=2, c=3", ""}, "a=1,b=2,c=3"},
		{"malformed", []string{"a=1", "b"}, ""},
		{"too long", []string{"a=1", strings.Repeat("b", 1<<20)}, ""},
	}
	p, err := tracing.NewPropagator(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, carrier := range []propagation.TextMapCarrier{
				propagation.HeaderCarrier(http.Header{"Traceparent": {traceparent}, "Tracestate": test.in}),
				tracing.MetadataCarrier{"traceparent": {traceparent}, "tracestate": test.in},
			} {
				sc := trace.SpanContextFromContext(p.Extract(t.Context(), carrier))
				if got := sc.TraceState().String(); got != test.want || sc.TraceID().String() != trace1 {
					t.Errorf("%T: got %q of trace %s, want %q", carrier, got, sc.TraceID(), test.want)
				}
			}
		})
	}
}
