package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/tracingtest"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

// One service sends its spans to Jaeger and to Zipkin.
func ExampleStart() {
	var jaeger, oldZipkin tracingtest.Receiver // instead of the real ones
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{
			otlp.Exporter(&otlp.Options{Endpoint: "http://jaeger:4318", Transport: &jaeger}),
			zipkin.Exporter(&zipkin.Options{Endpoint: "http://zipkin:9411", Transport: &oldZipkin}),
		},
		// Nil reads the environment of the process.
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		fmt.Println(err)
	}
	_, span := p.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	span.End()

	fmt.Println("lost:", p.Shutdown(context.Background()))
	for _, s := range p.Stats() {
		fmt.Println(s.Exporter, s.Counts)
	}
	fmt.Println(jaeger.Spans()[0].Name, oldZipkin.Spans()[0].Name)
	// Output:
	// lost: <nil>
	// otlp 1 accepted: 1 done, 0 queued, 0 dropped, 0 failed
	// zipkin 1 accepted: 1 done, 0 queued, 0 dropped, 0 failed
	// GET /users/{userid} get /users/{userid}
}

// All mistakes are reported at once, one on each line. The provider records and
// exports spans even so: each wrong setting has its default.
func ExampleStart_mistakes() {
	env := map[string]string{"OTEL_BSP_SCHEDULE_DELAY": "5s", "OTEL_PROPAGATORS": "w3c", "OTEL_EXPORTER_OTLP_ENDPOINT": "jaeger:4318"}
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(nil)},
		Batch:     tracing.Batch{Queue: -1},
		LookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	})
	for line := range strings.Lines(err.Error()) {
		path, _, _ := strings.Cut(line, ": ")
		fmt.Println(path)
	}
	_, span := p.TracerProvider().Tracer("example.com/users").Start(context.Background(), "GET /users/{userid}")
	fmt.Println("records:", span.IsRecording())
	// Output:
	// Batch.Queue
	// OTEL_BSP_SCHEDULE_DELAY
	// OTEL_PROPAGATORS
	// OTEL_EXPORTER_OTLP_ENDPOINT
	// records: true
}

// In a mesh whose proxies use B3, the proxies' spans are the parents even if a
// client sends a traceparent.
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

// No trace is sampled, but the spans of a failed request are kept.
func ExampleTail() {
	var jaeger tracingtest.Receiver
	p, _ := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: &jaeger})},
		Sampling:  tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}},
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	tracer := p.TracerProvider().Tracer("example.com/users")
	for _, err := range []error{nil, errors.New("no connection"), nil} {
		ctx, span := tracer.Start(context.Background(), "GET /users/{userid}")
		tracing.RecordError(ctx, err)
		span.End()
	}
	_ = p.Shutdown(context.Background())
	fmt.Println(len(jaeger.Spans()), "of 3 requests have a trace")
	// Output: 1 of 3 requests have a trace
}
