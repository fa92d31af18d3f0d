package tracing_test

import (
	"context"
	"encoding/binary"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// A team keeps its own TracerProvider and uses the delivery of this package,
// which outlasts an outage of the receiver and counts each span.
func ExampleNewProcessor() {
	var jaeger tracingtest.Receiver // instead of the real one
	processor, err := tracing.NewProcessor(
		[]tracing.Exporter{otlp.Exporter(&otlp.Options{Endpoint: "http://jaeger:4318", Transport: &jaeger})},
		&tracing.ProcessorOptions{
			// Nil reads the environment of the process.
			LookupEnv: func(string) (string, bool) { return "", false },
		})
	if err != nil {
		fmt.Println(err)
	}
	sampling := tracing.Sampling{} // samples every trace that begins here
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sampling.Sampler()),
		sdktrace.WithSpanProcessor(processor),
	)
	_, span := provider.Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	span.End()

	fmt.Println("lost:", processor.Shutdown(context.Background()))
	fmt.Println("shutdown:", provider.Shutdown(context.Background()))
	for _, s := range processor.Stats() {
		fmt.Println(s)
	}
	fmt.Println(jaeger.Spans()[0].Name)
	// Output:
	// lost: <nil>
	// shutdown: <nil>
	// otlp: 1 accepted: 1 done, 0 queued, 0 dropped, 0 failed
	// GET /users/{userid}
}

// B3 lets a caller deny the sampling without a trace. The SDK's samplers do not
// see this decision.
func ExampleSampling_Sampler() {
	propagator, err := tracing.NewPropagator(nil)
	if err != nil {
		fmt.Println(err)
	}
	sampling := tracing.Sampling{Root: sdktrace.AlwaysSample()}
	provider := sdktrace.NewTracerProvider(sdktrace.WithSampler(sampling.Sampler()))
	for _, headers := range []propagation.MapCarrier{{}, {"x-b3-sampled": "0"}} {
		ctx := propagator.Extract(context.Background(), headers)
		_, span := provider.Tracer("example.com/users").Start(ctx, "GET /users/{userid}")
		fmt.Println(headers, "sampled:", span.SpanContext().IsSampled())
	}
	// Output:
	// map[] sampled: true
	// map[x-b3-sampled:0] sampled: false
}

// tenants copies the caller's tenant from the baggage into each span.
type tenants struct{}

func (tenants) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	s.SetAttributes(attribute.String("tenant", baggage.FromContext(ctx).Member("tenant").Value()))
}
func (tenants) OnEnd(s sdktrace.ReadOnlySpan) {
	fmt.Println(s.Name(), s.Attributes()[0].Value.AsString())
}
func (tenants) ForceFlush(context.Context) error { return nil }
func (tenants) Shutdown(context.Context) error   { return nil }

// numbered makes trace IDs that begin with the number of a cell.
type numbered struct {
	cell uint32
	next uint64
}

func (n *numbered) NewIDs(ctx context.Context) (id trace.TraceID, span trace.SpanID) {
	binary.BigEndian.PutUint32(id[:], n.cell)
	span = n.NewSpanID(ctx, id)
	copy(id[8:], span[:])
	return id, span
}

func (n *numbered) NewSpanID(context.Context, trace.TraceID) (id trace.SpanID) {
	n.next++ // a real generator locks, and does not repeat IDs after a restart
	binary.BigEndian.PutUint64(id[:], n.next)
	return id
}

// Processors and an ID generator of the program work in the provider of Start.
func ExampleOptions() {
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Processors:  []sdktrace.SpanProcessor{tenants{}},
		IDGenerator: &numbered{cell: 0xce11},
		LookupEnv:   func(string) (string, bool) { return "", false },
	})
	if err != nil {
		fmt.Println(err)
	}
	headers := propagation.MapCarrier{"baggage": "tenant=acme"}
	ctx := p.Propagator().Extract(context.Background(), headers)
	_, span := p.TracerProvider().Tracer("example.com/users").Start(ctx, "GET /users/{userid}")
	span.End()
	fmt.Println(span.SpanContext().TraceID())
	_ = p.Shutdown(context.Background())
	// Output:
	// GET /users/{userid} acme
	// 0000ce11000000000000000000000001
}
