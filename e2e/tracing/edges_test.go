package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
	zipkinexport "github.com/sligo-go/sligo/tracing/zipkin"
)

// TestEdges reads the graph that Zipkin draws of two services, a topic between
// them, and callees without traces.
func TestEdges(t *testing.T) {
	z := newZipkin(t)
	if err := z.start(); err != nil {
		t.Fatal(err)
	}
	begin := func(service string) *tracing.Provider {
		p, err := tracing.Start(t.Context(), service, &tracing.Options{
			Exporters: []tracing.Exporter{zipkinexport.Exporter(&zipkinexport.Options{Endpoint: z.url})}, LookupEnv: nothing})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	shop, mailer := begin("edges-shop"), begin("edges-mailer")
	span := func(ctx context.Context, p *tracing.Provider, kind trace.SpanKind, name, value string) context.Context {
		ctx, s := p.TracerProvider().Tracer("t").Start(ctx, "a", trace.WithSpanKind(kind), trace.WithAttributes(attribute.String(name, value)))
		s.End()
		return ctx
	}
	ctx := span(t.Context(), shop, trace.SpanKindProducer, "messaging.destination.name", "edges-topic")
	ctx = span(ctx, mailer, trace.SpanKindConsumer, "messaging.destination.name", "edges-topic")
	span(ctx, mailer, trace.SpanKindClient, "server.address", "10.0.0.1")
	span(ctx, mailer, trace.SpanKindClient, "db.system.name", "redis")
	span(t.Context(), mailer, trace.SpanKindConsumer, "messaging.destination", "edges-old-topic")
	span(t.Context(), mailer, trace.SpanKindServer, "peer.service", "edges-partner")
	if err := errors.Join(shop.Shutdown(patient(t)), mailer.Shutdown(patient(t))); err != nil {
		t.Fatal(err)
	}
	want := calls{
		"edges-shop -> edges-topic":       1,
		"edges-topic -> edges-mailer":     1,
		"edges-old-topic -> edges-mailer": 1,
		"edges-partner -> edges-mailer":   1,
		"edges-mailer -> 10.0.0.1":        1,
		"edges-mailer -> redis":           1,
	}
	err := eventually(func() error {
		all, err := z.dependencies()
		if diff := cmp.Diff(want, all.of("edges-")); diff != "" {
			return errors.Join(err, fmt.Errorf("the edges (-want +got):\n%s", strings.TrimSpace(diff)))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
