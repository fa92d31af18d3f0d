package middleware

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/propagation"
)

// TestHeaderCarrier compares the carrier with OpenTelemetry's, by names that it
// knows and others, in any case.
func TestHeaderCarrier(t *testing.T) {
	names := []string{"traceparent", "Traceparent", "TRACESTATE", "baggage", "b3", "X-B3-TraceId", "uber-trace-id", "x-own", "not a name", ""}
	h := http.Header{
		"Traceparent": {"one", "two"}, "Baggage": {"a=b", "c=d"}, "B3": {}, "X-B3-Traceid": {"3"},
		"X-Own": {"4"}, "traceparent": {"not canonical, so nobody reads it"},
	}
	ours, theirs := headerCarrier(h), propagation.HeaderCarrier(h)
	for _, name := range names {
		if got, want := ours.Get(name), theirs.Get(name); got != want {
			t.Errorf("Get(%q): got %q, want %q", name, got, want)
		}
		if got, want := ours.Values(name), theirs.Values(name); !slices.Equal(got, want) {
			t.Errorf("Values(%q): got %q, want %q", name, got, want)
		}
	}
	written, wanted := headerCarrier{}, propagation.HeaderCarrier{}
	for _, name := range names {
		written.Set(name, "v")
		wanted.Set(name, "v")
	}
	if diff := cmp.Diff(map[string][]string(wanted), map[string][]string(written)); diff != "" {
		t.Errorf("Set (-want +got):\n%s", diff)
	}
	got, want := ours.Keys(), theirs.Keys()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("Keys: got %q, want %q", got, want)
	}
}

func TestHeaderCarrierDoesNotAllocate(t *testing.T) {
	all := propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
	carrier := headerCarrier{"Accept": {"*/*"}}
	if got := testing.AllocsPerRun(1000, func() { all.Extract(t.Context(), carrier) }); got != 0 {
		t.Errorf("got %v allocations for a request without a caller's span, want 0", got)
	}
}
