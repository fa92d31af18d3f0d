package otlp_test

import (
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// begin starts tracing that sends its spans to a receiver of OTLP.
func begin(t *testing.T, env ...string) (*tracing.Provider, *tracingtest.Receiver) {
	t.Helper()
	receiver := &tracingtest.Receiver{}
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Endpoint: receiver.URL(t)})},
		LookupEnv: environment(env...),
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr, receiver
}

// TestBytesThatAreNotUTF8LoseNoBatch sends a batch in which one span has such
// bytes in all its texts.
func TestBytesThatAreNotUTF8LoseNoBatch(t *testing.T) {
	tr, receiver := begin(t, "OTEL_RESOURCE_ATTRIBUTES=k%FF=%FF")
	const bad = "curl\xff"
	hostile := trace.WithAttributes(attribute.String("user_agent.original", bad), attribute.Bool(bad, true),
		attribute.StringSlice("slice", []string{"good", bad}))
	for range 400 {
		_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "good")
		s.End()
	}
	scope := tr.TracerProvider().Tracer(bad, trace.WithInstrumentationVersion(bad), trace.WithSchemaURL(bad),
		trace.WithInstrumentationAttributes(attribute.String(bad, bad)))
	ctx, s := scope.Start(t.Context(), bad, hostile)
	s.AddEvent(bad, hostile)
	s.AddLink(trace.Link{SpanContext: trace.SpanContextFromContext(ctx), Attributes: []attribute.KeyValue{attribute.String(bad, bad)}})
	s.SetStatus(codes.Error, bad)
	s.End()
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	spans := receiver.Spans()
	if c := tr.Stats()[0].Counts; c.Done != 401 || len(spans) != 401 {
		t.Fatalf("%d spans received, want 401; %v", len(spans), c)
	}
	if last := spans[400]; last.Name != "curl\uFFFD" {
		t.Errorf("the last span is %+v", last)
	}
}
