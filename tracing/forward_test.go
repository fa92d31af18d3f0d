package tracing_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/tracing"
)

func TestForwardedHeaders(t *testing.T) {
	tests := []struct {
		name    string
		forward []string
		in      map[string]string
		want    map[string]string
	}{
		{"Istio's by default", nil,
			map[string]string{"X-Request-Id": "r1", "X-Cloud-Trace-Context": "c", "X-Other": "o", "Authorization": "secret", "Cookie": "secret"},
			map[string]string{"X-Request-Id": "r1", "X-Cloud-Trace-Context": "c"}},
		{"none", []string{}, map[string]string{"X-Request-Id": "r1"}, map[string]string{}},
		{"named", []string{"X-Tenant"}, map[string]string{"X-Request-Id": "r1", "x-tenant": "t"}, map[string]string{"X-Tenant": "t"}},
		{"control characters", nil, map[string]string{"X-Request-Id": "a\nb"}, map[string]string{}},
		{"too long", nil, map[string]string{"X-Request-Id": strings.Repeat("x", 1025)}, map[string]string{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := tracing.NewPropagator(&tracing.Propagation{Forward: test.forward})
			if err != nil {
				t.Fatal(err)
			}
			in, out := make(http.Header), make(http.Header)
			for name, value := range test.in {
				in.Set(name, value)
			}
			p.Inject(p.Extract(t.Context(), propagation.HeaderCarrier(in)), propagation.HeaderCarrier(out))
			got := make(map[string]string)
			for name := range out {
				got[name] = out.Get(name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestForwardIgnoresOtherPropagators uses a context that another propagator
// extracted.
func TestForwardIgnoresOtherPropagators(t *testing.T) {
	all, err := tracing.NewPropagator(nil)
	if err != nil {
		t.Fatal(err)
	}
	none, err := tracing.NewPropagator(&tracing.Propagation{Forward: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	out := propagation.MapCarrier{}
	none.Inject(all.Extract(t.Context(), propagation.MapCarrier{"x-request-id": "r1"}), out)
	if len(out) != 0 {
		t.Errorf("got %v", out)
	}
}

func TestForwardKeepsHeadersAlreadySet(t *testing.T) {
	p, err := tracing.NewPropagator(nil)
	if err != nil {
		t.Fatal(err)
	}
	out := propagation.MapCarrier{"x-request-id": "mine"}
	p.Inject(p.Extract(t.Context(), propagation.MapCarrier{"x-request-id": "theirs"}), out)
	if out["x-request-id"] != "mine" {
		t.Errorf("got %v", out)
	}
}
