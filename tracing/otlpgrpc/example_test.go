package otlpgrpc_test

import (
	"context"
	"fmt"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
)

// The exporter connects when there is a span to send, so a service starts
// even if its receiver is down.
func ExampleExporter() {
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: "http://jaeger.invalid:4317", Gzip: true})},
		// Nil reads the environment of the process.
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	fmt.Println(err)
	fmt.Println(p.Shutdown(context.Background()))
	// Output:
	// <nil>
	// <nil>
}

// A program that links both transports of OTLP sends spans by HTTP, or by gRPC
// if it is started with OTEL_EXPORTER_OTLP_PROTOCOL=grpc.
func ExampleExporter_selectable() {
	env := map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_ENDPOINT": "unix:///run/otlp.sock"}
	p, err := tracing.Start(context.Background(), "users", &tracing.Options{
		Exporters:  []tracing.Exporter{otlp.Exporter(nil)},
		Selectable: []tracing.Exporter{otlpgrpc.Exporter(nil)},
		LookupEnv:  func(name string) (string, bool) { value, ok := env[name]; return value, ok },
	})
	fmt.Println(err)
	fmt.Println(p.Stats())
	_ = p.Shutdown(context.Background())
	// Output:
	// <nil>
	// [otlp: 0 accepted: 0 done, 0 queued, 0 dropped, 0 failed]
}
