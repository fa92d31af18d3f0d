package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/tracingtest"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

// One service sends its spans to Jaeger and to Zipkin.
func ExampleStart() {
	var jaeger, oldZipkin tracingtest.Receiver // stand for the two
	t, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{
			otlp.Exporter(&otlp.Options{Endpoint: "http://jaeger:4318", Transport: &jaeger}),
			zipkin.Exporter(&zipkin.Options{Endpoint: "http://zipkin:9411", Transport: &oldZipkin}),
		},
		LookupEnv: func(string) (string, bool) { return "", false }, // or nil, for the process's
	})
	if err != nil {
		fmt.Println(err)
	}
	_, span := t.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	span.End()

	fmt.Println("lost:", t.Shutdown(context.Background()))
	for _, s := range t.Stats() {
		fmt.Printf("%s: %d ended, %d exported\n", s.Exporter, s.Ended, s.Exported)
	}
	fmt.Println(jaeger.Spans()[0].Name, oldZipkin.Spans()[0].Name)
	// Output:
	// lost: <nil>
	// otlp: 1 ended, 1 exported
	// zipkin: 1 ended, 1 exported
	// GET /users/{userid} get /users/{userid}
}

// Every mistake is reported at once, and what comes with them can be used.
func ExampleStart_mistakes() {
	env := map[string]string{"OTEL_BSP_SCHEDULE_DELAY": "5s", "OTEL_PROPAGATORS": "w3c", "OTEL_EXPORTER_OTLP_ENDPOINT": "jaeger:4318"}
	t, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(nil)},
		Batch:     tracing.Batch{Queue: -1},
		LookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	})
	fmt.Println(err)
	_, span := t.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	fmt.Println("records:", span.IsRecording())
	// Output:
	// Batch.Queue: -1 is not from 1 to 1048576
	// OTEL_BSP_SCHEDULE_DELAY: "5s" is not a whole number of milliseconds from 1 to 86400000
	// OTEL_PROPAGATORS: "w3c" is not one of tracecontext, baggage, b3, b3multi, none
	// otlp.OTEL_EXPORTER_OTLP_ENDPOINT: "jaeger:4318" does not begin with http:// or https://: want a URL like "http://jaeger:4318"
	// records: false
}

// In a mesh whose proxies speak B3 their spans are the parents, even if a client sends a traceparent.
func ExampleNewPropagator() {
	propagator, err := tracing.NewPropagator(&tracing.Propagation{Mesh: tracing.MeshB3})
	if err != nil {
		fmt.Println(err)
	}
	inbound := http.Header{
		"Traceparent":  {"00-11111111111111111111111111111111-1111111111111111-01"},
		"X-B3-Traceid": {"33333333333333333333333333333333"},
		"X-B3-Spanid":  {"3333333333333333"},
		"X-B3-Sampled": {"1"},
		"X-Request-Id": {"abc-123"},
	}
	outbound := make(http.Header)
	ctx := propagator.Extract(context.Background(), propagation.HeaderCarrier(inbound))
	propagator.Inject(ctx, propagation.HeaderCarrier(outbound))
	fmt.Println(outbound.Get("Traceparent"))
	fmt.Println(outbound.Get("X-B3-Traceid"))
	fmt.Println(outbound.Get("X-Request-Id"))
	// Output:
	// 00-33333333333333333333333333333333-3333333333333333-01
	// 33333333333333333333333333333333
	// abc-123
}

// One trace in a hundred is sampled, and with it every request that fails.
func ExampleTail() {
	var jaeger tracingtest.Receiver
	t, _ := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: &jaeger})},
		Sampling:  tracing.Sampling{Root: sdktrace.TraceIDRatioBased(0), Tail: &tracing.Tail{}},
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	tracer := t.TracerProvider().Tracer("example.com/users")
	for _, err := range []error{nil, errors.New("no connection"), nil} {
		ctx, span := tracer.Start(context.Background(), "GET /users/{userid}")
		tracing.RecordError(ctx, err)
		span.End()
	}
	_ = t.Shutdown(context.Background())
	fmt.Println(len(jaeger.Spans()), "of 3 requests have a trace")
	// Output: 1 of 3 requests have a trace
}
