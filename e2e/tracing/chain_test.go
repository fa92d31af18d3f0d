package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
	zipkinexport "github.com/sligo-go/sligo/tracing/zipkin"
)

// store is Jaeger or Zipkin.
type store interface {
	trace(id string) ([]stored, error)
	dependencies() (calls, error)
}

// TestChain sends requests through three services and reads the traces back.
func TestChain(t *testing.T) {
	j, z := newJaeger(t), newZipkin(t)
	if err := errors.Join(j.start(), z.start()); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		sampling tracing.Sampling
		user     string
		export   []tracing.Exporter
		stores   []store
	}{
		{"otlp to Jaeger and zipkin to Zipkin", tracing.Sampling{}, "lora", []tracing.Exporter{
			otlp.Exporter(&otlp.Options{Endpoint: j.otlp, Gzip: true}), zipkinexport.Exporter(&zipkinexport.Options{Endpoint: z.url}),
		}, []store{j, z}},
		{"otlp in JSON to Jaeger", tracing.Sampling{}, "lora", []tracing.Exporter{otlp.Exporter(&otlp.Options{Endpoint: j.otlp, Protocol: otlp.ProtocolJSON})}, []store{j}},
		{"otlpgrpc to Jaeger", tracing.Sampling{}, "lora", []tracing.Exporter{otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: j.otlpgrpc})}, []store{j}},
		{"zipkin to Jaeger", tracing.Sampling{}, "lora", []tracing.Exporter{zipkinexport.Exporter(&zipkinexport.Options{Endpoint: j.zipkin, Gzip: true})}, []store{j}},
		{"an error that is not sampled", tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}}, "nobody", []tracing.Exporter{
			otlp.Exporter(&otlp.Options{Endpoint: j.otlp}), zipkinexport.Exporter(&zipkinexport.Options{Endpoint: z.url, Gzip: true}),
		}, []store{j, z}},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			prefix := fmt.Sprintf("chain%d-", i)
			c := newChain(t, prefix, func() *tracing.Options {
				return &tracing.Options{Exporters: test.export, Sampling: test.sampling, LookupEnv: nothing}
			})
			id := c.request(t, test.user)
			if err := c.shutdown(patient(t)); err != nil {
				t.Fatal(err)
			}
			if c.requestID != "abc-123" {
				t.Errorf("the request ID arrived as %q", c.requestID)
			}
			for _, store := range test.stores {
				checkStored(t, store, prefix, id)
			}
		})
	}
}

// patient returns the context of a shutdown that a busy machine may delay by
// more than the default of 5 s.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func nothing(string) (string, bool) { return "", false }

// checkStored checks the tree of a trace and the graph of its services.
func checkStored(t *testing.T, s store, prefix, id string) {
	t.Helper()
	want := strings.ReplaceAll(`%shop: GET /profile/{userid}
  %shop: shop.Orders/List
    %orders: shop.Orders/List
      %orders: GET /users/{userid}
        %users: GET /users/{userid}
`, "%", prefix)
	wantCalls := calls{prefix + "shop -> " + prefix + "orders": 1, prefix + "orders -> " + prefix + "users": 1}
	err := eventually(func() error {
		spans, err := s.trace(id)
		if err != nil {
			return err
		}
		// Zipkin's names are in lower case.
		if diff := cmp.Diff(strings.ToLower(want), strings.ToLower(tree(spans))); diff != "" {
			return fmt.Errorf("the tree in %T (-want +got):\n%s", s, diff)
		}
		all, err := s.dependencies()
		if diff := cmp.Diff(wantCalls, all.of(prefix)); diff != "" {
			return errors.Join(err, fmt.Errorf("the calls in %T (-want +got):\n%s", s, diff))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
